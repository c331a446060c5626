"""The reference clerk: one question, with the turns before it, to a decided and proven answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.answer import asking, quoting
from assistant.answer.citing import Statement, prove
from assistant.answer.deciding import Bounds, Stance, decide
from assistant.answer.suggesting import Suggestions
from assistant.archive.retrieval import Finding, Retriever
from assistant.desk.contacts import Contacts, Record
from assistant.desk.corrections import Correction
from assistant.domain import Citation, Contact
from assistant.language import collapse

_REMEMBERED = 256  # conversations whose last answer is kept for the follow-up
_EMPTY_CONTACTS = Contacts(())
_CLOSE = 0.80  # cosine to the nearest question of the bank


@dataclass(frozen=True)
class Desk:
    """The human-checked records an answer draws on."""

    contacts: Contacts = _EMPTY_CONTACTS
    corrections: tuple[Correction, ...] = ()
    gaps: Mapping[str, str] = field(default_factory=dict)  # what the source's text lacks, by quote


@dataclass(frozen=True)
class Answer:
    """What the clerk found: the stance, its proof, and what else belongs to the question."""

    stance: Stance
    citations: tuple[Citation, ...]
    finding: Finding
    contacts: tuple[Contact, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def is_close(self) -> bool:
        """Tell whether a statement without a question is near enough to what people ask."""
        return bool(self.finding.doors) and self.finding.doors[0][1] >= _CLOSE


class Clerk:
    """Answers questions from one archive; keeps the last answers for follow-ups."""

    def __init__(
        self, retriever: Retriever, desk: Desk | None = None, bounds: Bounds | None = None
    ) -> None:
        """Take the archive and the desk's records."""
        self.retriever, self.desk, self.bounds = retriever, desk or Desk(), bounds or Bounds()
        self.suggestions = Suggestions(retriever.index)
        self._remember = lru_cache(_REMEMBERED)(self._answer)

    def answer(self, turns: Sequence[str], language: str) -> Answer:
        """Return the answer to the newest turn, in the light of the turns before it."""
        return self._remember(tuple(turns), language)

    def _answer(self, turns: tuple[str, ...], language: str) -> Answer:
        asked = asking.asked(turns[-1])
        finding = self._find(turns, asked, language)
        asked, bodies = self._bodies(turns, asked)
        stance = decide(finding, asked, bodies, self.bounds)
        citations = prove(self._statements(stance, finding, asked, bodies))
        if stance == "answers" and not citations:
            stance = "nothing"
        shown = bodies if asked.phone or asked.email or stance == "lacks" else ()
        return Answer(
            stance,
            citations,
            finding,
            tuple(record.contact for record in shown),
            self.suggestions.after(citations, language),
        )

    def _find(self, turns: tuple[str, ...], asked: asking.Asked, language: str) -> Finding:
        if len(asked.parts) > 1 and len(turns) == 1:
            return self.retriever.find_blend([(asked.text, 1.0), *((p, 0.6) for p in asked.parts)])
        texts = asking.with_earlier(turns, asked)
        if len(texts) == 1:
            return self.retriever.find(texts[0])
        weights = (0.8, 0.2, 0.1) if asked.back else (0.5, 0.5, 0.25)
        before = self.answer(turns[:-1], language)
        said = frozenset(citation.quote for citation in before.citations[:1])
        return self.retriever.find_blend(list(zip(texts, weights, strict=False)), said=said)

    def _bodies(
        self, turns: tuple[str, ...], asked: asking.Asked
    ) -> tuple[asking.Asked, tuple[Record, ...]]:
        """Return the bodies that are meant, and the turn with what it inherits from the one before."""
        bodies = self.desk.contacts.named_in(asked.text)
        if len(turns) > 1 and asked.leans:
            for earlier in reversed(turns[:-1]):
                bodies = bodies or self.desk.contacts.named_in(earlier)
            if asked.corrects and bodies:
                before = asking.asked(turns[-2])
                asked = asking.Asked(
                    asked.text, asked.parts, before.phone, before.email, leans=True
                )
        return asked, bodies

    def _statements(
        self,
        stance: Stance,
        finding: Finding,
        asked: asking.Asked,
        bodies: tuple[Record, ...],
    ) -> tuple[Statement, ...]:
        if stance == "nothing":
            return ()
        if stance == "lacks":
            return quoting.pick(finding, quoting.Picking(most=1))
        if stance == "corrects":
            return quoting.pick(finding, quoting.Picking(share=0.5, most=2))
        numbers = [body.guide_quote for body in bodies if body.guide_quote]
        if asked.phone and numbers:
            return quoting.numbers_first(finding, numbers)
        if len(asked.parts) > 1:
            parts = [
                self.retriever.find_blend([(part, 1.0), (asked.text, 0.6)]) for part in asked.parts
            ]
            return quoting.pick_parts(finding, parts)
        return quoting.pick(finding, quoting.Picking(most=4) if _asks_two(finding) else None)

    def gap_in(self, citations: Sequence[Citation]) -> str | None:
        """Return what the source's text lacks at a quote, if the quote is a recorded gap."""
        for citation in citations:
            for quote, missing in self.desk.gaps.items():
                if collapse(quote) in collapse(citation.quote):
                    return missing
        return None


def _asks_two(finding: Finding) -> bool:
    """Tell whether the nearest known question needs several sentences to be answered."""
    return bool(finding.doors) and finding.doors[0][0].need_all
