"""Open the office: the front door first, then the archive; what fails is said, not hidden."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.answer.clerk import Desk
from assistant.answering import Assistant
from assistant.desk.contacts import Contacts, load_contacts
from assistant.desk.corrections import load_corrections, load_gaps
from assistant.domain import Signal
from assistant.errors import AssistantError
from assistant.safety.guidance import Shelf, load_shelf
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.archive.embedding import SentenceEmbedder

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

    try:
        embedder = load_embedder(settings.embedding_model, settings.weights_dir)
    except AssistantError as error:
        _LOG.warning("Redusert drift: %s", error)
        return Assistant(shelf, trouble=error)
    return open_with(settings, shelf, embedder)


def open_with(settings: Settings, shelf: Shelf, embedder: SentenceEmbedder) -> Assistant:
    """Return the whole assistant over loaded weights; a missing index leaves routing working."""
    from assistant.archive.index import open_index
    from assistant.archive.reader import open_reader
    from assistant.archive.retrieval import Retriever

    signal = open_signal(settings, embedder)
    try:
        reader = open_reader(embedder, settings.corpus_dir)
        index = open_index(
            settings.index_dir, embedder.fingerprint, reader.fingerprint, settings.chroma_url
        )
    except AssistantError as error:
        _LOG.warning("Redusert drift: %s", error)
        return Assistant(shelf, signal=signal, trouble=error)
    return Assistant(shelf, Retriever(index, embedder, reader), signal, desk=open_desk(settings))


def open_desk(settings: Settings) -> Desk:
    """Load the desk's records; raise CorpusError if one is not whole."""
    corpus = settings.corpus_dir
    contacts, corrections = corpus / "contacts.toml", corpus / "corrections.toml"
    return Desk(
        load_contacts(contacts) if contacts.is_file() else Contacts(()),
        load_corrections(corrections) if corrections.is_file() else (),
        load_gaps(corpus / "guide" / "guide.toml"),
    )


def open_signal(settings: Settings, embedder: SentenceEmbedder) -> Signal | None:
    """Return the tuned signal if its adapter fits these weights, else the regression, else None."""
    from assistant.safety.regression import Regression
    from assistant.safety.signals import LearnedSignal, TunedHead, load_thresholds

    adapter = settings.corpus_dir / "routing" / "adapter"
    try:
        scorer = TunedHead(embedder.adapted(adapter), adapter)
        return LearnedSignal(scorer, load_thresholds(adapter / "thresholds.json"))
    except (AssistantError, OSError) as error:
        _LOG.info("Tilpasset signal er ikke i bruk: %s", error)
    try:
        folder = settings.data_dir / "signal"
        fallback = settings.corpus_dir / "routing" / "thresholds.json"
        return LearnedSignal(Regression.load(folder, embedder), load_thresholds(fallback))
    except (AssistantError, OSError) as error:
        _LOG.warning("Redusert drift, det lærte signalet mangler: %s", error)
        return None
