"""Read the question bank: what people ask, tied to the sentences that answer, refute or come nearest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.archive.contents import Door, Stance
from assistant.domain import Passage
from assistant.errors import CorpusError
from assistant.language import collapse, with_context

_STANCES: dict[str, Stance] = {
    "answerable": "answers",
    "near_topic": "lacks",
    "off_topic": "off_topic",
    "false_premise": "corrects",
}


@dataclass(frozen=True)
class Bank:
    """The doors that lead somewhere, and the entries whose quote is no longer in the corpus."""

    doors: tuple[Door, ...]
    gone: tuple[str, ...]  # "file:line: quote"


def read_bank(folder: Path, passages: Sequence[Passage]) -> Bank:
    """Return one door a question of `folder/*.jsonl`; raise CorpusError for a line that is not an entry."""
    finder = QuoteFinder(passages)
    doors: dict[str, Door] = {}
    gone: list[str] = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, entry in _entries(file):
            door = _door(entry, finder, file.stem)
            if door is None:
                gone.append(f"{file.name}:{number}: {entry['quotes']}")
            else:
                doors.setdefault(door.id, door)
    return Bank(tuple(doors.values()), tuple(gone))


class QuoteFinder:
    """Finds the passages and sentences that hold a verbatim quote."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Remember the passages with white space collapsed."""
        self._passages = [(passage, collapse(passage.text)) for passage in passages]

    def targets(self, quote: str) -> list[tuple[str, str]]:
        """Return (passage id, sentence) for every sentence that the quote covers or lies in."""
        wanted = collapse(quote)
        return [
            (passage.id, sentence.text)
            for passage, text in self._passages
            if wanted in text
            for sentence in passage.sentences
            if collapse(sentence.text) in wanted or wanted in collapse(sentence.text)
        ]


def _entries(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            question, quotes = entry["question"], entry["quotes"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise CorpusError(
                file, f"er ikke et spørsmål med «question» og «quotes» ({error}).", number
            ) from error
        if not isinstance(question, str) or not isinstance(quotes, list):
            raise CorpusError(file, "«question» må være tekst og «quotes» en liste.", number)
        yield number, entry


def _door(entry: dict[str, Any], finder: QuoteFinder, author: str) -> Door | None:
    targets = [finder.targets(quote) for quote in entry["quotes"]]
    if entry["quotes"] and not all(targets):
        return None
    turns = (*entry.get("earlier", ()), entry["question"])
    question = with_context([collapse(turn) for turn in turns])
    return Door(
        id=hashlib.sha256(question.lower().encode()).hexdigest()[:16],
        question=question,
        stance=_STANCES[str(entry.get("kind", "answerable"))],
        targets=tuple(dict.fromkeys(pair for pairs in targets for pair in pairs)),
        need_all=entry.get("need") == "all",
        asks_for=str(entry.get("asks_for", "")),
        author=author,
        language=str(entry.get("lang", "nb")),
        style=str(entry.get("style", "")),
    )
