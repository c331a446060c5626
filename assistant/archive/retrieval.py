"""Find the passages and sentences that answer a question, by the scores of all its readings together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.archive.contents import Door
from assistant.archive.index import Index, sentence_ids
from assistant.archive.known import Rows, Scores
from assistant.archive.reader import QuestionReader, Reading
from assistant.archive.scoring import Scorer, Signals, Weights
from assistant.domain import GUIDE, Embedder, Hit, Passage, Sentence

_NEAREST_DOORS = 60
_FEW = 100  # sentences of unknown sources that need no more than the plain margin


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
        self.scorer = Scorer(index, tuned=self.reader.tuned)
        self._known = self.scorer.known["sentences"].mask
        self._known_passages = self.scorer.known["passages"].mask
        self._others = np.array(
            [index.passages[row].source_id != GUIDE for row, _ in index.units], bool
        )
        strange = max(_FEW, int((~self._known).sum()))
        spread = math.sqrt(2 * math.log(strange)) - math.sqrt(2 * math.log(_FEW))
        self._by_chance = self.weights.elsewhere_spread * spread
        # The best of many is near by chance, so what stands in many strange sentences counts for less.
        self._modest = 1 / (1 + spread)

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
        all_scores = [
            self.scorer.signals(*each, self.weights)
            for each in zip(texts, vectors, readings, strict=True)
        ]
        shares = np.array([weight for _, weight in questions], np.float32)
        fused = [self.scorer.fused(scores, self.weights) for scores in all_scores]
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
            self._hits(self._damped(passage_score, self._known_passages), count),
            self._units(self._damped(unit_score, self._known), 6 * count),
            _nearest_doors(scores.doors for scores in all_scores),
            max(scores.top_cosine for scores in all_scores),
            stances,
            self._elsewhere(all_scores[0]),
        )

    def _damped(self, scores: Scores, known: Rows) -> Scores:
        """Return scores with those of strange sources made modest, so that their number pushes nothing out."""
        return np.where(known, scores, self._modest * scores)

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
        weights, known = self.weights, self._known
        nearest = max((c for door, c in scores.doors if door.stance == "answers"), default=0.0)
        if nearest >= weights.elsewhere_known:
            return ()
        for rows, rivals, margin in (
            (~known, known, weights.elsewhere + self._by_chance),
            (known & self._others, ~self._others, weights.elsewhere),
        ):
            if self._is_nearer(scores, rows, rivals, margin):
                least = np.where(rows, scores.sentence + 0.5 * scores.words_together, -1.0)
                return self._units(least, 6)
        return ()

    def _is_nearer(self, scores: Signals, rows: Rows, rivals: Rows, margin: float) -> bool:
        """Tell whether the best of some sentences is clearly nearer than the best of their rivals."""
        if not rows.any() or not rivals.any():
            return False
        sentence, words = scores.sentence, scores.words_together
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


def _nearest_doors(found: Iterable[Sequence[tuple[Door, float]]]) -> tuple[tuple[Door, float], ...]:
    """Return the nearest doors over several readings, each door once with its best cosine."""
    best: dict[str, tuple[Door, float]] = {}
    for doors in found:
        for door, cosine in doors:
            if door.id not in best or cosine > best[door.id][1]:
                best[door.id] = (door, cosine)
    return tuple(sorted(best.values(), key=lambda pair: -pair[1])[:_NEAREST_DOORS])
