"""The learned second signal over sentence embeddings; it may only raise a level."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

from assistant.domain import CATEGORIES, Attender, Level, SignalScore
from assistant.errors import CorpusError
from assistant.language import CONTEXT, collapse, is_pleasantry, sentences, visible, with_context

LABELS = ("ingen", *CATEGORIES)
Matrix = npt.NDArray[np.float32]
_WINDOW = 320  # characters of a window: a few sentences
_SENTENCE = 110  # characters of a sentence by itself, or of two short ones
_WHOLE = 1600  # characters that are judged in one piece, about 400 tokens
_REMEMBERED = 512  # long earlier turns whose gist is kept
_MOST_WINDOWS = 400  # of a very long message: beyond 100,000 characters windows grow


class Scorer(Protocol):
    """Gives every text a logit for each of LABELS."""

    def logits(self, texts: Sequence[str]) -> Matrix:
        """Return texts x labels."""
        ...


@dataclass(frozen=True)
class Thresholds:
    """Where caution and escalation begin, per category; set on held-back examples."""

    lower: Mapping[str, float]
    upper: Mapping[str, float]
    window: float = 0.7  # how much a window's probability counts against the whole message's
    sentence: float = 0.0  # the same for a sentence by itself: neutral company cannot hide it


class TunedHead:
    """A linear head over what the fine-tuned encoder sees: the whole text, and what its looks find in it."""

    def __init__(self, embedder: Attender, folder: Path) -> None:
        """Read the head that was trained with the adapter in `folder`."""
        try:
            head = load_file(folder / "head.safetensors")
            settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
            self._sharp = float(settings["sharp"])
            self._weight, self._bias = head["weight"], head["bias"]
            self._looks = head["looks"].tolist()
        except (OSError, ValueError, KeyError) as error:
            raise CorpusError(folder, f"det lærte signalet kan ikke leses ({error}).") from error
        self._embedder = embedder

    def logits(self, texts: Sequence[str]) -> Matrix:
        """Return texts x labels."""
        vectors = np.asarray(self._embedder.attended(texts, self._looks), np.float32)
        return np.asarray(vectors * self._sharp @ self._weight.T + self._bias, np.float32)


class LearnedSignal:
    """Judges a message as a whole and window by window, so that one clause in a long case is enough."""

    def __init__(self, scorer: Scorer, thresholds: Thresholds) -> None:
        """Take what scores texts and the thresholds that fit it."""
        self._scorer, self._thresholds = scorer, thresholds
        self._gist = lru_cache(_REMEMBERED)(self._read_gist)

    def score(self, turns: Sequence[str]) -> SignalScore:
        """Judge the newest of the turns, with what came before it."""
        newest = collapse(visible(turns[-1]))
        if not newest or is_pleasantry(newest):
            return SignalScore("ingen", 0.0, Level.ORDINARY)
        earlier = tuple(self._gist(collapse(visible(turn))) for turn in turns[:-1])
        pieces, weights = _pieces((*earlier, newest), newest, self._thresholds)
        logits = self._scorer.logits(pieces)
        if earlier:
            # Midway between the turn in its context and the turn by itself: one that says it is over
            # must not inherit the danger of the turn before.
            logits[0] = (logits[0] + logits[1]) / 2
        shares = softmax(logits)
        danger = (1 - shares[:, 0]) * weights
        row = int(danger.argmax())
        category = LABELS[1 + int(shares[row, 1:].argmax())]
        probability = float(danger[row])
        level = self._level(category, probability)
        return SignalScore(
            category,
            round(probability, 3),
            level,
            pieces[row][:120],
            from_context=row == 0 and bool(earlier),
        )

    def _read_gist(self, turn: str) -> str:
        """Return an earlier turn as context: a long one is remembered by its most dangerous window."""
        parts = windows(turn) if len(turn) > CONTEXT // 2 else []
        if not parts:
            return turn
        shares = softmax(self._scorer.logits(parts))
        return parts[int(shares[:, 0].argmin())]

    def _level(self, category: str, probability: float) -> Level:
        if probability >= self._thresholds.upper[category]:
            return Level.ESCALATE
        if probability >= self._thresholds.lower[category]:
            return Level.CAUTION
        return Level.ORDINARY


def load_thresholds(file: Path) -> Thresholds:
    """Read thresholds; raise CorpusError when a category is missing."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        thresholds = Thresholds(
            raw["lower"], raw["upper"], float(raw["window"]), float(raw.get("sentence", 0.0))
        )
        missing = [c for c in CATEGORIES if not 0 < thresholds.lower[c] <= thresholds.upper[c] <= 1]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(file, f"tersklene kan ikke leses ({error}).") from error
    if missing:
        raise CorpusError(file, f"tersklene er ikke gyldige for {', '.join(missing)}.")
    return thresholds


def windows(text: str, size: int = _WINDOW) -> list[str]:
    """Return overlapping runs of sentences of about `size` characters; none for a text of one run."""
    size = max(size, len(text) // _MOST_WINDOWS)
    parts = [part for sentence in sentences(text) for part in _cut(sentence, size)]
    found: list[str] = []
    start = 0
    while start < len(parts):
        end = start + 1
        while end < len(parts) and len(" ".join(parts[start : end + 1])) <= size:
            end += 1
        found.append(" ".join(parts[start:end]))
        if end == len(parts):
            break
        # The last sentence of a window opens the next, so that no pair is torn apart.
        start = max(start + 1, end - 1)
    return found if len(found) > 1 else []


def softmax(logits: Matrix) -> Matrix:
    """Return probabilities row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _pieces(turns: Sequence[str], newest: str, thresholds: Thresholds) -> tuple[list[str], Matrix]:
    """Return what is judged and how much each counts: whole, alone if it has context, windows, sentences."""
    whole = with_context((*turns[:-1], newest[:_WHOLE]))
    alone = [newest[:_WHOLE]] if len(turns) > 1 else []
    parts = windows(newest)
    # Beyond _WHOLE the windows do the work; sentence by sentence would cost seconds.
    single = windows(newest, _SENTENCE) if thresholds.sentence and len(newest) <= _WHOLE else []
    weights = [
        1.0,
        *[0.0 for _ in alone],  # it counts through the whole
        *[thresholds.window for _ in parts],
        *[thresholds.sentence for _ in single],
    ]
    return [whole, *alone, *parts, *single], np.array(weights, np.float32)


def _cut(sentence: str, size: int) -> list[str]:
    """Cut a sentence that is longer than a window at spaces."""
    parts = []
    while len(sentence) > size:
        space = sentence.rfind(" ", size // 3, size)
        end = space if space > 0 else size
        parts.append(sentence[:end])
        sentence = sentence[end:].lstrip()
    return [*parts, sentence] if sentence else parts
