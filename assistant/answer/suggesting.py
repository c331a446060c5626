"""Suggest what to ask next: short questions of the bank about the neighbouring sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assistant.archive.contents import Door
from assistant.archive.index import Index
from assistant.domain import Citation, Language
from assistant.language import say

_MOST = 3
_LONGEST = 90  # characters
_STYLES = ("plain", "paraphrase")
# What the assistant is for, when nothing of what was asked is found.
_STARTERS = ("page.example_contact", "page.example_duty", "page.example_role")


class Suggestions:
    """The bank's plainest questions by passage."""

    def __init__(self, index: Index) -> None:
        """Sort the doors that make good suggestions."""
        self._index = index
        self._by_passage: dict[str, list[Door]] = defaultdict(list)
        for door in index.doors:
            if (
                door.stance == "answers"
                and door.style in _STYLES
                and len(door.question) <= _LONGEST
            ):
                for passage_id in dict.fromkeys(passage_id for passage_id, _ in door.targets[:1]):
                    self._by_passage[passage_id].append(door)

    def after(self, citations: Sequence[Citation], language: Language) -> tuple[str, ...]:
        """Return up to three questions: on what stands beside the cited sentences, else one for each use."""
        if not citations:
            return tuple(say(language, name) for name in _STARTERS)
        quoted = {citation.quote for citation in citations}
        row = self._index.passage_row[citations[0].passage.id]
        near = [row, *(r for d in (1, -1, 2) if 0 <= (r := row + d) < len(self._index.passages))]
        found: dict[str, str] = {}  # first target sentence -> question
        for place in near:
            for door in self._by_passage[self._index.passages[place].id]:
                target = door.targets[0][1]
                if door.language == language and target not in quoted:
                    found.setdefault(target, door.question)
        return tuple(found.values())[:_MOST]
