"""The reference clerk: one question, with the turns before it, to a decided and proven answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import chain

from assistant.answer import asking, quoting
from assistant.answer.citing import Statement, prove
from assistant.answer.deciding import Bounds, Stance, decide
from assistant.answer.suggesting import Suggestions
from assistant.archive.retrieval import Finding, Retriever, Unit
from assistant.desk.acts import Acts, NotHeld, section_number
from assistant.desk.contacts import Contacts, Record
from assistant.desk.corrections import Correction, overtaken
from assistant.desk.moved import Moved, moved_in
from assistant.domain import GUIDE, Authority, Citation, Contact, Hit, Language, Passage, Text
from assistant.language import collapse

_REMEMBERED = 256  # conversations whose last answer is kept for the follow-up
_EMPTY_CONTACTS = Contacts(())
_CLOSE = 0.80  # cosine to the nearest question of the bank


@dataclass(frozen=True)
class Desk:
    """The human-checked records an answer draws on."""

    contacts: Contacts = _EMPTY_CONTACTS
    corrections: tuple[Correction, ...] = ()
    gaps: Mapping[str, Text] = field(default_factory=dict)  # what the source's text lacks, by quote
    moves: tuple[Moved, ...] = ()
    acts: Mapping[str, str] = field(default_factory=dict)  # address by title, see Acts


@dataclass(frozen=True)
class Following:
    """How a turn that leans on others is read; measured in docs/maalinger.md.

    Weights of the turn alone, of it with its context, and joined with one and with two turns before.
    """

    leaning: tuple[float, ...] = (0.3, 0.5, 0.2, 0.1)
    back: tuple[float, ...] = (0.8, 0.1, 0.1, 0.1)  # a return to an earlier subject by name


@dataclass(frozen=True)
class Answer:
    """What the clerk found: the stance, its proof, and what else belongs to the question."""

    stance: Stance
    citations: tuple[Citation, ...]
    finding: Finding
    contacts: tuple[Contact, ...] = ()
    suggestions: tuple[str, ...] = ()
    moved: Moved | None = None  # the § that was asked for by its old place
    not_held: tuple[NotHeld, ...] = ()  # the §§ asked for whose words cannot be quoted here

    @property
    def is_close(self) -> bool:
        """Tell whether a statement without a question is near enough to what people ask."""
        return bool(self.finding.doors) and self.finding.doors[0][1] >= _CLOSE


class Clerk:
    """Answers questions from one archive; keeps the last answers for follow-ups."""

    def __init__(
        self,
        retriever: Retriever,
        desk: Desk | None = None,
        bounds: Bounds | None = None,
        following: Following | None = None,
    ) -> None:
        """Take the archive and the desk's records."""
        self.retriever, self.desk, self.bounds = retriever, desk or Desk(), bounds or Bounds()
        self.following = following or Following()
        self.suggestions = Suggestions(retriever.index)
        self.acts = Acts(retriever.index.passages, self.desk.acts)
        self._remember = lru_cache(_REMEMBERED)(self._answer)

    def answer(self, turns: Sequence[str], language: Language) -> Answer:
        """Return the answer to the newest turn, in the light of the turns before it."""
        return self._remember(tuple(turns), language, date.today())

    def _answer(self, turns: tuple[str, ...], language: Language, _: date) -> Answer:
        """Answer anew; the day is part of what is remembered, for a § may lapse overnight."""
        asked = asking.asked(turns[-1])
        finding = self._find(turns, asked)
        asked, bodies = self._bodies(turns, asked, language)
        alone = replace(asked, leans=asked.leans and len(turns) > 1)
        stance = decide(finding, alone, bodies, self.bounds)
        moved = self._moved(asked.text)
        not_held = () if moved else self.acts.not_held_in(asked.text)
        other = (
            ()
            if asked.phone or asked.email
            else self._elsewhere(asked, finding, stance, moved, not_held)
        )
        if other:
            stance, finding = "answers", _with_first(finding, other[0].passage)
        statements = other or self._statements(stance, finding, asked, bodies)
        if not_held and asked.of_section and not other:
            # Words about something else must not stand where those of the § were asked for.
            numbers = [section.number for section in not_held]
            statements = tuple(s for s in statements if _cites(s.quote, numbers))
            stance = stance if statements else "nothing"
        citations = prove(statements)
        if stance == "answers" and not citations:
            stance = "nothing"
        citations = prove((*_said(citations), *self._newer_law(citations)))
        return Answer(
            stance,
            citations,
            finding,
            self._contacts(asked, stance, bodies, citations),
            self.suggestions.after(citations, language),
            moved,
            not_held,
        )

    def _find(self, turns: tuple[str, ...], asked: asking.Asked) -> Finding:
        if len(asked.parts) > 1 and (len(turns) == 1 or not asked.leans):
            return self.retriever.find_blend([(asked.text, 1.0), *((p, 0.6) for p in asked.parts)])
        texts = asking.with_earlier(turns, asked)
        if len(texts) == 1:
            return self.retriever.find(texts[0])
        weights = self.following.back if asked.back else self.following.leaning
        return self.retriever.find_blend(list(zip(texts, weights, strict=False)))

    def _bodies(
        self, turns: tuple[str, ...], asked: asking.Asked, language: Language
    ) -> tuple[asking.Asked, tuple[Record, ...]]:
        """Return the bodies that are meant, and the turn with what it inherits from the one before."""
        bodies = self.desk.contacts.named_in(asked.text)
        if len(turns) < 2 or not asked.leans:
            return asked, bodies
        if bodies and (asked.corrects or asked.bare):
            before = asking.last_question(turns[:-1])
            if before is not None:
                asked = replace(asked, phone=before.phone, email=before.email)
        for earlier in reversed(turns[:-1]):
            bodies = bodies or self.desk.contacts.named_in(earlier)
        if not bodies and asked.phone:  # «nummeret deres»: of whom the answer before spoke
            for citation in self.answer(turns[:-1], language).citations[:2]:
                bodies = bodies or self.desk.contacts.named_in(citation.quote)
        return asked, bodies

    def _contacts(
        self,
        asked: asking.Asked,
        stance: Stance,
        bodies: tuple[Record, ...],
        citations: Sequence[Citation],
    ) -> tuple[Contact, ...]:
        """Return the records to show, the municipality's own first.

        Its own are shown also to one who asks whom to turn to, when the question or a quote names the body.
        """
        shown = bodies if asked.phone or asked.email or stance == "lacks" else ()
        if asked.whom:
            quoted = (self.desk.contacts.named_in(citation.quote) for citation in citations)
            shown += tuple(r for r in chain(bodies, *quoted) if r.contact.is_local)
        found = dict.fromkeys(record.contact for record in shown)
        return tuple(sorted(found, key=lambda contact: not contact.is_local))

    def _statements(
        self,
        stance: Stance,
        finding: Finding,
        asked: asking.Asked,
        bodies: tuple[Record, ...],
    ) -> tuple[Statement, ...]:
        numbers = [body.guide_quote for body in bodies if body.guide_quote]
        units = finding.units
        if stance in (
            "lacks",
            "corrects",
        ):  # told as what the guide says: so it must be the guide's
            units = tuple(unit for unit in units if unit.passage.source_id == GUIDE)
        if asked.phone or asked.email or stance == "lacks":
            units = quoting.without_numbers(units, numbers)
        if stance == "nothing":
            return ()
        if stance == "lacks":
            return quoting.pick(units, quoting.Picking(most=1))
        if stance == "corrects":
            return quoting.pick(units, quoting.Picking(share=0.5, most=2))
        if asked.phone and numbers:
            return quoting.numbers_first(units, numbers)
        if len(asked.parts) > 1:
            parts = [
                self.retriever.find_blend([(part, 1.0), (asked.text, 0.6)]).units
                for part in asked.parts
            ]
            return quoting.pick_parts(units, parts)
        return quoting.pick(units, quoting.Picking(most=4) if _asks_two(finding) else None)

    def _elsewhere(
        self,
        asked: asking.Asked,
        finding: Finding,
        stance: Stance,
        moved: Moved | None,
        not_held: tuple[NotHeld, ...],
    ) -> tuple[Statement, ...]:
        """Return quotes from the law that is named, or from another source that is clearly nearer.

        What the guide says of it follows after the law; after other sources only they are quoted. Where
        the words of a named § cannot be quoted, no other source takes its place.
        """
        named = self.acts.named_in(asked.text) or self._successor(moved)
        if not_held and not named:
            return ()
        if named:
            units = self.retriever.within(asked.text, named)
            found = quoting.section_of(units, bare=asked.short and asked.of_section)
        else:
            units = tuple(
                u for u in finding.elsewhere if u.passage.id == finding.elsewhere[0].passage.id
            )
            found = quoting.pick(units, quoting.Picking(share=0.75, most=3))
        if not found:
            return ()
        main = [u for u in finding.units if u.passage.source_id != units[0].passage.source_id]
        main = [u for u in main if _names_one_of(u, named)] or main
        if stance == "answers" or (main and "§" in main[0].sentence.text):
            found += quoting.pick(main, quoting.Picking(most=1))
        return found

    def _moved(self, question: str) -> Moved | None:
        """Return the moved § that a question cites, unless the archive holds a § by that very name."""
        return None if self.acts.named_in(question) else moved_in(question, self.desk.moves)

    def _successor(self, moved: Moved | None) -> tuple[Passage, ...]:
        """Return the § that took the place of one that a question cites by its old act and number."""
        if moved is None or moved.url is None:
            return ()
        return tuple(p for p in self.retriever.index.passages if p.url == moved.url)

    def _newer_law(self, citations: Sequence[Citation]) -> tuple[Statement, ...]:
        """Return how the §§ begin that have overtaken quoted words of the guide, where we hold them."""
        quoted = {citation.passage.id for citation in citations}
        quotes = [citation.quote for citation in citations]
        addresses = {c.url for c in overtaken(quotes, self.desk.corrections) if c.url}
        return tuple(
            Statement(passage.sentences[0].text, passage)
            for passage in self.retriever.index.passages
            if passage.url in addresses
            and passage.authority is Authority.LAW
            and passage.id not in quoted
        )

    def gap_in(self, citations: Sequence[Citation], language: Language) -> str | None:
        """Return what the source's text lacks at a quote, if the quote is a recorded gap."""
        for citation in citations:
            for quote, missing in self.desk.gaps.items():
                if collapse(quote) in collapse(citation.quote):
                    return missing[language]
        return None


