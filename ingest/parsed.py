"""Documents as they were read last time, kept by the hash of the file and of the parsers.

A second ingest then reads only what is new. What no file asks for any longer is removed with the next
ingest, so that a document that was taken away is gone from here too.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ingest.parse.chooser import Kind
from ingest.parse.document import Document, ParseProblem
from ingest.parse.guarded import read_guarded
from ingest.parse.wire import packed, unpacked

_PARSERS = Path(__file__).parent / "parse"
_LIBRARIES = ("lxml", "pypdf", "python-docx", "trafilatura")
# An act is read as of a day; tomorrow's reading of the same file may be another.
_DATED: frozenset[Kind] = frozenset({"lovdata"})


@dataclass
class Parsed:
    """The folder of documents read before; without one every file is read anew."""

    folder: Path | None = None
    writes: bool = True  # without, what is here is used and nothing is kept: for a dry run
    asked: set[str] = field(default_factory=set)

    def read(self, kind: Kind, path: Path) -> Document:
        """Return a file's document, from here if it was read before; raises ParseProblem and OSError."""
        if self.folder is None or kind in _DATED:
            return read_guarded(kind, path)
        name = f"{_digest(path, kind)}.json"
        self.asked.add(name)
        kept = _kept(self.folder / name)
        if kept is None:
            kept = read_guarded(kind, path)  # a problem is not kept: the machine may have been busy
            if self.writes:
                _keep(self.folder / name, kept)
        return kept

    def forget_the_rest(self) -> None:
        """Remove what was not asked for since this was made."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name not in self.asked:
                with suppress(OSError):
                    path.unlink()


def _digest(path: Path, kind: Kind) -> str:
    digest = hashlib.sha256(f"{_edition()}\x00{kind}\x00".encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@cache
def _edition() -> str:
    """Return a name for the parsers that changes when they do."""
    digest = hashlib.sha256(" ".join(map(version, _LIBRARIES)).encode())
    for file in sorted(_PARSERS.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _kept(path: Path) -> Document | None:
    try:
        found = unpacked(path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError, ParseProblem):
        return None
    return found if isinstance(found, Document) else None


def _keep(path: Path, document: Document) -> None:
    """Write a document whole or not at all; a full disk only means reading it again next time."""
    half = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(packed(document), encoding="ascii")
        half.replace(path)
    except OSError:
        with suppress(OSError):
            half.unlink()
