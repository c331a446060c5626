"""From the corpus folder to a finished index: the one line of calls behind `exit-assistent ingest`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from assistant.archive.contents import Door
from assistant.archive.embedding import SentenceEmbedder
from assistant.archive.reader import open_reader
from assistant.domain import GUIDE, Authority, Passage, Source
from assistant.errors import CorpusError
from assistant.settings import Settings
from ingest.build import Report, build, content_hash
from ingest.chunk import passages
from ingest.clock import Progress, silent
from ingest.guide import read_guide, read_toml
from ingest.law import PUBLISHER, read_law
from ingest.local import keep_at_home, read_local
from ingest.parsed import Parsed
from ingest.prepared import read_prepared
from ingest.questions import read_bank
from ingest.reading import Reading, joined
from ingest.snapshots import Shelf, read_snapshots
from ingest.statutes import Statutes, read_statutes


def ingest(
    settings: Settings,
    embedder: SentenceEmbedder,
    progress: Progress,
    finish: Callable[[Path], None] = lambda folder: None,
) -> Report:
    """Read the whole corpus, build the index and swap it in.

    Raises CorpusError, StorageError, and SettingsError when local documents would leave the machine.
    """
    keep_at_home(settings.local_dir, settings.chroma_url)
    parsed = Parsed(settings.data_dir / "parsed")
    found, doors, manifest = read_corpus(settings, progress, parsed)
    parsed.forget_the_rest()
    reader = open_reader(embedder, settings.corpus_dir)
    return build(
        found,
        [door for door in doors if door.targets],  # the others taught the reader and lead nowhere
        embedder,
        settings.index_dir,
        manifest,
        progress,
        chroma_url=settings.chroma_url,
        reader=reader,
        prepared=read_prepared(settings.corpus_dir / "questions" / "adapter", reader.fingerprint),
        finish=finish,
    )


def read_corpus(
    settings: Settings, progress: Progress = silent, parsed: Parsed | None = None
) -> tuple[list[Passage], tuple[Door, ...], dict[str, Any]]:
    """Return every passage, every door, and what the manifest says of them."""
    reading = read_everything(settings, progress, parsed)
    found = list(reading.passages)
    # A local document that repeats words of the guide must not draw the guide's questions to itself.
    ours = [passage for passage in found if passage.authority is not Authority.LOCAL]
    bank = read_bank(settings.corpus_dir / "questions", ours)
    manifest = {
        "corpus_sha256": content_hash([passage.id for passage in found]),
        "sources": _summary(found),
        "questions_gone": list(bank.gone),
        "remarks": [asdict(remark) for remark in reading.remarks],
    }
    return found, bank.doors, manifest


def read_dry(settings: Settings, progress: Progress) -> Reading:
    """Read everything as `ingest` would, and leave every file as it is."""
    return read_everything(settings, progress, Parsed(settings.data_dir / "parsed", writes=False))


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


def read_everything(
    settings: Settings, progress: Progress = silent, parsed: Parsed | None = None
) -> Reading:
    """Return every passage in reading order: the guide, the law, what was fetched, the local documents.

    Files that `parsed` holds are not read again.
    """
    sources = read_sources(settings.corpus_dir / "sources.toml")
    if GUIDE not in sources:
        raise CorpusError(settings.corpus_dir / "sources.toml", f"mangler kilden «{GUIDE}».")
    guide = tuple(passages(read_guide(settings.corpus_dir / "guide"), sources[GUIDE]))
    reading = Reading(guide)
    statutes = declared_statutes(settings)
    if statutes is not None:
        folders = [settings.corpus_dir / "statutes", shelf(settings).folder / "statutes"]
        law = read_law(statutes, folders, date.today(), len(reading.passages))
        reading = joined((reading, law))
    linked = [source for source in sources.values() if source.id != GUIDE]
    fetched = read_snapshots(linked, shelf(settings), len(reading.passages), progress, parsed)
    reading = joined((reading, fetched))
    local = read_local(settings.local_dir, len(reading.passages), progress, parsed)
    return joined((reading, local))


def declared_statutes(settings: Settings) -> Statutes | None:
    """Return the list of statutes, or None in a corpus that has none."""
    file = settings.corpus_dir / "statutes.toml"
    return read_statutes(file) if file.is_file() else None


def shelf(settings: Settings) -> Shelf:
    """Return the folder of snapshots."""
    return Shelf(settings.data_dir / "snapshots")


def _summary(found: list[Passage]) -> list[dict[str, Any]]:
    texts: dict[tuple[str, str], list[str]] = {}
    for passage in found:
        texts.setdefault((passage.source_id, _title(passage)), []).append(passage.text)
    return [
        {"id": id_, "title": title, "passages": len(some), "sha256": content_hash(some)}
        for (id_, title), some in texts.items()
    ]


def _title(passage: Passage) -> str:
    """Return the title of a passage's source; of a §, that is the act."""
    return passage.headings[0] if passage.source_title == PUBLISHER else passage.source_title
