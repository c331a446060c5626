"""The sources the reader was made for, compared one by one, so that no other text crowds them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.archive.index import Index
from assistant.archive.vectors import Kind
from assistant.domain import GUIDE, Authority

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Known:
    """What the reader and the question bank were made for: the guide, the law, and sources that doors lead to.

    Its vectors are compared one by one: however much text is added beside it, nothing crowds it out of
    Chroma's nearest, and its keywords keep their own scale.
    """

    mask: Rows  # one a row of its kind
    rows: npt.NDArray[np.int64]
    vectors: Scores  # rows x width

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
        return cls(np.array(known, bool), np.array(held, np.int64), vectors)

    def nearest(self, vector: Sequence[float], count: int) -> list[tuple[int, float]]:
        """Return up to `count` (row, cosine), nearest first."""
        if not len(self.rows):
            return []
        cosines = self.vectors @ np.asarray(vector, np.float32)
        order = np.argsort(-cosines, kind="stable")[:count]
        return [(int(self.rows[n]), float(cosines[n])) for n in order]

    def rescaled(self, scores: Scores) -> Scores:
        """Return scores whose best among the known is 1; the rest keep theirs."""
        best = float(scores[self.mask].max(initial=0.0))
        return np.where(self.mask, scores / best, scores) if best > 0 else scores
