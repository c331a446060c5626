"""The measures, each a short function whose docstring is its definition. Standard library only."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Collection, Sequence

from assistant.language import collapse

SHARED = 40  # characters that a quote and the evidence must share
_Z = 1.959963984540054  # the normal distribution's 97.5th percentile


def recall_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return the share of the relevant items that stand among the first k; 0 if there are none."""
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant)) if relevant else 0.0


def reciprocal_rank(found: Sequence[bool]) -> float:
    """Return 1 divided by the place (from 1) of the first true value; 0 when there is none."""
    return next((1 / place for place, hit in enumerate(found, start=1) if hit), 0.0)


def precision(expected: Sequence[bool], got: Sequence[bool]) -> float:
    """Return the share of the positive verdicts that are right; 0 when there are none."""
    right = sum(e and g for e, g in zip(expected, got, strict=True))
    return right / sum(got) if any(got) else 0.0


def recall(expected: Sequence[bool], got: Sequence[bool]) -> float:
    """Return the share of the true positives that were found; 0 when there are none to find."""
    return precision(got, expected)


def f2(expected: Sequence[bool], got: Sequence[bool]) -> float:
    """Return 5·P·R / (4·P + R): the F measure that counts recall twice as much as precision."""
    p, r = precision(expected, got), recall(expected, got)
    return 5 * p * r / (4 * p + r) if p or r else 0.0


def wilson(hits: float, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion (Wilson 1927); (0, 1) without cases."""
    if total == 0:
        return 0.0, 1.0
    share, z2 = hits / total, _Z * _Z
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    spread = share * (1 - share) / total + z2 / (4 * total * total)
    half = _Z * math.sqrt(max(0.0, spread)) / (1 + z2 / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two middle ones; 0 when there are none."""
    return float(statistics.median(values)) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def holds(passage: str, evidence: str) -> bool:
    """Tell whether the evidence stands in the passage, white space collapsed."""
    wanted = collapse(evidence)
    return bool(wanted) and wanted in collapse(passage)


def overlaps(quote: str, evidence: str) -> bool:
    """Tell whether quote and evidence share 40 characters in a row, or one contains the other."""
    short, long = sorted((collapse(quote), collapse(evidence)), key=len)
    if not short:
        return False
    windows = range(len(short) - SHARED + 1)
    return short in long or any(short[n : n + SHARED] in long for n in windows)


def mentions(
    text: str, must_mention: Sequence[str], any_of: Sequence[Sequence[str]] = ()
) -> tuple[str, ...]:
    """Return what is missing: every string, and one of each inner list, must stand in the text.

    Case and white space do not count, nor the backslashes and entities that keep Markdown from
    reading a quote as its own.
    """
    said = _plain(text) + "\n" + collapse(text).lower()
    missing = [string for string in must_mention if collapse(string).lower() not in said]
    missing += [
        " | ".join(choice)
        for choice in any_of
        if not any(collapse(string).lower() in said for string in choice)
    ]
    return tuple(missing)


def _plain(markdown: str) -> str:
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return collapse(text).lower()


def verbatim(quote: str, corpus: Collection[str]) -> bool:
    """Tell whether the quote stands word for word in one of the texts, white space collapsed."""
    wanted = collapse(quote)
    return bool(wanted) and any(wanted in text for text in corpus)
