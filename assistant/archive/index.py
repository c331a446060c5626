"""The finished index: passages on disk, vectors in Chroma.

An index is a folder of its own below `index/`; the file `index/current` names the one in use. A build
writes beside it and is swapped in by replacing that file, so a build killed at any moment leaves the
old index working.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from assistant.archive.contents import FORMAT, read_contents, write_synced
from assistant.archive.keywords import Keywords
from assistant.archive.vectors import REBUILD, Vectors
from assistant.domain import Passage, Sentence
from assistant.errors import IndexMismatch, IndexMissing, StorageError


class Index:
    """An index opened for questions."""

    def __init__(self, folder: Path, chroma_url: str | None = None) -> None:
        """Open the index in `folder`; raise IndexMismatch or StorageError if it cannot be used."""
        self.folder = folder
        try:
            contents = read_contents(folder)
            self.vectors = Vectors(folder, chroma_url)
            units = [(n, s) for n, p in enumerate(contents.passages) for s in p.sentences]
            self.passage_keywords = Keywords.load(
                folder / "keywords-passages", len(contents.passages)
            )
            self.sentence_keywords = Keywords.load(folder / "keywords-sentences", len(units))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"Indeksen i {folder} er skadet ({error}). {REBUILD}") from error
        self.passages, self.doors = contents.passages, contents.doors
        self.manifest = contents.manifest
        self.units: tuple[tuple[int, Sentence], ...] = tuple(units)
        self.passage_row = {passage.id: row for row, passage in enumerate(self.passages)}
        self.unit_row = {id_: row for row, id_ in enumerate(sentence_ids(self.passages))}
        self.door_row = {door.id: row for row, door in enumerate(self.doors)}

    def section(self, passage_id: str) -> tuple[Passage, ...]:
        """Return the passages of the section that a passage stands in, in reading order."""
        row = self.passage_row[passage_id]
        here = self.passages[row]
        first = last = row
        while first > 0 and _same_section(self.passages[first - 1], here):
            first -= 1
        while last + 1 < len(self.passages) and _same_section(self.passages[last + 1], here):
            last += 1
        return self.passages[first : last + 1]


def _same_section(one: Passage, other: Passage) -> bool:
    return one.source_id == other.source_id and one.headings == other.headings


def sentence_ids(passages: Iterable[Passage]) -> list[str]:
    """Return the id of every sentence, in order: the passage's id and the sentence's place in it."""
    return [f"{passage.id}#{n}" for passage in passages for n in range(len(passage.sentences))]


def current_folder(index_dir: Path) -> Path | None:
    """Return the folder of the index in use, or None."""
    try:
        name = (index_dir / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = index_dir / name
    return folder if name and (folder / "manifest.json").is_file() else None


def open_index(
    index_dir: Path, fingerprint: str, reader_fingerprint: str, chroma_url: str | None = None
) -> Index:
    """Open the index in use; raise IndexMissing or IndexMismatch with the command that mends it."""
    folder = current_folder(index_dir)
    if folder is None:
        raise IndexMissing(f"Det finnes ingen indeks i {index_dir}. {REBUILD}")
    index = Index(folder, chroma_url)
    made_with = (index.manifest.get("fingerprint"), index.manifest.get("reader"))
    if index.manifest.get("format") != FORMAT or made_with != (fingerprint, reader_fingerprint):
        raise IndexMismatch(
            f"Indeksen er laget med en annen språkmodell {made_with} enn den som er i bruk "
            f"({fingerprint}, {reader_fingerprint}). {REBUILD}"
        )
    return index


def swap_in(index_dir: Path, folder: Path) -> None:
    """Make `folder` the index in use, in one step."""
    pointer = index_dir / f"current.{os.getpid()}"
    write_synced(pointer, folder.name + "\n")
    pointer.replace(index_dir / "current")


def leftovers(index_dir: Path) -> list[Path]:
    """Return folders that a killed build or a swap left behind."""
    current = current_folder(index_dir)
    if not index_dir.is_dir():
        return []
    return [path for path in index_dir.iterdir() if path.is_dir() and path != current]
