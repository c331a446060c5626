"""Rank passages and sentences for a question: dense, best sentence, character 4-grams and doors, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.archive.index import Door, Index
from assistant.domain import Embedder, Hit, Passage, Sentence

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """How the signals are fused; measured on the question bank across authors (`docs/maalinger.md`)."""

    dense: float = 0.30
    sentence: float = 0.30
    door: float = 0.45
    keyword: float = 0.22
    floor: float = 0.72  # cosine that counts as nothing: e5 seldom goes below
    candidates: int = 80  # passages asked of Chroma
    doors: int = 160  # doors asked of Chroma


@dataclass(frozen=True)
class Unit:
    """One sentence found, with the passage it stands in and its own score."""

    passage: Passage
    sentence: Sentence
    score: float
    door: float = 0.0  # cosine to the nearest question that this sentence answers


@dataclass(frozen=True)
class Finding:
    """What retrieval knows about one question, best first."""

    hits: tuple[Hit, ...]
    units: tuple[Unit, ...]
    doors: tuple[tuple[Door, float], ...] = field(default=())
    top_cosine: float = 0.0


class Retriever:
    """Searches one index with one embedder."""

    def __init__(self, index: Index, embedder: Embedder, weights: Weights | None = None) -> None:
        """Keep the index and the embedder it was built with."""
        self.index, self.embedder = index, embedder
        self.weights = weights or Weights()

    def find(
        self, question: str, *, count: int = 10, vector: Sequence[float] | None = None
    ) -> Finding:
        """Return the passages, sentences and doors nearest to a question.

        `vector` is the question's embedding when the caller has it already.
        """
        index, weights = self.index, self.weights
        if not index.passages:
            return Finding((), ())
        query = vector if vector is not None else self.embedder.queries([question])[0]
        dense = self._cosines("passages", query, weights.candidates, len(index.passages))
        unit_cos = self._cosines("sentences", query, 3 * weights.candidates, len(index.units))
        doors = self._doors(query)
        unit_door = self._by_unit(doors)
        unit_word = index.sentence_keywords.scores(question)
        owner = np.fromiter((row for row, _ in index.units), np.int64, len(index.units))
        best_unit = _best_per(owner, unit_cos, len(index.passages))
        best_door = _best_per(owner, unit_door, len(index.passages))
        words = index.passage_keywords.scores(question)
        passage_score = (
            weights.dense * dense
            + weights.sentence * best_unit
            + weights.door * best_door
            + weights.keyword * words
        )
        unit_score = (
            0.5 * weights.dense * dense[owner]
            + weights.sentence * unit_cos
            + weights.door * unit_door
            + weights.keyword * unit_word
        )
        order = np.argsort(-passage_score, kind="stable")[:count]
        hits = tuple(Hit(index.passages[row], round(float(passage_score[row]), 4)) for row in order)
        best = np.argsort(-unit_score, kind="stable")[: 6 * count]
        units = tuple(
            Unit(
                index.passages[index.units[row][0]],
                index.units[row][1],
                float(unit_score[row]),
                float(unit_door[row]),
            )
            for row in best
        )
        top = max(float(dense.max()), float(unit_cos.max())) * (1 - weights.floor) + weights.floor
        return Finding(hits, units, tuple(doors[:20]), top)

    def _cosines(self, kind: str, query: Sequence[float], count: int, size: int) -> Scores:
        """Return a score (0 to 1) for every row of a kind; rows not among the nearest get 0."""
        rows = self.index.passage_row if kind == "passages" else self.index.unit_row
        scores = np.zeros(size, np.float32)
        for id_, cosine in self.index.vectors.nearest(kind, query, min(count, size)):  # type: ignore[arg-type]
            scores[rows[id_]] = self._scaled(cosine)
        return scores

    def _scaled(self, cosine: float) -> float:
        return max(0.0, (cosine - self.weights.floor) / (1 - self.weights.floor))

    def _doors(self, query: Sequence[float]) -> list[tuple[Door, float]]:
        count = min(self.weights.doors, len(self.index.doors))
        if not count:
            return []
        return [
            (self.index.doors[self.index.door_row[id_]], cosine)
            for id_, cosine in self.index.vectors.nearest("doors", query, count)
        ]

    def _by_unit(self, doors: Sequence[tuple[Door, float]]) -> Scores:
        scores = np.zeros(len(self.index.units), np.float32)
        rows = {
            (self.index.passages[row].id, sentence.text): n
            for n, (row, sentence) in enumerate(self.index.units)
        }
        for door, cosine in doors:
            for target in door.targets:
                row = rows.get(target)
                if row is not None:
                    scores[row] = max(scores[row], self._scaled(cosine))
        return scores


def _best_per(owner: npt.NDArray[np.int64], scores: Scores, size: int) -> Scores:
    best = np.zeros(size, np.float32)
    np.maximum.at(best, owner, scores)
    return best
