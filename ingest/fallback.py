"""Train the front door's fallback signal where the fine-tuned one does not fit the weights."""

from __future__ import annotations

import random
from pathlib import Path

from assistant.archive.embedding import SentenceEmbedder
from assistant.errors import StorageError, WeightsError
from assistant.safety.regression import Regression
from assistant.settings import Settings
from ingest.tuning.examples import LABELS, held_back, read_examples, read_questions

_QUESTIONS = 900  # harmless questions of the bank beside the routing examples


def adapter_fits(settings: Settings, embedder: SentenceEmbedder) -> bool:
    """Tell whether the committed adapter was made for these weights."""
    folder = settings.corpus_dir / "routing" / "adapter"
    try:
        embedder.adapted(folder)
    except (WeightsError, OSError):
        return False
    return True


def train_fallback(settings: Settings, embedder: SentenceEmbedder) -> Path:
    """Fit the regression on corpus/routing and return the folder it was stored in; deterministic."""
    folder = settings.data_dir / "signal"
    try:
        fit(settings.corpus_dir, embedder).save(folder)
    except OSError as error:
        raise StorageError(f"Får ikke skrevet {folder} ({error.strerror}).") from error
    return folder


def fit(corpus_dir: Path, embedder: SentenceEmbedder) -> Regression:
    """Fit on every routing example that is not held back, and some harmless questions."""
    examples = [e for e in read_examples(corpus_dir / "routing") if not held_back(e)]
    bank = read_questions(corpus_dir / "questions")
    examples += random.Random(1).sample(bank, min(_QUESTIONS, len(bank)))
    texts = [example.text for example in examples]
    return Regression.fit(embedder, texts, [LABELS.index(example.label) for example in examples])
