"""Rank passages and sentences for a question: dense, best sentence, character 4-grams and doors, fused."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.archive.index import Door, Index, Kind, sentence_ids
from assistant.archive.known import Known, Rows, Scores
from assistant.archive.reader import QuestionReader, Reading
from assistant.domain import GUIDE, Embedder, Hit, Passage, Sentence

_NEAREST_DOORS = 60
_FEW = 100  # sentences of unknown sources that need no more than the plain margin


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
class Unit:
    """One sentence found, with the passage it stands in and its own score."""

    passage: Passage
    sentence: Sentence
    score: float


@dataclass(frozen=True)
class Finding:
    """What retrieval knows about one question, best first."""

    hits: tuple[Hit, ...]
    units: tuple[Unit, ...]
    doors: tuple[tuple[Door, float], ...] = ()
    top_cosine: float = 0.0  # plain cosine of the nearest passage or sentence that the reader knows
    stances: Mapping[str, float] = field(default_factory=dict)
    elsewhere: tuple[Unit, ...] = ()  # the best sentences outside the guide, if clearly nearer


class Retriever:
    """Searches one index with the embedder and the question reader it was built with."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        reader: QuestionReader | None = None,
        weights: Weights | None = None,
    ) -> None:
        """Keep the index, the embedder and the reader; both must be those of the build."""
        self.index, self.embedder = index, embedder
        self.reader = reader or QuestionReader(embedder)
        self.weights = weights or Weights()
        owners = [row for row, _ in index.units]
        self._owner = np.asarray(owners, np.int64)
        self._others = np.array([index.passages[row].source_id != GUIDE for row in owners], bool)
        self._known: dict[Kind, Known] = {
            "passages": Known.of(index, "passages"),
            "sentences": Known.of(index, "sentences"),
        }
        strange = max(_FEW, int((~self._known["sentences"].mask).sum()))
        spread = math.sqrt(2 * math.log(strange)) - math.sqrt(2 * math.log(_FEW))
        self._by_chance = self.weights.elsewhere_spread * spread
        self._unit_of = {
            (index.passages[row].id, sentence.text): n
            for n, (row, sentence) in enumerate(index.units)
        }

    def find(self, question: str, *, count: int = 10) -> Finding:
        """Return the passages, sentences and doors nearest to a question."""
        return self.find_blend([(question, 1.0)], count=count)

    def find_blend(
        self,
        questions: Sequence[tuple[str, float]],
        *,
        count: int = 10,
    ) -> Finding:
        """Return what is nearest to several readings of one question, each with its weight.

        The first reading is the newest turn itself. The stances are the blend's too.
        """
        if not self.index.passages:
            return Finding((), ())
        texts = [text for text, _ in questions]
        vectors = self.embedder.queries(texts)
        readings = self.reader.read(texts) if self.reader.tuned else [Reading(v) for v in vectors]
        all_scores = [self.scores(*each) for each in zip(texts, vectors, readings, strict=True)]
        shares = np.array([weight for _, weight in questions], np.float32)
        fused = [self._fuse(scores) for scores in all_scores]
        passage_score = sum(w * f[0] for w, f in zip(shares, fused, strict=True)) / shares.sum()
        unit_score = sum(w * f[1] for w, f in zip(shares, fused, strict=True)) / shares.sum()
        stances = {
            stance: float(
                sum(w * r.stances[stance] for w, r in zip(shares, readings, strict=True))
                / shares.sum()
            )
            for stance in readings[0].stances
        }
        return Finding(
            self._hits(passage_score, count),
            self._units(unit_score, 6 * count),
            _nearest_doors(scores.doors for scores in all_scores),
            max(scores.top_cosine for scores in all_scores),
            stances,
            self._elsewhere(all_scores[0]),
        )

    def within(self, question: str, passages: Sequence[Passage]) -> tuple[Unit, ...]:
        """Return the sentences of some passages, those nearest to a question first."""
        (vector,) = self.embedder.queries([question])
        ids = {
            id_: (p, s)
            for p in passages
            for id_, s in zip(sentence_ids([p]), p.sentences, strict=True)
        }
        stored = self.index.vectors.get("sentences", list(ids))
        found = [Unit(*ids[id_], float(np.dot(vector, row))) for id_, row in stored.items()]
        return tuple(sorted(found, key=lambda unit: -unit.score))

    def _elsewhere(self, scores: Signals) -> tuple[Unit, ...]:
        """Return the best sentences outside the guide when both meaning and words are clearly nearer.

        The tuned reader and the doors know the guide best, so they have no say here.
        """
        weights, known = self.weights, self._known["sentences"].mask
        nearest = max((c for door, c in scores.doors if door.stance == "answers"), default=0.0)
        if nearest >= weights.elsewhere_known:
            return ()
        for rows, rivals, margin in (
            (~known, known, weights.elsewhere + self._by_chance),
            (known & self._others, ~self._others, weights.elsewhere),
        ):
            if self._is_nearer(scores, rows, rivals, margin):
                least = np.where(rows, scores.sentence + 0.5 * scores.sentence_words, -1.0)
                return self._units(least, 6)
        return ()

    def _is_nearer(self, scores: Signals, rows: Rows, rivals: Rows, margin: float) -> bool:
        """Tell whether the best of some sentences is clearly nearer than the best of their rivals."""
        if not rows.any() or not rivals.any():
            return False
        sentence, words = scores.sentence, scores.sentence_words
        return bool(
            sentence[rows].max() >= self.weights.elsewhere_least
            and sentence[rows].max() - sentence[rivals].max() >= margin
            and words[rows].max() - words[rivals].max() >= self.weights.elsewhere_words
        )

    def _hits(self, scores: Scores, count: int) -> tuple[Hit, ...]:
        order = np.argsort(-scores, kind="stable")[:count]
        return tuple(Hit(self.index.passages[row], round(float(scores[row]), 4)) for row in order)

    def _units(self, scores: Scores, count: int) -> tuple[Unit, ...]:
        passages, units = self.index.passages, self.index.units
        order = np.argsort(-scores, kind="stable")[:count]
        return tuple(
            Unit(passages[units[row][0]], units[row][1], float(scores[row])) for row in order
        )

    def scores(self, question: str, vector: Sequence[float], reading: Reading) -> Signals:
        """Return every signal by itself, before fusion."""
        weights, index = self.weights, self.index
        dense, best = self._nearest("passages", vector, weights.candidates, weights.floor)
        sentence, best_sentence = self._nearest(
            "sentences", vector, 3 * weights.candidates, weights.floor
        )
        tuned = np.zeros_like(sentence)
        if self.reader.tuned:
            tuned, _ = self._nearest(
                "sentences", reading.vector, 3 * weights.candidates, weights.tuned_floor
            )
            tuned[~self._known["sentences"].mask] = 0.0  # the reader never saw what they say
        doors = self._doors(reading.vector)
        return Signals(
            dense,
            sentence,
            tuned,
            self._by_unit(doors),
            index.passage_keywords.scores(question),
            index.sentence_keywords.scores(question),
            tuple(doors),
            max(best, best_sentence),
        )

    def _fuse(self, scores: Signals) -> tuple[Scores, Scores]:
        """Return the fused score of every passage and of every sentence."""
        weights, owner, size = self.weights, self._owner, len(self.index.passages)
        passage_words = self._known["passages"].rescaled(scores.passage_words)
        sentence_words = self._known["sentences"].rescaled(scores.sentence_words)
        passage = (
            weights.dense * scores.dense
            + weights.sentence * _best_per(owner, scores.sentence, size)
            + weights.tuned * _best_per(owner, scores.tuned, size)
            + weights.door * _best_per(owner, scores.door, size)
            + weights.keyword * passage_words
        )
        unit = (
            0.5 * weights.dense * scores.dense[owner]
            + weights.sentence * scores.sentence
            + weights.tuned * scores.tuned
            + weights.door * scores.door
            + weights.keyword * sentence_words
        )
        return passage, unit

    def _nearest(
        self, kind: Kind, vector: Sequence[float], count: int, floor: float
    ) -> tuple[Scores, float]:
        """Return a score (0 to 1) for every row, 0 where not among the nearest, and the best cosine."""
        rows = self.index.passage_row if kind == "passages" else self.index.unit_row
        scores = np.zeros(len(rows), np.float32)
        known = self._known[kind]
        found = self.index.vectors.nearest(kind, vector, min(count, len(rows)))
        nearest = known.nearest(vector, count)
        for row, cosine in (*nearest, *((rows[id_], cosine) for id_, cosine in found)):
            scores[row] = max(0.0, (cosine - floor) / (1 - floor))
        best = nearest or [(0, cosine) for _, cosine in found]
        return scores, best[0][1] if best else 0.0

    def _doors(self, vector: Sequence[float]) -> list[tuple[Door, float]]:
        count = min(self.weights.doors, len(self.index.doors))
        if not count:
            return []
        return [
            (self.index.doors[self.index.door_row[id_]], cosine)
            for id_, cosine in self.index.vectors.nearest("doors", vector, count)
        ]

    def _by_unit(self, doors: Sequence[tuple[Door, float]]) -> Scores:
        floor = self.weights.door_floor if self.reader.tuned else self.weights.floor
        scores = np.zeros(len(self.index.units), np.float32)
        for door, cosine in doors:
            for target in door.targets:
                row = self._unit_of.get(target)
                if row is not None:
                    scores[row] = max(scores[row], (cosine - floor) / (1 - floor))
        return scores


@dataclass(frozen=True)
class Signals:
    """The signals of one question: one number a passage, or a sentence, each 0 to 1."""

    dense: Scores
    sentence: Scores
    tuned: Scores
    door: Scores
    passage_words: Scores
    sentence_words: Scores
    doors: tuple[tuple[Door, float], ...]
    top_cosine: float


def _nearest_doors(found: Iterable[Sequence[tuple[Door, float]]]) -> tuple[tuple[Door, float], ...]:
    """Return the nearest doors over several readings, each door once with its best cosine."""
    best: dict[str, tuple[Door, float]] = {}
    for doors in found:
        for door, cosine in doors:
            if door.id not in best or cosine > best[door.id][1]:
                best[door.id] = (door, cosine)
    return tuple(sorted(best.values(), key=lambda pair: -pair[1])[:_NEAREST_DOORS])


def _best_per(owner: npt.NDArray[np.int64], scores: Scores, size: int) -> Scores:
    best = np.zeros(size, np.float32)
    np.maximum.at(best, owner, scores)
    return best
