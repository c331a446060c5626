"""The real parts for the stress tests: the learned signal, and the whole assistant over a fresh index."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.answering import Assistant
from assistant.cli import settings_from_environment
from assistant.opening import open_with, shelf_of

SIGNAL_MISSING = "The tuned signal does not load: nothing was measured. See corpus/routing/adapter."


def whole_assistant(folder: Path, local_dir: Path | None = None) -> Assistant:
    """Build an index in the empty `folder` and return the assistant over it.

    In a folder without a fallback signal nothing hides that the tuned one does not load.
    """
    from assistant.archive.embedding import load_embedder
    from ingest.corpus import ingest

    settings = settings_from_environment()
    embedder = load_embedder(settings.embedding_model, settings.weights_dir)
    settings = replace(settings, data_dir=folder, local_dir=local_dir, chroma_url=None)
    ingest(settings, embedder, lambda what, done, total: None)
    return open_with(settings, shelf_of(settings), embedder)
