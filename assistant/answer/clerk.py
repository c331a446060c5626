"""The reference clerk: one question, with the turns before it, to a decided and proven answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain

from assistant.answer import asking, quoting
from assistant.answer.citing import Statement, prove
from assistant.answer.deciding import Bounds, Stance, decide
from assistant.answer.law import Law, NamedLaw
from assistant.answer.suggesting import Suggestions
from assistant.archive.retrieval import Finding, Retriever
from assistant.desk.acts import NotHeld
from assistant.desk.contacts import Record
from assistant.desk.duties import Office, Section
from assistant.desk.moved import Moved
from assistant.desk.records import Desk
from assistant.domain import GUIDE, Citation, Contact, Hit, Language, Passage
from assistant.language import collapse

_REMEMBERED = 256  # conversations whose last answer is kept for the follow-up
_OWN_LAW = 4  # sentences of the § that says what an office may or must tell
_CLOSE = 0.80  # cosine to the nearest question of the bank


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
    offices: tuple[Office, ...] = ()  # whose duties the question is about
    everyone: Section | None = (
        None  # the § on the duty that everyone has, if the question is about a duty
    )

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
        self.law = Law(retriever, self.desk)
        self._remember = lru_cache(_REMEMBERED)(self._answer)

    def answer(self, turns: Sequence[str], language: Language) -> Answer:
        """Return the answer to the newest turn, in the light of the turns before it."""
        return self._remember(tuple(turns), language, date.today())

    def _answer(self, turns: tuple[str, ...], language: Language, _: date) -> Answer:
        """Answer anew; the day is part of what is remembered, for a § may lapse overnight."""
        asked = asking.asked(turns[-1])
        duties = self.desk.duties
        offices = duties.asked_about(asked.text, turns[:-1])
        to_all = bool(offices) or duties.concerns_everyone(asked.text)
        finding = self._find(turns, asked)
        if offices:
            finding = self.law.without_others(finding, offices)
        asked, bodies = self._bodies(turns, asked, language)
        alone = replace(asked, leans=asked.leans and len(turns) > 1)
        stance = decide(finding, alone, bodies, self.bounds)
        named = self.law.named(turns, asked)
        other = (
            ()
            if asked.phone or asked.email
            else self._elsewhere(asked, finding, stance, named, offices)
        )
        if other:
            stance, finding = "answers", _with_first(finding, other[0].passage)
        statements = other or self._statements(stance, finding, asked, bodies)
        if named.is_out_of_reach:
            # Words about something else must not stand where those of the § were asked for.
            statements = tuple(s for s in statements if self.law.speaks_of(s.quote, named))
            stance = stance if statements else "nothing"
        citations = prove(statements)
        if stance == "answers" and not citations:
            stance = "nothing"
        citations = prove((*_said(citations), *self.law.newer(citations)))
        return Answer(
            stance,
            citations,
            finding,
            self._contacts(asked, stance, bodies, citations),
            self.suggestions.after(citations, language),
            named.moved,
            named.missing,
            offices,
            duties.everyone if to_all else None,
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
        named: NamedLaw,
        offices: tuple[Office, ...],
    ) -> tuple[Statement, ...]:
        """Return quotes from the law that is named, or from another source that is clearly nearer.

        What the guide says of it follows after the law; after other sources only they are quoted. Where
        the words of a § that is asked for cannot be quoted, no other source takes their place.
        """
        if named.is_out_of_reach:
            return ()
        if named.held:
            units = self.retriever.within(asked.text, named.held)
            found = quoting.sections_of(units, named.held, bare=asked.short and named.asked_for)
        elif stance != "nothing" and (own := self.law.own(asked, finding, offices)):
            units = own
            found = quoting.sections_of(units, [units[0].passage], bare=False)[:_OWN_LAW]
        else:
            units = tuple(
                u for u in finding.elsewhere if u.passage.id == finding.elsewhere[0].passage.id
            )
            found = quoting.pick(units, quoting.Picking(share=0.75, most=3))
        if not found:
            return ()
        main = [u for u in finding.units if u.passage.source_id != units[0].passage.source_id]
        of_it = (u for u in main if u.passage.source_id == GUIDE)
        main = [u for u in of_it if self.law.acts.names_any(u.sentence.text, named.held)] or main
        if stance == "answers" or (main and "§" in main[0].sentence.text):
            found += quoting.pick(main, quoting.Picking(most=1))
        return found

    def gap_in(self, citations: Sequence[Citation], language: Language) -> str | None:
        """Return what the source's text lacks at a quote, if the quote is a recorded gap."""
        for citation in citations:
            for quote, missing in self.desk.gaps.items():
                if collapse(quote) in collapse(citation.quote):
                    return missing[language]
        return None


def _said(citations: Sequence[Citation]) -> tuple[Statement, ...]:
    return tuple(Statement(citation.quote, citation.passage) for citation in citations)


def _with_first(finding: Finding, passage: Passage) -> Finding:
    """Return the finding with a passage's hit first."""
    found = [hit for hit in finding.hits if hit.passage.id == passage.id]
    first = found[0] if found else Hit(passage, finding.hits[0].score if finding.hits else 0.0)
    rest = [hit for hit in finding.hits if hit.passage.id != passage.id]
    return replace(finding, hits=(first, *rest)[: len(finding.hits) or 1])


def _asks_two(finding: Finding) -> bool:
    """Tell whether the nearest known question needs several sentences to be answered."""
    return bool(finding.doors) and finding.doors[0][0].need_all
