"""The default clerk: picks the sentences that answer, from what retrieval found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answer.citing import Statement
from assistant.archive.retrieval import Unit
from assistant.domain import Passage
from assistant.language import collapse

LONGEST_ANSWER = 8  # sentences, lists included
_EQUAL = 0.97  # share of the best score at which a sentence is as good, and authority decides
_OPENING = 2  # first sentences of a § that was asked for by name,
_NEAREST = 2  # and those of its sentences nearest to the question
_TELLING = 60  # characters from which a sentence says enough by itself to be the nearest
_WHOLE_SECTION = 900  # characters of a § that is quoted whole
_NUMBER = re.compile(
    r"\b(?:\d{2} ){3}\d{2}\b|\b\d{3} \d{2} \d{3}\b|\b\d{8}\b|\b0\d{4}\b|\b116 ?\d{3}\b"
)
# Openings that cannot be read without the sentence before, and nouns that it explains.
_POINTS_BACK = re.compile(
    r"(?:Det samme|Dette|Denne|Disse|De kan|De skal|Den er|Den skal|Her |I tillegg|Koordinator skal også)"
)
_NAMES_BACK = re.compile(
    r"(?:Planen|Portalen|Nettverket|Formålet|Funksjonen|Tiltaket|Deltakelse|Mentorene|Bestemmelsen|Hensikten"
    r"|Målgruppen)"
)


@dataclass(frozen=True)
class Picking:
    """How many sentences to quote; measured in `docs/maalinger.md`."""

    share: float = 0.65  # of the leading sentence's score that a further one must reach
    most: int = 3  # sentences besides those a list or a back-reference brings along


def pick(units: Sequence[Unit], picking: Picking | None = None) -> tuple[Statement, ...]:
    """Return the sentences that answer: the best first, then the others in the source's order."""
    picking = picking or Picking()
    if not units:
        return ()
    lead = _lead(units)
    chosen = [lead]
    for unit in units:
        if unit is lead:
            continue
        if len(chosen) >= picking.most:
            break
        if unit.score >= picking.share * lead.score and not _repeats(unit, chosen):
            chosen.append(unit)
    return tuple(_in_order(lead, chosen))[:LONGEST_ANSWER]


def sections_of(
    units: Sequence[Unit], passages: Sequence[Passage], *, bare: bool
) -> tuple[Statement, ...]:
    """Return the §§ that were asked for by name, in the order asked; `units` are their sentences, nearest first.

    A short § is quoted whole. Of a long one come its first sentences and those nearest to the question; a
    `bare` question, the § and nothing more, has none that are nearer than others. Several share the room.
    """
    room = max(LONGEST_ANSWER // max(len(passages), 1), 1)
    return tuple(
        statement
        for passage in passages
        if any(unit.passage is passage for unit in units)
        for statement in _section(
            [u for u in units if u.passage is passage], passage, room, bare=bare
        )
    )


def _section(
    units: Sequence[Unit], passage: Passage, room: int, *, bare: bool
) -> tuple[Statement, ...]:
    texts = [sentence.text for sentence in passage.sentences]
    if len(texts) > room or sum(map(len, texts)) > _WHOLE_SECTION:
        texts = texts[: _OPENING + _NEAREST * bare]
    telling = [u.sentence.text for u in units if len(u.sentence.text) >= _TELLING]
    near = [] if bare else telling[:_NEAREST]
    chosen = sorted(
        (u for u in units if u.sentence.text in {*texts, *near}),
        key=lambda unit: _place(passage, unit.sentence.text),
    )
    return tuple(_in_order(chosen[0], chosen))[:room]


def _lead(units: Sequence[Unit]) -> Unit:
    """Return the best sentence; of those that are as good as equal, the one with the higher authority."""
    level = [u for u in units if u.score >= _EQUAL * units[0].score]
    return min(level, key=lambda unit: unit.passage.authority.rank)


def pick_parts(whole: Sequence[Unit], parts: Sequence[Sequence[Unit]]) -> tuple[Statement, ...]:
    """Return the best sentence for each part of a question that asks several things, then the whole's."""
    chosen: list[Unit] = []
    for units in (*parts, whole):
        unit = next((u for u in units if not _repeats(u, chosen)), None)
        if unit is not None and len(chosen) < len(parts) + 1:
            chosen.append(unit)
    return tuple(_in_order(chosen[0], chosen))[:LONGEST_ANSWER] if chosen else ()


def numbers_first(units: Sequence[Unit], quotes: Sequence[str]) -> tuple[Statement, ...]:
    """Return the lines that hold the bodies' numbers, then the best sentence beside the first."""
    wanted = [collapse(quote) for quote in quotes]
    lines = {collapse(u.sentence.text): u for u in reversed(units)}
    found = [lines[quote] for quote in wanted if quote in lines]
    if not found:
        return pick(units)
    near = [u for u in units[:3] if u.passage.id == found[0].passage.id and u not in found]
    return tuple(_in_order(found[0], [*found, *near[:1]]))


def without_numbers(units: Iterable[Unit], owned: Sequence[str]) -> tuple[Unit, ...]:
    """Return the sentences less those that give a telephone number which is not one of `owned`.

    One body's number is never given for another's.
    """
    kept = {collapse(quote) for quote in owned}
    return tuple(
        u for u in units if collapse(u.sentence.text) in kept or not _NUMBER.search(u.sentence.text)
    )


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
            unit.passage.source_id != lead.passage.source_id,
            unit.passage.authority.rank,
            unit.passage.source_id,
            unit.passage.id != lead.passage.id,
            unit.passage.position,
            _place(unit.passage, unit.sentence.text),
        ),
    )
    said: set[tuple[str, str]] = set()
    for unit in (lead, *rest):
        for text in (*_before(unit), unit.sentence.text, *_after(unit)):
            if (unit.passage.id, text) not in said:
                said.add((unit.passage.id, text))
                yield Statement(text, unit.passage)


def _before(unit: Unit) -> tuple[str, ...]:
    """Return what a sentence cannot be read without: a list's lead-in, or what «det samme» points to."""
    if unit.sentence.lead_in:
        return (unit.sentence.lead_in,)
    return _sentence_before(unit) if _POINTS_BACK.match(unit.sentence.text) else ()


def _after(unit: Unit) -> tuple[str, ...]:
    """Return what explains the noun a sentence opens with; it follows, so that the answer still leads."""
    return _sentence_before(unit) if _NAMES_BACK.match(unit.sentence.text) else ()


def _sentence_before(unit: Unit) -> tuple[str, ...]:
    place = _place(unit.passage, unit.sentence.text)
    return (unit.passage.sentences[place - 1].text,) if place > 0 else ()


def _place(passage: Passage, text: str) -> int:
    return next((n for n, sentence in enumerate(passage.sentences) if sentence.text == text), 0)
