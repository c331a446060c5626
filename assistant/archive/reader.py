"""Reads a question with the encoder that was tuned on the question bank, and tells its likely stance."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from assistant.domain import Attender, Embedder
from assistant.errors import CorpusError, WeightsError

if TYPE_CHECKING:
    # At run time this file must load without torch: the front door is imported together with it.
    from assistant.archive.embedding import SentenceEmbedder

_LOG = logging.getLogger(__name__)
STANCES = ("answers", "lacks", "corrects", "off_topic")


@dataclass(frozen=True)
class Reading:
    """A question's vector among the doors, and how likely each stance is (adds up to 1)."""

    vector: Sequence[float]
    stances: Mapping[str, float] = field(default_factory=dict)  # empty when no tuned reader fits


class QuestionReader:
    """Embeds questions for the doors; with the tuned adapter also judges what they ask for."""

    def __init__(
        self, embedder: Embedder, folder: Path | None = None, attender: Attender | None = None
    ) -> None:
        """Wrap an embedder; `folder` holds the stance head of the tuned one, `attender` its other face."""
        self.embedder, self._attender = embedder, attender
        self.tuned = folder is not None and attender is not None
        if folder is None:
            return
        try:
            head = load_file(folder / "head.safetensors")
            settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
            self._weight, self._bias, self._sharp = head["weight"], head["bias"], settings["sharp"]
            self._looks = head["looks"].tolist()
            self._search_look = bool(settings.get("search_look", False))
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise CorpusError(folder, f"tilpasningen kan ikke leses ({error}).") from error

    @property
    def fingerprint(self) -> str:
        """Return the name of the weights that the doors must have been embedded with."""
        return self.embedder.fingerprint

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed questions as the doors are embedded; one unit vector a text."""
        return [list(reading.vector) for reading in self.read(texts)]

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed passages with the embedder behind the reader; one unit vector a text."""
        return self.embedder.passages(texts)

    def read(self, questions: Sequence[str]) -> list[Reading]:
        """Return one reading a question."""
        if self._attender is None or not self.tuned or not questions:
            return [Reading(vector) for vector in self.embedder.queries(questions)]
        seen = np.asarray(self._attender.attended(questions, self._looks), np.float32)
        width = seen.shape[1] // (1 + len(self._looks))
        vectors = seen[:, :width]
        if self._search_look:  # the first look finds the question in a long case
            vectors = vectors + seen[:, width : 2 * width]
            vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        logits = seen * self._sharp @ self._weight.T + self._bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = powers / powers.sum(axis=1, keepdims=True)
        return [
            Reading(vector, dict(zip(STANCES, map(float, row), strict=True)))
            for vector, row in zip(vectors.tolist(), shares, strict=True)
        ]


def open_reader(embedder: SentenceEmbedder, corpus_dir: Path) -> QuestionReader:
    """Return the tuned reader if its adapter fits these weights, else one over the plain embedder."""
    folder = corpus_dir / "questions" / "adapter"
    if not folder.is_dir():
        return QuestionReader(embedder)
    try:
        adapted = embedder.adapted(folder)
        return QuestionReader(adapted, folder, adapted)
    except WeightsError as error:
        _LOG.warning("Spørsmål leses uten tilpasningen: %s", error)
        return QuestionReader(embedder)
