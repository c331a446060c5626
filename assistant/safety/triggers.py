"""Deterministic triggers: danger said in words that a rule can name. Standard library only.

A trigger always escalates, so each needs several signs near each other in one sentence. What calms
a sign (a denial, the past, fiction, a general question) counts only in the clause or sentence it
stands in, so that harmless words elsewhere never hide a danger.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.safety.patterns import Hit, Rule, load
from assistant.safety.reading import Reading, readings

_LEXICON, _RULES, _CANCELS = load(Path(__file__).with_name("phrases.toml"))

_BEFORE, _AFTER = 3, 2  # words before and after a sign in which a denial reaches it
_CALM_BEFORE, _CALM_AFTER = 24, 8  # words in which a calming cue reaches a sign
_NEAREST = 3  # candidates looked at for each further term, so that the work stays linear
_SHORT = 16  # words of a newest turn that can lean on what came before

Hits = dict[str, list[Hit]]


@dataclass(frozen=True)
class Match:
    """A danger found: its category, what matched in plain Norwegian, and the words themselves."""

    category: str
    reason: str
    span: str


def match(text: str) -> Match | None:
    """Return the first danger the rules find in a message, in the order of the file, or None."""
    for reading in readings(text):
        hits = _found(reading)
        for rule in _RULES:
            path = next(_paths(rule, reading, hits), None)
            if path is not None:
                span = reading.words_at(min(h.start for h in path), max(h.end for h in path))
                return Match(rule.category, f"{rule.reason}: «{span}»", span)
    return None


def goes_on(text: str) -> bool:
    """Tell whether a short turn leans on what came before: neither over nor about something else."""
    reading = next(readings(text))
    if not 0 < len(reading.words) <= _SHORT:
        return False
    hits = _LEXICON.hits(reading.words)
    return "leans" in hits and not ("over" in hits or "unrelated" in hits)


def _found(reading: Reading) -> Hits:
    """Return the hits of every list, less those inside a harmless turn of phrase."""
    hits = _LEXICON.hits(reading.words)
    harmless = {n for hit in hits.get("harmless", ()) for n in range(hit.start, hit.end)}
    if not harmless:
        return hits
    return {
        name: kept
        for name, found in hits.items()
        if (kept := [h for h in found if harmless.isdisjoint(range(h.start, h.end))])
    }


def _paths(rule: Rule, reading: Reading, hits: Hits) -> Iterator[tuple[Hit, ...]]:
    """Yield the places where the rule holds and nothing calms it."""
    if any(term not in hits for term in rule.terms):
        return
    orders = [rule.terms] if rule.ordered else itertools.permutations(rule.terms)
    gap = max(rule.gaps, default=0)
    for terms in orders:
        gaps = rule.gaps if rule.ordered else (gap,) * len(rule.gaps)
        for first in hits[terms[0]]:
            for path in _extend((first,), terms[1:], gaps, rule, reading, hits):
                if not _denied(rule, path, reading, hits) and not _calmed(rule, path, reading, hits):
                    yield path


def _extend(
    path: tuple[Hit, ...],
    terms: Sequence[str],
    gaps: Sequence[int],
    rule: Rule,
    reading: Reading,
    hits: Hits,
) -> Iterator[tuple[Hit, ...]]:
    """Yield the path continued with a hit of every further term, each near the one before it."""
    if not terms:
        yield path
        return
    end, candidates = path[-1].end, hits[terms[0]]
    at = bisect_left(candidates, end, key=lambda hit: hit.start)
    last = reading.sentence[path[0].start] + rule.across
    for hit in candidates[at : at + _NEAREST]:
        if hit.start - end > gaps[0] or reading.sentence[hit.start] > last:
            return
        yield from _extend((*path, hit), terms[1:], gaps[1:], rule, reading, hits)


def _denied(rule: Rule, path: tuple[Hit, ...], reading: Reading, hits: Hits) -> bool:
    """Tell whether a denial stands by one of the signs, in the same clause and not part of a sign."""
    if not rule.negatable:
        return False
    own = {n for hit in (*path, *hits.get("not_denial", ())) for n in range(hit.start, hit.end)}
    for sign in path:
        for denial in hits.get("denial", ()):
            near = sign.start - _BEFORE <= denial.start < sign.end + _AFTER
            if near and denial.start not in own and reading.clause[denial.start] == reading.clause[sign.start]:
                return True
    return False


def _calmed(rule: Rule, path: tuple[Hit, ...], reading: Reading, hits: Hits) -> bool:
    """Tell whether the past, fiction, a general question or the like stands in the same sentence.

    What takes the calm away («nå», «på ordentlig») counts when it stands nearer to the signs.
    """
    start, end = path[0].start, path[-1].end

    def distance(name: str) -> int | None:
        """Return the words between the signs and the nearest hit of a list in the sentence."""
        return min(
            (
                max(start - hit.end, hit.start - end, 0)
                for hit in hits.get(name, ())
                if start - _CALM_BEFORE <= hit.start < end + _CALM_AFTER
                and reading.sentence[start] <= reading.sentence[hit.start] <= reading.sentence[end - 1]
            ),
            default=None,
        )

    for name in rule.unless:
        calm = distance(name)
        if calm is not None:
            other = [d for d in map(distance, _CANCELS.get(name, ())) if d is not None]
            if not other or calm <= min(other):
                return True
    return False
