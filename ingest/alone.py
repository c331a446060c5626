"""One build at a time: two in the same folder would clear each other away as remains of a kill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import StorageError

_LOCK = "build.lock"
_PATIENCE = 0.5  # seconds: `is_building` may just be asking
_BUSY = "En annen innlesing er i gang i {folder}. Vent til den er ferdig, og prøv igjen."


@contextmanager
def alone(index_dir: Path) -> Iterator[None]:
    """Hold the folder for one build; the system lets go of it when the process ends, however it ends.

    Raises StorageError when another build holds it, OSError when the folder cannot be written.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(index_dir / _LOCK, timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise StorageError(_BUSY.format(folder=index_dir)) from error


def is_building(index_dir: Path) -> bool:
    """Tell whether a build holds the folder now."""
    if not (index_dir / _LOCK).is_file():
        return False
    try:
        with FileLock(index_dir / _LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # a folder that cannot be written is not being built in by us
        return False
