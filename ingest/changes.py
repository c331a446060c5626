"""Two readings of the corpus compared, passage by passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Passage
from assistant.language import collapse

Pair = tuple[Passage, Passage]  # as it was, as it is
Key = Callable[[Passage], tuple[str, ...]]


@dataclass(frozen=True)
class Changes:
    """Passages that came, went, were reworded under the same heading, or moved word for word."""

    kept: int
    added: tuple[Passage, ...]
    removed: tuple[Passage, ...]
    changed: tuple[Pair, ...]
    moved: tuple[Pair, ...]


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> Changes:
    """Compare two readings passage by passage, by their stable ids."""
    old_ids, new_ids = {p.id for p in old}, {p.id for p in new}
    gone = [passage for passage in old if passage.id not in new_ids]
    came = [passage for passage in new if passage.id not in old_ids]
    moved, gone, came = _pairs(gone, came, lambda p: (p.source_id, collapse(p.text)))
    changed, gone, came = _pairs(gone, came, lambda p: (p.source_id, *p.headings))
    kept = len(old_ids & new_ids)
    return Changes(kept, tuple(came), tuple(gone), tuple(changed), tuple(moved))


def _pairs(
    gone: list[Passage], came: list[Passage], key: Key
) -> tuple[list[Pair], list[Passage], list[Passage]]:
    """Pair what has the same key, in order; return the pairs and what is left on both sides."""
    waiting: dict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for passage in came:
        waiting[key(passage)].append(passage)
    pairs = [(p, waiting[key(p)].pop(0)) for p in gone if waiting[key(p)]]
    before, after = {p.id for p, _ in pairs}, {p.id for _, p in pairs}
    return pairs, [p for p in gone if p.id not in before], [p for p in came if p.id not in after]
