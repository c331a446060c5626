"""Train the front door's fallback signal where the fine-tuned one does not fit the weights."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from assistant.archive.embedding import SentenceEmbedder
from assistant.domain import Embedder
from assistant.errors import WeightsError
from assistant.safety.regression import Regression
from assistant.settings import Settings
from ingest.clock import Progress
from ingest.tuning.examples import LABELS, Example, held_back, read_examples, read_questions

_WHAT = "Lærer opp reservesignalet"
# At ingest somebody waits: with 5,000 texts to embed the training ends within two minutes on two cores.
_MOST = 4100  # routing examples, drawn label by label
_QUESTIONS = 900  # harmless questions of the bank beside the routing examples
_CHUNK = 250  # texts embedded between two reports
_SEED = 1

_LOG = logging.getLogger(__name__)


def adapter_fits(settings: Settings, embedder: SentenceEmbedder) -> bool:
    """Tell whether the committed adapter was made for these weights."""
    folder = settings.corpus_dir / "routing" / "adapter"
    try:
        embedder.adapted(folder)
    except WeightsError:
        return False
    return True


def train_fallback(
    settings: Settings, embedder: SentenceEmbedder, progress: Progress
) -> Path | None:
    """Fit the regression on corpus/routing and return the folder it was stored in; deterministic.

    A corpus without examples of every kind gets None: its front door stands on the triggers. Raises
    CorpusError for an example that cannot be read, StorageError when the folder cannot be written.
    """
    examples = _examples(settings.corpus_dir)
    if {example.label for example in examples} != set(LABELS):
        _LOG.warning(
            "%s mangler eksempler. Faremeldinger kontrolleres med utløserne alene.",
            settings.corpus_dir / "routing",
        )
        return None
    texts = [example.text for example in examples]
    labels = [LABELS.index(example.label) for example in examples]
    folder = settings.data_dir / "signal"
    Regression.fit(_Reporting(embedder, progress), texts, labels).save(folder)
    progress(_WHAT, len(texts), len(texts))
    return folder


def sampled(examples: Sequence[Example], most: int = _MOST) -> list[Example]:
    """Return about `most` of the examples in their order: every label's share, always the same."""
    share = min(1.0, most / max(1, len(examples)))
    chance = random.Random(_SEED)
    kept: set[int] = set()
    for label in LABELS:
        numbers = [number for number, example in enumerate(examples) if example.label == label]
        kept.update(chance.sample(numbers, ceil(share * len(numbers))))
    return [example for number, example in enumerate(examples) if number in kept]


class _Reporting:
    """An embedder that tells how many of its texts it has begun on; whoever waits is told the end."""

    def __init__(self, embedder: Embedder, progress: Progress) -> None:
        self._embedder, self._progress = embedder, progress
        self.fingerprint = embedder.fingerprint

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed questions, chunk by chunk."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _CHUNK):
            self._progress(_WHAT, start, len(texts))
            vectors += self._embedder.queries(texts[start : start + _CHUNK])
        return vectors

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed passages, which no training does."""
        return self._embedder.passages(texts)


def _examples(corpus_dir: Path) -> list[Example]:
    """Return a sample of the routing examples that are not held back, and some harmless questions."""
    examples = sampled([e for e in read_examples(corpus_dir / "routing") if not held_back(e)])
    bank = read_questions(corpus_dir / "questions")
    return examples + random.Random(_SEED).sample(bank, min(_QUESTIONS, len(bank)))
