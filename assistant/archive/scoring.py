"""Score every passage and sentence for one reading of a question: dense, keywords and doors, then fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from assistant.archive.contents import Door
from assistant.archive.index import Index
from assistant.archive.known import Known, Scores
from assistant.archive.reader import Reading
from assistant.archive.vectors import Kind


@dataclass(frozen=True)
class Weights:
    """How the signals are fused; measured across authors of the question bank (docs/maalinger.md)."""

    dense: float = 0.05  # question to passage
    sentence: float = 0.10  # question to the passage's best sentence
    tuned: float = 1.00  # tuned question to the passage's best sentence
    door: float = 1.00  # tuned question to the best of the passage's doors
    keyword: float = 0.12  # BM25 over character 4-grams
    floor: float = 0.72  # cosine that counts as nothing: plain e5 seldom goes below
    tuned_floor: float = 0.20
    door_floor: float = 0.30
    candidates: int = 80  # passages asked of Chroma
    doors: int = 200  # doors asked of Chroma
    # A sentence outside the guide answers when its scaled cosine is this much nearer than the guide's,
    elsewhere: float = 0.02
    elsewhere_least: float = 0.46  # and itself at least this (0.85 unscaled),
    # and, in sources the reader does not know, by as much more as the best of many is nearer by chance,
    elsewhere_spread: float = 0.08
    elsewhere_words: float = 0.20  # its words fit this much better,
    elsewhere_known: float = 0.80  # and no known question has a cosine above this


@dataclass(frozen=True)
class Signals:
    """The signals of one question: one number a passage, or a sentence, each 0 to 1."""

    dense: Scores
    sentence: Scores
    tuned: Scores
    door: Scores
    passage_words: Scores
    sentence_words: Scores
    words_together: Scores  # of sentences, known and strange on one scale
    doors: tuple[tuple[Door, float], ...]
    top_cosine: float


class Scorer:
    """Scores the passages and sentences of one index."""

    def __init__(self, index: Index, *, tuned: bool) -> None:
        """Read the vectors of the known sources; `tuned` tells that readings are a tuned reader's.

        Raises StorageError.
        """
        self.index, self.tuned = index, tuned
        self.known: dict[Kind, Known] = {
            "passages": Known.of(index, "passages"),
            "sentences": Known.of(index, "sentences"),
        }
        self._owner = np.asarray([row for row, _ in index.units], np.int64)
        self._ending = [row for row, passage in enumerate(index.passages) if passage.until]
        self._unit_of = {
            (index.passages[row].id, sentence.text): n
            for n, (row, sentence) in enumerate(index.units)
        }

    def signals(
        self, question: str, vector: Sequence[float], reading: Reading, weights: Weights
    ) -> Signals:
        """Return every signal by itself, before fusion."""
        index = self.index
        dense, best = self._nearest("passages", vector, weights.candidates, weights.floor)
        sentence, best_sentence = self._nearest(
            "sentences", vector, 3 * weights.candidates, weights.floor
        )
        tuned = np.zeros_like(sentence)
        if self.tuned:
            tuned, _ = self._nearest(
                "sentences", reading.vector, 3 * weights.candidates, weights.tuned_floor
            )
            tuned[~self.known["sentences"].mask] = 0.0  # the reader never saw what they say
        doors = self._doors(reading.vector, weights.doors)
        lapsed = self._lapsed()
        units = np.isin(self._owner, lapsed)
        whole = index.sentence_keywords.scores(question)
        sentence_words = self.known["sentences"].with_own_keywords(question, whole)
        passage_words = self.known["passages"].with_own_keywords(
            question, index.passage_keywords.scores(question)
        )
        return Signals(
            _without(lapsed, dense),
            _without(units, sentence),
            _without(units, tuned),
            _without(units, self._by_unit(doors, weights)),
            _without(lapsed, passage_words),
            _without(units, sentence_words),
            _without(units, whole),
            tuple(doors),
            max(best, best_sentence),
        )

    def _lapsed(self) -> npt.NDArray[np.int64]:
        """Return the passages whose words no longer apply: they are found by nothing."""
        today = date.today()
        rows = [row for row in self._ending if self.index.passages[row].lapsed(today)]
        return np.array(rows, np.int64)

    def fused(self, scores: Signals, weights: Weights) -> tuple[Scores, Scores]:
        """Return the fused score of every passage and of every sentence."""
        owner, size = self._owner, len(self.index.passages)
        passage = (
            weights.dense * scores.dense
            + weights.sentence * _best_per(owner, scores.sentence, size)
            + weights.tuned * _best_per(owner, scores.tuned, size)
            + weights.door * _best_per(owner, scores.door, size)
            + weights.keyword * scores.passage_words
        )
        unit = (
            0.5 * weights.dense * scores.dense[owner]
            + weights.sentence * scores.sentence
            + weights.tuned * scores.tuned
            + weights.door * scores.door
            + weights.keyword * scores.sentence_words
        )
        return passage, unit

    def _nearest(
        self, kind: Kind, vector: Sequence[float], count: int, floor: float
    ) -> tuple[Scores, float]:
        """Return a score (0 to 1) for every row, 0 where not among the nearest, and the best cosine."""
        rows = self.index.passage_row if kind == "passages" else self.index.unit_row
        scores = np.zeros(len(rows), np.float32)
        known = self.known[kind]
        found = self.index.vectors.nearest(kind, vector, min(count, len(rows)))
        nearest = known.nearest(vector, count)
        for row, cosine in (*nearest, *((rows[id_], cosine) for id_, cosine in found)):
            scores[row] = max(0.0, (cosine - floor) / (1 - floor))
        best = nearest or [(0, cosine) for _, cosine in found]
        return scores, best[0][1] if best else 0.0

    def _doors(self, vector: Sequence[float], most: int) -> list[tuple[Door, float]]:
        count = min(most, len(self.index.doors))
        if not count:
            return []
        return [
            (self.index.doors[self.index.door_row[id_]], cosine)
            for id_, cosine in self.index.vectors.nearest("doors", vector, count)
        ]

    def _by_unit(self, doors: Sequence[tuple[Door, float]], weights: Weights) -> Scores:
        floor = weights.door_floor if self.tuned else weights.floor
        scores = np.zeros(len(self.index.units), np.float32)
        for door, cosine in doors:
            for target in door.targets:
                row = self._unit_of.get(target)
                if row is not None:
                    scores[row] = max(scores[row], (cosine - floor) / (1 - floor))
        return scores


def _best_per(owner: npt.NDArray[np.int64], scores: Scores, size: int) -> Scores:
    best = np.zeros(size, np.float32)
    np.maximum.at(best, owner, scores)
    return best


def _without(rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_], scores: Scores) -> Scores:
    kept = scores.copy()
    kept[rows] = 0.0
    return kept
