"""The law beside the guide: the §§ that are named, those of the asker's own office, and those that are newer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer.asking import Asked
from assistant.answer.citing import Statement
from assistant.archive.retrieval import Finding, Retriever, Unit
from assistant.desk.acts import Acts, NotHeld
from assistant.desk.corrections import overtaken
from assistant.desk.duties import Office
from assistant.desk.moved import Moved, moved_in
from assistant.desk.records import Desk
from assistant.domain import Authority, Citation, Passage


@dataclass(frozen=True)
class NamedLaw:
    """The §§ a question names: where one has moved to, those we hold, and those that cannot be quoted here."""

    moved: Moved | None
    held: tuple[Passage, ...]
    missing: tuple[NotHeld, ...]
    asked_for: bool  # the question is what they say

    @property
    def is_out_of_reach(self) -> bool:
        """Tell whether a § is asked for and none of its words can be quoted: nothing may stand in for them."""
        return self.asked_for and not self.held and bool(self.missing or self.moved)


class Law:
    """Finds the §§ that belong to a question, in one archive."""

    def __init__(self, retriever: Retriever, desk: Desk) -> None:
        """Sort the acts that are held."""
        self.retriever, self.desk = retriever, desk
        self.acts = Acts(retriever.index.passages, desk.acts, desk.moves)

    def named(self, turns: Sequence[str], asked: Asked) -> NamedLaw:
        """Return the §§ that a turn names, as they stand now; one that leans may take the act from before."""
        found = self.acts.named_in(asked.text, turns[:-1] if asked.leans else ())
        moved = moved_in(asked.text, self.desk.moves)
        if moved is None or any(moved.is_cited_by(p.headings[0], p.url) for p in found.held):
            return NamedLaw(None, found.held, found.missing, found.asked_for)
        now = [p for p in self._in_force() if moved.url and p.url == moved.url]
        held = tuple(dict.fromkeys((*now, *found.held)))
        missing = (s for s in found.missing if not moved.is_cited_by(s.cited, s.url))
        return NamedLaw(moved, held, tuple(missing), found.asked_for)

    def speaks_of(self, quote: str, named: NamedLaw) -> bool:
        """Tell whether some words themselves refer to a § that was asked for and cannot be quoted."""
        moved = named.moved is not None and moved_in(quote, [named.moved]) is not None
        return moved or self.acts.names_any(quote, named.missing)

    def own(self, asked: Asked, finding: Finding, offices: Sequence[Office]) -> tuple[Unit, ...]:
        """Return the sentences of the § that says what an office may or must tell, the nearest first.

        None where the guide answers the very question or another source than the law is clearly nearer, or
        where no § of that kind is held.
        """
        known = max((c for door, c in finding.doors if door.stance == "answers"), default=0.0)
        nearer = any(u.passage.authority is not Authority.LAW for u in finding.elsewhere[:1])
        if not offices or nearer or known >= self.retriever.weights.elsewhere_known:
            return ()
        addresses = offices[0].asked_for(asked.text)
        held = [passage for passage in self._in_force() if passage.url in addresses]
        units = self.retriever.within(asked.text, held) if held else ()
        return tuple(unit for unit in units if unit.passage.id == units[0].passage.id)

    def without_others(self, finding: Finding, offices: Sequence[Office]) -> Finding:
        """Return a finding without the law of other offices: the duty of one is not that of another."""

        def fits(unit: Unit) -> bool:
            is_law = unit.passage.authority is Authority.LAW
            return not is_law or self.desk.duties.reaches(unit.passage.headings, offices)

        units, elsewhere = filter(fits, finding.units), filter(fits, finding.elsewhere)
        return replace(finding, units=tuple(units), elsewhere=tuple(elsewhere))

    def newer(self, citations: Sequence[Citation]) -> tuple[Statement, ...]:
        """Return how the §§ begin that have overtaken quoted words of the guide, where we hold them."""
        quoted = {citation.passage.id for citation in citations}
        quotes = [citation.quote for citation in citations]
        addresses = {c.url for c in overtaken(quotes, self.desk.corrections) if c.url}
        return tuple(
            Statement(passage.sentences[0].text, passage)
            for passage in self._in_force()
            if passage.url in addresses and passage.id not in quoted
        )

    def _in_force(self) -> list[Passage]:
        today = date.today()
        return [
            passage
            for passage in self.retriever.index.passages
            if passage.authority is Authority.LAW and not passage.lapsed(today)
        ]
