"""Lovdata's package of acts, read as a stream: only the acts of the list leave it."""

from __future__ import annotations

import bz2
import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO

from assistant.errors import SourceError
from ingest.copies import extract, write_absent
from ingest.statutes import Package, Statutes

LARGEST_WHOLE = 400_000_000  # bytes unpacked; the acts are about 51 MB, the regulations more
LARGEST_MEMBER = 30_000_000
MOST_MEMBERS = 20_000


class _Counted(io.RawIOBase):
    """A stream that refuses to give more than so many bytes."""

    def __init__(self, inner: IO[bytes], largest: int) -> None:
        self._inner, self._left = inner, largest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._inner.read(min(size, 1_000_000) if size > 0 else 1_000_000)
        self._left -= len(piece)
        if self._left < 0:
            raise SourceError("Pakken fra Lovdata pakker ut til for mye.")
        return piece


def keep_acts(packed: Path, package: Package, statutes: Statutes, out: Path) -> None:
    """Write copies of the wanted acts of a package; raise SourceError and write nothing if it is bad.

    A package without a single act of the list is not the package we asked for.
    """
    wanted = {act.file_name: act.id for act in statutes.wanted_from(package)}
    with tempfile.TemporaryDirectory(prefix="exit-lovdata-") as folder:
        try:
            found = [
                _keep(name, data, Path(folder)) for name, data in _members(packed, set(wanted))
            ]
        except (tarfile.TarError, OSError, EOFError, ValueError) as error:
            raise SourceError("Pakken fra Lovdata er skadet. Hent den på nytt.") from error
        today = date.today()
        done = extract(Path(folder), today.isoformat(), statutes, out, today)
    if not done.written:
        raise SourceError("Pakken fra Lovdata har ingen av lovene i statutes.toml.")
    held = {wanted[path.name] for path in found}
    write_absent(package.id, (set(wanted.values()) - held) | set(done.not_in_force), out)


def acts_hash(package: Package, statutes: Statutes, out: Path) -> str:
    """Return a hash of the acts and §§ that are wanted from a package, and of what `keep_acts` wrote of them.

    It is another when the list has changed, and when a copy in `out` is gone or altered.
    """
    acts = statutes.wanted_from(package)
    wanted = [(act.id, *(section.number for section in act.sections)) for act in acts]
    digest = hashlib.sha256(repr(wanted).encode())
    for name in (f"{package.id}.absent", *(f"{act.id}.json" for act in acts)):
        path = out / name
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _keep(name: str, data: bytes, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _members(packed: Path, names: set[str]) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, content) of the wanted members; links and folders are passed by."""
    with (
        bz2.BZ2File(packed) as unpacked,
        tarfile.open(
            fileobj=_Counted(unpacked, LARGEST_WHOLE),
            mode="r|",
        ) as tar,
    ):
        for number, member in enumerate(tar):
            if number > MOST_MEMBERS:
                raise SourceError("Pakken fra Lovdata har for mange filer.")
            name = PurePosixPath(member.name).name
            if not member.isfile() or name not in names:
                continue
            if member.size > LARGEST_MEMBER:
                raise SourceError(f"{name} i pakken fra Lovdata er for stor.")
            file = tar.extractfile(member)
            if file is not None:
                yield name, file.read(LARGEST_MEMBER + 1)
