"""The sources the reader was made for, compared one by one, so that no other text crowds them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.archive.contents import passage_words
from assistant.archive.index import Index
from assistant.archive.keywords import Keywords
from assistant.archive.vectors import Kind
from assistant.domain import GUIDE, Authority

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Known:
    """What the reader and the question bank were made for: the guide, the law, and sources that doors lead to.

    Its vectors are compared one by one and its keywords have an index of their own: however much text is
    added beside it, nothing crowds it out of Chroma's nearest or makes its words more or less rare.
    """

    mask: Rows  # one a row of its kind
    rows: npt.NDArray[np.int64]
    vectors: Scores  # rows x width
    keywords: Keywords | None  # of the rows of the mask; None where the whole index is known

    @classmethod
    def of(cls, index: Index, kind: Kind) -> Known:
        """Read the vectors of one kind; raises StorageError."""
        reached = {passage for door in index.doors for passage, _ in door.targets}
        sources = {index.passages[index.passage_row[id_]].source_id for id_ in reached} | {GUIDE}
        known = [p.source_id in sources or p.authority is Authority.LAW for p in index.passages]
        if kind == "sentences":
            known = [known[row] for row, _ in index.units]
        ids = list(index.passage_row if kind == "passages" else index.unit_row)
        rows = np.flatnonzero(np.array(known, bool))
        stored = index.vectors.get(kind, [ids[row] for row in rows])
        held = [row for row in rows if ids[row] in stored]
        vectors = np.array([stored[ids[row]] for row in held], np.float32)
        mask = np.array(known, bool)
        own = [text for text, is_known in zip(_texts(index, kind), known, strict=True) if is_known]
        keywords = Keywords.build(own) if own and not mask.all() else None
        return cls(mask, np.array(held, np.int64), vectors, keywords)

    def nearest(self, vector: Sequence[float], count: int) -> list[tuple[int, float]]:
        """Return up to `count` (row, cosine), nearest first."""
        if not len(self.rows):
            return []
        cosines = self.vectors @ np.asarray(vector, np.float32)
        order = np.argsort(-cosines, kind="stable")[:count]
        return [(int(self.rows[n]), float(cosines[n])) for n in order]

    def with_own_keywords(self, question: str, whole: Scores) -> Scores:
        """Return the keyword scores of the whole index with those of the known from their own."""
        if self.keywords is None:
            return whole
        scores = whole.copy()
        scores[self.mask] = self.keywords.scores(question)
        return scores


def _texts(index: Index, kind: Kind) -> list[str]:
    if kind == "passages":
        return [passage_words(passage) for passage in index.passages]
    return [sentence.text for _, sentence in index.units]
