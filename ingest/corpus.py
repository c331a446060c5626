"""From the corpus folder to a finished index: the one line of calls behind `exit-assistent ingest`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assistant.archive.embedding import SentenceEmbedder
from assistant.archive.index import Door
from assistant.archive.reader import open_reader
from assistant.domain import Authority, Passage, Source
from assistant.errors import CorpusError
from assistant.settings import Settings
from ingest.build import Progress, Report, build, content_hash
from ingest.chunk import passages
from ingest.guide import read_guide, read_toml
from ingest.questions import read_bank

GUIDE = "veileder-exit"


def ingest(
    settings: Settings,
    embedder: SentenceEmbedder,
    progress: Progress,
    finish: Callable[[Path], None] = lambda folder: None,
) -> Report:
    """Read the whole corpus, build the index and swap it in; raise CorpusError or StorageError."""
    found, doors, manifest = read_corpus(settings)
    return build(
        found,
        doors,
        embedder,
        settings.index_dir,
        manifest,
        progress,
        chroma_url=settings.chroma_url,
        reader=open_reader(embedder, settings.corpus_dir).embedder,
        finish=finish,
    )


def read_corpus(settings: Settings) -> tuple[list[Passage], tuple[Door, ...], dict[str, Any]]:
    """Return every passage, every door, and what the manifest says of them."""
    sources = read_sources(settings.corpus_dir / "sources.toml")
    found = list(_passages(settings, sources))
    bank = read_bank(settings.corpus_dir / "questions", found)
    manifest = {
        "corpus_sha256": content_hash([passage.id for passage in found]),
        "sources": _summary(found),
        "questions_gone": list(bank.gone),
    }
    return found, bank.doors, manifest


def read_sources(file: Path) -> dict[str, Source]:
    """Return the declared sources by id; raise CorpusError naming the entry that is wrong."""
    sources: dict[str, Source] = {}
    for number, row in enumerate(read_toml(file).get("source", ()), start=1):
        try:
            source = Source(
                id=row["id"],
                title=row["title"],
                publisher=row["publisher"],
                year=row["year"],
                url=row.get("url"),
                kind=row["kind"],
                language=row["language"],
                licence=row["licence"],
                authority=Authority(row["authority"]),
                confidence=row["confidence"],
                description=row.get("description", ""),
                store=row.get("store", False),
            )
        except (KeyError, ValueError, TypeError) as error:
            raise CorpusError(file, f"kilde nummer {number} er ikke hel: {error}.") from error
        if source.id in sources:
            raise CorpusError(file, f"kilde-id «{source.id}» er brukt to ganger.")
        sources[source.id] = source
    return sources


def _passages(settings: Settings, sources: dict[str, Source]) -> Iterator[Passage]:
    if GUIDE not in sources:
        raise CorpusError(settings.corpus_dir / "sources.toml", f"mangler kilden «{GUIDE}».")
    yield from passages(read_guide(settings.corpus_dir / "guide"), sources[GUIDE])


def _summary(found: list[Passage]) -> list[dict[str, Any]]:
    ids = dict.fromkeys(passage.source_id for passage in found)
    rows = []
    for id_ in ids:
        texts = [passage.text for passage in found if passage.source_id == id_]
        rows.append({"id": id_, "passages": len(texts), "sha256": content_hash(texts)})
    return rows
