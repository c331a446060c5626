"""What an index holds besides vectors: passages, doors and the manifest, as files in its folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.archive.keywords import Keywords
from assistant.domain import Authority, Passage, Sentence

Stance = Literal["answers", "lacks", "corrects", "off_topic"]
FORMAT = 2  # 2: passages carry the day from which they no longer apply


@dataclass(frozen=True)
class Door:
    """A question people ask, embedded as a further way in to the sentences that answer it."""

    id: str
    question: str
    stance: Stance
    targets: tuple[tuple[str, str], ...]  # (passage id, verbatim sentence), best first
    need_all: bool = False
    asks_for: str = ""
    author: str = ""
    language: str = "nb"
    style: str = ""


@dataclass(frozen=True)
class Contents:
    """Everything an index holds besides vectors."""

    passages: tuple[Passage, ...]
    doors: tuple[Door, ...]
    manifest: Mapping[str, Any]


def write_contents(folder: Path, contents: Contents) -> None:
    """Write passages, doors, keywords and, last, the manifest."""
    _write_lines(folder / "passages.jsonl", contents.passages)
    _write_lines(folder / "doors.jsonl", contents.doors)
    Keywords.build([passage_words(p) for p in contents.passages]).save(folder / "keywords-passages")
    Keywords.build([s.text for p in contents.passages for s in p.sentences]).save(
        folder / "keywords-sentences"
    )
    write_synced(
        folder / "manifest.json", json.dumps(contents.manifest, ensure_ascii=False, indent=1)
    )


def passage_words(passage: Passage) -> str:
    """Return the words that a passage is found by."""
    return " ".join((*passage.headings, passage.text))


def read_contents(folder: Path) -> Contents:
    """Read what `write_contents` wrote; raise OSError, ValueError, KeyError or TypeError if damaged."""
    manifest = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    with (folder / "passages.jsonl").open(encoding="utf-8") as file:
        passages = tuple(_passage(json.loads(line)) for line in file)
    with (folder / "doors.jsonl").open(encoding="utf-8") as file:
        doors = tuple(_door(json.loads(line)) for line in file)
    return Contents(passages, doors, manifest)


def _passage(row: dict[str, Any]) -> Passage:
    row["authority"] = Authority(row["authority"])
    row["headings"] = tuple(row["headings"])
    row["sentences"] = tuple(Sentence(**sentence) for sentence in row["sentences"])
    return Passage(**row)


def _door(row: dict[str, Any]) -> Door:
    row["targets"] = tuple((passage, sentence) for passage, sentence in row["targets"])
    return Door(**row)


def _write_lines(path: Path, rows: Iterable[Passage | Door]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def write_synced(path: Path, text: str) -> None:
    """Write a file and wait until the disk holds it."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
