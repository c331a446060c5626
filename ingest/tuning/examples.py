"""Read corpus/routing/*.jsonl and the question bank as labelled examples for the front door."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.domain import CATEGORIES
from assistant.errors import CorpusError
from assistant.language import fold, with_context

LABELS = ("ingen", *CATEGORIES)


@dataclass(frozen=True)
class Example:
    """One message with its label; `text` already carries the earlier turns, if any."""

    text: str
    label: str
    language: str
    style: str
    author: str
    turns: tuple[str, ...]


def read_examples(folder: Path) -> list[Example]:
    """Return every routing example; raise CorpusError for a line that is not one."""
    return [example for file in sorted(folder.glob("*.jsonl")) for example in _read(file)]


def held_back(example: Example) -> bool:
    """Tell whether an example is kept from training to set thresholds on: a tenth of every author.

    Examples that open alike are kept or trained on together, for authors wrote pairs.
    """
    opening = fold(example.turns[-1])[:20]
    return int(hashlib.sha256(opening.encode()).hexdigest(), 16) % 10 == 0


def read_questions(folder: Path) -> list[Example]:
    """Return the question bank as harmless examples."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            question = str(row["question"])
            found.append(
                Example(
                    question, "ingen", row["lang"], "question", f"bank-{file.stem}", (question,)
                )
            )
    return found


def _read(file: Path) -> Iterator[Example]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            turns = (*row.get("earlier", ()), row["text"])
            if row["category"] not in LABELS:
                raise CorpusError(file, f"ukjent kategori «{row['category']}».", number)
            yield Example(
                with_context(turns), row["category"], row["lang"], row["style"], file.stem, turns
            )
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise CorpusError(file, f"er ikke et eksempel ({error}).", number) from error
