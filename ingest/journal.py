"""Vectors of a build under way, in a file beside it: after a kill the next build need not make them again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.archive.contents import FORMAT
from assistant.archive.vectors import Kind
from assistant.domain import Vector

_HEAD = 4  # bytes that say how long a vector is
_KEY = 16  # bytes that stand for kind and id
_UNIT = 1e-3  # how far from 1 the length of a whole vector may be


class Journal:
    """The vectors made so far; a file of rows, each the key of a text and its vector.

    The file's name stands for the weights, so that only vectors of the same weights are found again.
    """

    def __init__(self, folder: Path, weights: Sequence[str]) -> None:
        """Begin an empty journal in the folder of a build; nothing is written before there is a vector."""
        name = hashlib.sha256("\x00".join((str(FORMAT), *weights)).encode()).hexdigest()[:16]
        self._file = folder / f"vectors-{name}.journal"
        self._rows: dict[bytes, int] = {}
        self._row = np.dtype([])

    def take_over(self, killed: Sequence[Path]) -> None:
        """Go on from the journal of the newest killed build with the same weights, if there is one."""
        for folder in sorted(killed, reverse=True):
            left = folder / self._file.name
            if left.is_file() and left.stat().st_size > _HEAD:
                shutil.copyfile(left, self._file)
                self._read_keys()
                return

    def add(self, kind: Kind, ids: Sequence[str], vectors: Sequence[Vector]) -> None:
        """Write unit vectors down; they are safe from a kill when this returns."""
        if not ids:
            return
        if not self._file.exists():
            self._row = _row(len(vectors[0]))
            self._file.write_bytes(len(vectors[0]).to_bytes(_HEAD, "little"))
        rows = np.zeros(len(ids), self._row)
        rows["key"] = [list(_key(kind, id_)) for id_ in ids]
        rows["vector"] = vectors
        with self._file.open("ab") as file:
            file.write(rows.tobytes())

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, list[float]]:
        """Return the vectors taken over from a killed build, of those ids that it had come to."""
        places = {id_: row for id_ in ids if (row := self._rows.get(_key(kind, id_))) is not None}
        found: dict[str, list[float]] = {}
        if places:
            with self._file.open("rb") as file:
                for id_, row in places.items():
                    file.seek(_HEAD + row * self._row.itemsize)
                    vector = np.fromfile(file, self._row, 1)["vector"][0]
                    # A row that was being written when the power went is no unit vector.
                    if abs(float(np.linalg.norm(vector)) - 1) < _UNIT:
                        found[id_] = vector.tolist()
        return found

    def close(self) -> None:
        """Delete the file: the build is done."""
        self._file.unlink(missing_ok=True)

    def _read_keys(self) -> None:
        """Find the whole rows, and cut off one that was not written to its end."""
        with self._file.open("r+b") as file:
            self._row = _row(int.from_bytes(file.read(_HEAD), "little"))
            size = self._file.stat().st_size - _HEAD
            count = size // self._row.itemsize
            file.truncate(_HEAD + count * self._row.itemsize)
        if count:
            rows = np.memmap(self._file, self._row, "r", _HEAD, (count,))
            self._rows = {key.tobytes(): place for place, key in enumerate(rows["key"])}


def _row(width: int) -> np.dtype[np.void]:
    return np.dtype([("key", np.uint8, (_KEY,)), ("vector", np.float32, (width,))])


def _key(kind: Kind, id_: str) -> bytes:
    return hashlib.blake2b(f"{kind}\x00{id_}".encode(), digest_size=_KEY).digest()
