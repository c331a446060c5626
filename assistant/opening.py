"""Open the office: the front door first, then the archive; what fails is said, not hidden."""

from __future__ import annotations

import logging

from assistant.answering import Assistant
from assistant.errors import AssistantError
from assistant.safety.guidance import Shelf, load_shelf
from assistant.settings import Settings

_LOG = logging.getLogger(__name__)


def open_front_door(settings: Settings) -> Assistant:
    """Return an assistant with triggers and cards only, within a second; raise GuidanceError if a text is bad."""
    return Assistant(shelf_of(settings))


def shelf_of(settings: Settings) -> Shelf:
    """Load the guidance texts; raise GuidanceError if one is missing, altered or unsigned when required."""
    return load_shelf(
        settings.corpus_dir / "escalation",
        settings.data_dir,
        require_sign_off=settings.require_sign_off,
    )


def open_assistant(settings: Settings, shelf: Shelf) -> Assistant:
    """Return the whole assistant; what cannot be opened leaves it working in reduced mode."""
    # Five seconds of imports: not before they are wanted.
    from assistant.archive.embedding import load_embedder
    from assistant.archive.index import open_index
    from assistant.archive.retrieval import Retriever

    try:
        embedder = load_embedder(settings.embedding_model, settings.weights_dir)
        index = open_index(settings.index_dir, embedder.fingerprint, settings.chroma_url)
    except AssistantError as error:
        _LOG.warning("Redusert drift: %s", error)
        return Assistant(shelf, trouble=error)
    return Assistant(shelf, Retriever(index, embedder))
