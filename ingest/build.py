"""Build the index beside the old one and swap it in whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.archive.contents import FORMAT, Contents, Door, write_contents
from assistant.archive.index import Index, leftovers, sentence_ids, swap_in
from assistant.archive.vectors import Kind, Vectors, clear_away, remove
from assistant.domain import Embedder, Passage, Vector
from assistant.errors import AssistantError, StorageError
from ingest.alone import alone, is_building
from ingest.clock import Progress
from ingest.journal import Journal
from ingest.made import Made, reusable

_FEW = 0.2  # share of the texts that may have changed for the old vectors to be copied
_MOST_CARRIED = 20  # builds in a row on copied vectors
_CHUNK = 256  # texts embedded and stored between two reports of progress


@dataclass(frozen=True)
class Report:
    """What one build did."""

    folder: Path
    passages: int
    embedded: int  # texts that had to be embedded; the rest were unchanged
    removed: int  # folders of killed builds that were cleared away


@dataclass(frozen=True)
class _Job:
    """Texts of one kind, and who embeds them."""

    kind: Kind
    ids: list[str]
    texts: list[str]
    embedder: Embedder


def build(
    passages: Sequence[Passage],
    doors: Sequence[Door],
    embedder: Embedder,
    index_dir: Path,
    manifest: dict[str, Any],
    progress: Progress,
    *,
    reader: Embedder | None = None,
    prepared: Mapping[str, Vector] | None = None,
    chroma_url: str | None = None,
    finish: Callable[[Path], None] = lambda folder: None,
) -> Report:
    """Embed what is new, write everything beside the old index, then swap.

    `reader` embeds the doors, else the embedder does; `prepared` are doors that it has embedded
    before. `finish(folder)` may add files before the swap. The old index is kept until the next
    build: a running server has it open. What a killed build had embedded is taken over. Where little
    has changed, the vectors are those of the old index, copied, with only the difference taken out and in.
    Raises StorageError when another build is under way, and when the disk is full or read-only; the
    old index is untouched then.
    """
    folder = index_dir / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}"
    reader = reader or embedder
    try:
        with alone(index_dir):
            stale = leftovers(index_dir)
            killed = _unfinished(index_dir)
            folder.mkdir(parents=True)
            journal = Journal(folder, (embedder.fingerprint, reader.fingerprint))
            journal.take_over(stale)
            made = Made(reusable(index_dir, chroma_url), prepared or {}, journal)
            jobs = _jobs(passages, doors, embedder, reader)
            times = carried_times(made.old, jobs, chroma_url)
            if made.old is not None and times:
                vectors = Vectors.carried_over(made.old.folder, folder)
            else:
                vectors = Vectors(folder, chroma_url, create=True)
            embedded = _write_vectors(vectors, jobs, made, progress)
            whole = {
                **manifest,
                "format": FORMAT,
                "fingerprint": embedder.fingerprint,
                "reader": reader.fingerprint,
                "built": datetime.now(UTC).isoformat(timespec="seconds"),
                "passages": len(passages),
                "sentences": sum(len(passage.sentences) for passage in passages),
                "doors": len(doors),
                "carried": times,
            }
            finish(folder)
            write_contents(folder, Contents(tuple(passages), tuple(doors), whole))
            swap_in(index_dir, folder)
            journal.close()
            for path in stale:
                clear_away(path, chroma_url)
    except OSError as error:
        remove(folder)
        raise StorageError(
            f"Får ikke skrevet indeksen i {index_dir} ({error.strerror or error}). Den gamle indeksen er urørt. "
            "Frigjør plass, eller pek EXIT_DATA_DIR på en mappe du kan skrive i."
        ) from error
    return Report(folder, len(passages), embedded, len(killed))


def killed_builds(index_dir: Path) -> list[Path]:
    """Return the folders of builds that never ended; the index before the one in use is none of them.

    While a build is under way nobody can tell its folder from a killed one's: then there are none.
    """
    if is_building(index_dir):
        return []
    return _unfinished(index_dir)


def _unfinished(index_dir: Path) -> list[Path]:
    return [path for path in leftovers(index_dir) if not (path / "manifest.json").is_file()]


def embedding_text(passage: Passage, text: str) -> str:
    """Return what is embedded for a piece of a passage: the nearest headings, then the words."""
    return ". ".join((*passage.headings[-2:], text))


def _jobs(
    passages: Sequence[Passage], doors: Sequence[Door], embedder: Embedder, reader: Embedder
) -> list[_Job]:
    wholes = [embedding_text(p, p.text) for p in passages]
    units = [embedding_text(p, s.text) for p in passages for s in p.sentences]
    return [
        _Job("passages", [p.id for p in passages], wholes, embedder),
        _Job("sentences", sentence_ids(passages), units, embedder),
        _Job("doors", [door.id for door in doors], [door.question for door in doors], reader),
    ]


def _write_vectors(vectors: Vectors, jobs: Sequence[_Job], made: Made, progress: Progress) -> int:
    total, done, embedded = sum(len(job.ids) for job in jobs), 0, 0
    for job in jobs:
        encode = job.embedder.queries if job.kind == "doors" else job.embedder.passages
        held = vectors.ids(job.kind)
        vectors.delete(job.kind, sorted(held.difference(job.ids)))
        missing = [(i, t) for i, t in zip(job.ids, job.texts, strict=True) if i not in held]
        done += len(job.ids) - len(missing)
        for start in range(0, len(missing), _CHUNK):
            part = missing[start : start + _CHUNK]
            ids, texts = [id_ for id_, _ in part], [text for _, text in part]
            known = made.known(job.kind, ids, job.embedder.fingerprint)
            new = [n for n, id_ in enumerate(ids) if id_ not in known]
            fresh = dict(zip(new, encode([texts[n] for n in new]), strict=True))
            made.journal.add(job.kind, [ids[n] for n in new], list(fresh.values()))
            vectors.add(job.kind, ids, [fresh.get(n) or known[id_] for n, id_ in enumerate(ids)])
            done, embedded = done + len(ids), embedded + len(new)
            progress("Leser inn", done, total)
    return embedded


def carried_times(old: Index | None, jobs: Sequence[_Job], chroma_url: str | None) -> int:
    """Return how many builds in a row the vectors will have been copied; 0 for a build from the ground.

    Copying costs what changed, not what there is. What was deleted still takes room in Chroma's graph,
    so a build starts anew when much has changed, and now and then.
    """
    if old is None or chroma_url or old.manifest.get("format") != FORMAT:
        return 0
    made_with = {"doors": old.manifest.get("reader")}
    if any(
        made_with.get(job.kind, old.manifest.get("fingerprint")) != job.embedder.fingerprint
        for job in jobs
    ):
        return 0
    try:
        held = {job.kind: old.vectors.ids(job.kind) for job in jobs}
    except AssistantError:  # damaged: a build mends it
        return 0
    changed = sum(len(held[job.kind].symmetric_difference(job.ids)) for job in jobs)
    times = int(old.manifest.get("carried", 0)) + 1
    few = changed <= _FEW * sum(len(job.ids) for job in jobs)
    return times if few and times <= _MOST_CARRIED else 0


def content_hash(parts: Sequence[str]) -> str:
    """Return one SHA-256 over several texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\x00")
    return digest.hexdigest()
