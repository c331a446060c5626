"""Rank texts by BM25 over character 4-grams, which find the parts of Norwegian compounds; owns bm25s."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from assistant.language import words

_GRAM = 4  # characters; measured better than stemmed words on Norwegian


def grams(text: str) -> list[str]:
    """Return the character 4-grams of every folded word, short words whole."""
    found: list[str] = []
    for word in words(text):
        padded = f"_{word}_"
        found += [padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1))]
    return found


class Keywords:
    """A BM25 index over texts in a fixed order."""

    def __init__(self, model: bm25s.BM25, size: int) -> None:
        """Wrap a built model over `size` texts."""
        self._model, self._size = model, size

    @classmethod
    def build(cls, texts: Sequence[str]) -> Keywords:
        """Index the texts; their order is the order of the scores."""
        model = bm25s.BM25()
        model.index([grams(text) or ["_"] for text in texts], show_progress=False)
        return cls(model, len(texts))

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """Return one score a text, scaled so that the best is 1 (all 0 when nothing matches)."""
        known = [gram for gram in grams(question) if gram in self._model.vocab_dict]
        if not known:
            return np.zeros(self._size, np.float32)
        raw = np.asarray(self._model.get_scores(known), np.float32)
        return raw / max(float(raw.max()), 1e-9)

    def save(self, folder: Path) -> None:
        """Write the index to a folder."""
        self._model.save(str(folder))

    @classmethod
    def load(cls, folder: Path, size: int) -> Keywords:
        """Read an index of `size` texts back, memory-mapped."""
        return cls(bm25s.BM25.load(str(folder), mmap=True), size)
