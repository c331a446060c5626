"""The default clerk: picks the sentences that answer, from what retrieval found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answer.citing import Statement
from assistant.archive.retrieval import Finding, Unit
from assistant.domain import Passage
from assistant.language import collapse

LONGEST_ANSWER = 8  # sentences, lists included
_ANAPHORA = re.compile(
    r"(?:Det samme|Dette|Denne|Disse|De kan|De skal|Den er|Den skal|Her |I tillegg|Planen|Portalen|Nettverket"
    r"|Formålet|Funksjonen|Tiltaket|Deltakelse|Mentorene|Koordinator skal også|Bestemmelsen|Hensikten|Målgruppen)"
)


@dataclass(frozen=True)
class Picking:
    """How many sentences to quote; measured in `docs/maalinger.md`."""

    share: float = 0.65  # of the leading sentence's score that a further one must reach
    most: int = 3  # sentences besides those a list or a back-reference brings along


def pick(finding: Finding, picking: Picking | None = None) -> tuple[Statement, ...]:
    """Return the sentences that answer: the best first, then the others in the source's order."""
    picking = picking or Picking()
    if not finding.units:
        return ()
    lead = finding.units[0]
    chosen = [lead]
    for unit in finding.units[1:]:
        if len(chosen) >= picking.most:
            break
        if unit.score >= picking.share * lead.score and not _repeats(unit, chosen):
            chosen.append(unit)
    return tuple(_in_order(lead, chosen))[:LONGEST_ANSWER]


def pick_parts(whole: Finding, parts: Sequence[Finding]) -> tuple[Statement, ...]:
    """Return the best sentence for each part of a question that asks several things, then the whole's."""
    chosen: list[Unit] = []
    for finding in (*parts, whole):
        unit = next((u for u in finding.units if not _repeats(u, chosen)), None)
        if unit is not None and len(chosen) < len(parts) + 1:
            chosen.append(unit)
    return tuple(_in_order(chosen[0], chosen))[:LONGEST_ANSWER] if chosen else ()


def numbers_first(finding: Finding, quotes: Sequence[str]) -> tuple[Statement, ...]:
    """Return the lines that hold the bodies' numbers, then the best sentence beside the first."""
    wanted = [collapse(quote) for quote in quotes]
    lines = {collapse(u.sentence.text): u for u in reversed(finding.units)}
    found = [lines[quote] for quote in wanted if quote in lines]
    if not found:
        return pick(finding)
    near = [u for u in finding.units[:3] if u.passage.id == found[0].passage.id and u not in found]
    return tuple(_in_order(found[0], [*found, *near[:1]]))


def _repeats(unit: Unit, chosen: Iterable[Unit]) -> bool:
    words = set(collapse(unit.sentence.text).lower().split())
    for other in chosen:
        theirs = set(collapse(other.sentence.text).lower().split())
        if len(words & theirs) > 0.7 * min(len(words), len(theirs)):
            return True
    return False


def _in_order(lead: Unit, chosen: Sequence[Unit]) -> Iterable[Statement]:
    rest = sorted(
        (unit for unit in chosen if unit is not lead),
        key=lambda unit: (
            unit.passage.id != lead.passage.id,
            unit.passage.position,
            _place(unit.passage, unit.sentence.text),
        ),
    )
    said: set[tuple[str, str]] = set()
    for unit in (lead, *rest):
        for text in (*_brought_along(unit), unit.sentence.text):
            if (unit.passage.id, text) not in said:
                said.add((unit.passage.id, text))
                yield Statement(text, unit.passage)


def _brought_along(unit: Unit) -> tuple[str, ...]:
    """Return what a sentence cannot be read without: a list's lead-in, or what «det samme» points to."""
    if unit.sentence.lead_in:
        return (unit.sentence.lead_in,)
    if _ANAPHORA.match(unit.sentence.text):
        place = _place(unit.passage, unit.sentence.text)
        if place > 0:
            return (unit.passage.sentences[place - 1].text,)
    return ()


def _place(passage: Passage, text: str) -> int:
    return next((n for n, sentence in enumerate(passage.sentences) if sentence.text == text), 0)
