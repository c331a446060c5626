"""Train the front door's fallback signal where the fine-tuned one does not fit the weights."""

from __future__ import annotations

import logging
import random
from pathlib import Path

from assistant.archive.embedding import SentenceEmbedder
from assistant.errors import WeightsError
from assistant.safety.regression import Regression
from assistant.settings import Settings
from ingest.clock import Progress
from ingest.tuning.examples import LABELS, Example, held_back, read_examples, read_questions

_WHAT = "Lærer opp reservesignalet"
_QUESTIONS = 900  # harmless questions of the bank beside the routing examples

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
    progress(_WHAT, 0, 1)
    texts = [example.text for example in examples]
    labels = [LABELS.index(example.label) for example in examples]
    folder = settings.data_dir / "signal"
    Regression.fit(embedder, texts, labels).save(folder)
    progress(_WHAT, 1, 1)
    return folder


def _examples(corpus_dir: Path) -> list[Example]:
    """Return every routing example that is not held back, and some harmless questions."""
    examples = [e for e in read_examples(corpus_dir / "routing") if not held_back(e)]
    bank = read_questions(corpus_dir / "questions")
    return examples + random.Random(1).sample(bank, min(_QUESTIONS, len(bank)))
