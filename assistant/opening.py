"""Open the office: the front door first, then the archive; what fails is said, not hidden."""

from __future__ import annotations

import logging
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering import Assistant
from assistant.desk.acts import load_acts
from assistant.desk.contacts import load_contacts
from assistant.desk.corrections import load_corrections, load_gaps
from assistant.desk.duties import Duties, load_duties
from assistant.desk.moved import load_moved
from assistant.desk.own_contacts import load_own
from assistant.desk.records import Desk
from assistant.domain import Signal
from assistant.errors import AssistantError, CorpusError, explained
from assistant.safety.guidance import Shelf, load_shelf
from assistant.settings import Settings, default_corpus_dir

if TYPE_CHECKING:
    from assistant.archive.embedding import SentenceEmbedder

_LOG = logging.getLogger(__name__)
# What every record must have; checked at the start, so that a fault is told with its line.
_RECORDS = (
    ("guide/guide.toml", "chapter", "file"),
    ("guide/guide.toml", "gap", "quote missing"),
    ("contacts.toml", "contact", "id name source confidence names"),
    ("corrections.toml", "correction", "quote nb nn en confidence"),
    ("duties.toml", "office", "id nb nn en names confidence"),
)


def open_front_door(settings: Settings) -> Assistant:
    """Return an assistant with triggers and cards only, within a second; raise GuidanceError if a text is bad."""
    return Assistant(shelf_of(settings))


def shelf_of(settings: Settings) -> Shelf:
    """Load the guidance texts; raise GuidanceError if one is missing, altered or unsigned when required."""
    return load_shelf(
        settings.corpus_dir / "escalation",
        settings.data_dir,
        require_sign_off=settings.require_sign_off,
        require_hashes=settings.corpus_dir == default_corpus_dir(),  # ours come with their list
    )


def open_assistant(settings: Settings, shelf: Shelf) -> Assistant:
    """Return the whole assistant; what cannot be opened leaves it working in reduced mode."""
    try:
        # Five seconds of imports: not before they are wanted.
        from assistant.archive.embedding import load_embedder

        embedder = load_embedder(settings.embedding_model, settings.weights_dir)
    except (AssistantError, ImportError, OSError) as error:
        return reduced(shelf, error)
    return open_with(settings, shelf, embedder)


def open_with(settings: Settings, shelf: Shelf, embedder: SentenceEmbedder) -> Assistant:
    """Return the whole assistant over loaded weights; a missing index leaves routing working."""
    signal = open_signal(settings, embedder)
    try:
        from assistant.archive.index import open_index
        from assistant.archive.reader import open_reader
        from assistant.archive.retrieval import Retriever

        reader = open_reader(embedder, settings.corpus_dir)
        index = open_index(
            settings.index_dir, embedder.fingerprint, reader.fingerprint, settings.chroma_url
        )
        retriever, desk = Retriever(index, embedder, reader), open_desk(settings)
    except (AssistantError, ImportError) as error:
        return reduced(shelf, error, signal)
    return Assistant(shelf, retriever, signal, desk=desk)


def reduced(shelf: Shelf, error: Exception, signal: Signal | None = None) -> Assistant:
    """Return an assistant that lets danger through and says to everything else why it cannot answer."""
    trouble = explained(error)
    _LOG.warning("Redusert drift: %s", trouble, exc_info=trouble is not error)
    return Assistant(shelf, signal=signal, trouble=trouble)


def open_desk(settings: Settings) -> Desk:
    """Load the desk's records; raise CorpusError if one is not whole."""
    corpus = settings.corpus_dir
    corrections, statutes = corpus / "corrections.toml", corpus / "statutes.toml"
    duties = corpus / "duties.toml"
    acts = load_acts(statutes) if statutes.is_file() else {}
    return Desk(
        load_contacts(corpus / "contacts.toml", load_own(settings.local_dir)),
        load_corrections(corrections) if corrections.is_file() else (),
        load_gaps(corpus / "guide" / "guide.toml"),
        load_moved(statutes) if statutes.is_file() else (),
        acts,
        load_duties(duties, acts) if duties.is_file() else Duties(),
    )


def check_records(corpus_dir: Path) -> None:
    """Check the guide's plan and the desk's records; raise CorpusError with file, line and fault."""
    for name, table, fields in _RECORDS:
        file = corpus_dir / name
        text, found = _read_toml(file) if file.is_file() else ("", {})
        lines = (line.partition("#")[0].strip() for line in text.splitlines())
        heads = [number for number, line in enumerate(lines, 1) if line == f"[[{table}]]"]
        for line, row in zip(heads, found.get(table, ()), strict=False):
            for field in fields.split():
                if not isinstance(row.get(field), list if field == "names" else str):
                    what = f"[[{table}]] mangler «{field}», eller verdien er av feil slag."
                    raise CorpusError(file, what, line)
            chapter = file.parent / row.get("file", file.name)
            if chapter.is_file() and not chapter.read_bytes().strip():
                raise CorpusError(chapter, "kapittelet er tomt.", 1)


def _read_toml(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise CorpusError(file, f"kan ikke leses ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CorpusError(file, "er ikke UTF-8. Lagre fila som UTF-8.", line) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())
        raise CorpusError(file, f"er ikke gyldig TOML: {error}.", line) from error


def open_signal(settings: Settings, embedder: SentenceEmbedder) -> Signal | None:
    """Return the tuned signal if its adapter fits these weights, else the regression, else None."""
    from assistant.safety.signals import LearnedSignal, TunedHead, load_thresholds

    adapter = settings.corpus_dir / "routing" / "adapter"
    try:
        scorer = TunedHead(embedder.adapted(adapter), adapter)
        return LearnedSignal(scorer, load_thresholds(adapter / "thresholds.json"))
    except (AssistantError, OSError) as error:
        _LOG.info("Tilpasset signal er ikke i bruk: %s", error)
    try:
        from assistant.safety.regression import Regression

        folder = settings.data_dir / "signal"
        fallback = settings.corpus_dir / "routing" / "thresholds.json"
        return LearnedSignal(Regression.load(folder, embedder), load_thresholds(fallback))
    except (AssistantError, ImportError, OSError) as error:
        _LOG.warning("Redusert drift, det lærte signalet mangler: %s", error)
        return None