def _said(citations: Sequence[Citation]) -> tuple[Statement, ...]:
    return tuple(Statement(citation.quote, citation.passage) for citation in citations)


def _cites(text: str, numbers: Iterable[str]) -> bool:
    """Tell whether words name a § by one of some numbers."""
    return any(re.search(rf"§+ ?{re.escape(n)}(?![\w-])", collapse(text)) for n in numbers)


def _names_one_of(unit: Unit, sections: Sequence[Passage]) -> bool:
    """Tell whether a sentence of the guide names one of the §§."""
    numbers = (section_number(passage) for passage in sections)
    return unit.passage.source_id == GUIDE and _cites(unit.sentence.text, filter(None, numbers))


def _with_first(finding: Finding, passage: Passage) -> Finding:
    """Return the finding with a passage's hit first."""
    found = [hit for hit in finding.hits if hit.passage.id == passage.id]
    first = found[0] if found else Hit(passage, finding.hits[0].score if finding.hits else 0.0)
    rest = [hit for hit in finding.hits if hit.passage.id != passage.id]
    return replace(finding, hits=(first, *rest)[: len(finding.hits) or 1])


def _asks_two(finding: Finding) -> bool:
    """Tell whether the nearest known question needs several sentences to be answered."""
    return bool(finding.doors) and finding.doors[0][0].need_all
