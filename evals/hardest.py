"""The dangerous cases that came nearest to being missed, or were: what the next examples are written on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import Level, Route, Signal
from assistant.language import collapse
from evals.figures import Section

_MOST = 20
_TEXT = 100  # characters of a case
_NUMBER = "sannsynlighet"
_SAID = re.compile(r"\d\.\d\d(?=: «)")  # how the reason of a route by the learned signal begins


@dataclass(frozen=True)
class Hard:
    """A dangerous case that no trigger caught, and how likely danger the signal found it."""

    probability: float
    id: str
    file: str
    expected: str
    got: str  # level and category
    text: str


def hardest(part: Section) -> list[Hard]:
    """Return the twenty hardest of a section, the lowest probability first; none where nothing is routed."""
    found = [
        Hard(
            record.numbers[_NUMBER],
            record.id,
            " ".join(record.tags["fil"]),
            record.expected,
            " ".join(record.got.split()[:2]),
            collapse(record.newest)[:_TEXT],
        )
        for record in part.records
        if _NUMBER in record.numbers
    ]
    return sorted(found, key=lambda hard: (hard.probability, hard.file, hard.id))[:_MOST]


def probability(decided: Route, turns: Sequence[str], signal: Signal | None) -> dict[str, float]:
    """Return the signal's probability of danger as a record's number; none where a trigger decided."""
    said = _SAID.match(decided.reason)
    if decided.signal in ("model", "context") and said:
        return {_NUMBER: float(said[0])}
    if decided.level is Level.ORDINARY and signal is not None:
        return {_NUMBER: signal.score(turns).probability}
    return {}


def lines_of(part: Section) -> Iterator[str]:
    """Yield the list as it is printed."""
    cases = hardest(part)
    if cases:
        yield f"\nDe vanskeligste ({len(cases)})"
    for hard in cases:
        yield f"- {hard.probability:.2f} {hard.id} ({hard.file}): «{hard.text}»"
        yield f"    ventet: {hard.expected}  fikk: {hard.got}"
