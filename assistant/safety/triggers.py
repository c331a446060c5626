"""Deterministic triggers: danger said in words that a rule can name. Standard library only.

A trigger always escalates, so each rule needs several signs near each other in one sentence. What
calms a sign (a denial, the past, fiction, a general question) counts only in the clause or sentence
it stands in, so that harmless words elsewhere never hide a danger.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.safety.patterns import Hit, Rule, load
from assistant.safety.reading import Reading, covered, readings

_LEXICON, _RULES, _CANCELS = load(Path(__file__).with_name("phrases.toml"))

_BEFORE, _AFTER = 3, 2  # words before and after a sign in which a denial reaches it
_CALM_BEFORE, _CALM_AFTER = 24, 8  # words in which a calming cue reaches a sign
_NEAREST = 3  # candidates looked at for each further term, so that the work stays linear
_SHORT = 16  # words of a newest turn that can lean on what came before
_NOT_ON = {"over", "unrelated", "fiction", "resolved", "food"}  # lists that show a turn does not


@dataclass(frozen=True)
class Match:
    """A danger found: its category, what matched in plain Norwegian, and the words themselves."""

    category: str
    reason: str
    span: str


def match(text: str) -> Match | None:
    """Return the first danger the rules find in a message, in the order of the file, or None."""
    for reading in readings(text, _LEXICON):
        for rule in _RULES:
            path = next(_paths(rule, reading), None)
            if path is not None:
                span = reading.shown(min(h.start for h in path), max(h.end for h in path))
                return Match(rule.category, f"{rule.reason}: «{span}»", span)
    return None


def goes_on(text: str) -> bool:
    """Tell whether a short turn leans on what came before: neither over nor about something else."""
    reading = next(readings(text, _LEXICON))
    if not 0 < len(reading.words) <= _SHORT:
        return False
    return "leans" in reading.hits and not reading.hits.keys() & _NOT_ON


def is_over(text: str) -> bool:
    """Tell whether a turn says that a danger is over, or was none."""
    return bool(next(readings(text, _LEXICON)).hits.keys() & {"over", "resolved"})


def _paths(rule: Rule, reading: Reading) -> Iterator[tuple[Hit, ...]]:
    """Yield the places where the rule holds and nothing denies or calms it."""
    if any(term not in reading.hits for term in rule.terms):
        return
    orders = [rule.terms] if rule.ordered else itertools.permutations(rule.terms)
    widest = max(rule.gaps, default=0)
    for terms in orders:
        gaps = rule.gaps if rule.ordered else (widest,) * len(rule.gaps)
        for first in reading.hits[terms[0]]:
            for path in _extend((first,), terms[1:], gaps, rule.across, reading):
                if not (rule.negatable and _denied(path, reading)) and not _calmed(
                    rule, path, reading
                ):
                    yield path


def _extend(
    path: tuple[Hit, ...],
    terms: Sequence[str],
    gaps: Sequence[int],
    across: bool,
    reading: Reading,
) -> Iterator[tuple[Hit, ...]]:
    """Yield the path continued with a hit of every further term, each near the one before it."""
    if not terms:
        yield path
        return
    end, candidates = path[-1].end, reading.hits[terms[0]]
    last = reading.stretch[path[0].start] + across
    at = bisect_left(candidates, end, key=lambda hit: hit.start)
    for hit in candidates[at : at + _NEAREST]:
        if hit.start - end > gaps[0] or reading.stretch[hit.start] > last:
            return
        yield from _extend((*path, hit), terms[1:], gaps[1:], across, reading)


def _denied(path: tuple[Hit, ...], reading: Reading) -> bool:
    """Tell whether a denial stands by one of the signs, in the same clause and not part of a sign."""
    own = covered(path)
    return any(
        n in reading.denials and n not in own and reading.clause[n] == reading.clause[sign.start]
        for sign in path
        for n in range(max(0, sign.start - _BEFORE), min(len(reading.words), sign.end + _AFTER))
    )


def _calmed(rule: Rule, path: tuple[Hit, ...], reading: Reading) -> bool:
    """Tell whether the past, fiction, a general question or the like stands in the same sentence.

    What takes the calm away («nå», «på ordentlig») counts when it stands nearer to the signs.
    """
    start, end = path[0].start, path[-1].end

    def distance(name: str) -> int | None:
        """Return the words between the signs and the nearest hit of a list in their sentences."""
        hits = reading.hits.get(name, [])
        at = bisect_left(hits, start - _CALM_BEFORE, key=lambda hit: hit.start)
        near = itertools.takewhile(lambda hit: hit.start < end + _CALM_AFTER, hits[at : at + 64])
        return min(
            (
                max(start - hit.end, hit.start - end, 0)
                for hit in near
                if reading.sentence[start]
                <= reading.sentence[hit.start]
                <= reading.sentence[end - 1]
            ),
            default=None,
        )

    for name in rule.unless & reading.hits.keys():
        calm = distance(name)
        if calm is not None:
            against = [d for d in map(distance, _CANCELS.get(name, ())) if d is not None]
            if not against or calm < min(against):
                return True
    return False
