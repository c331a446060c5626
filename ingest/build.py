"""Build the index beside the old one and swap it in whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.archive.index import (
    FORMAT,
    Contents,
    Door,
    Index,
    Kind,
    Vectors,
    current_folder,
    leftovers,
    remove,
    sentence_ids,
    swap_in,
    write_contents,
)
from assistant.domain import Embedder, Passage, Vector
from assistant.errors import AssistantError, StorageError

Progress = Callable[[str, int, int], None]  # what, done, of how many
_CHUNK = 256  # texts embedded and stored between two reports of progress


@dataclass(frozen=True)
class Report:
    """What one build did."""

    folder: Path
    passages: int
    embedded: int  # texts that had to be embedded; the rest were unchanged
    removed: int  # folders of killed builds that were cleared away


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
    before. `finish(folder)` may add files before the
    swap. Raises StorageError when the disk is full or read-only; the old index is untouched then.
    """
    folder = index_dir / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}"
    try:
        reader = reader or embedder
        old = _reusable(index_dir, chroma_url)
        stale = list(leftovers(index_dir))
        folder.mkdir(parents=True)
        embedded = _write_vectors(
            folder, passages, doors, (embedder, reader), (old, prepared or {}), progress, chroma_url
        )
        whole = {
            **manifest,
            "format": FORMAT,
            "fingerprint": embedder.fingerprint,
            "reader": reader.fingerprint,
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
            "passages": len(passages),
            "sentences": sum(len(passage.sentences) for passage in passages),
            "doors": len(doors),
        }
        finish(folder)
        write_contents(folder, Contents(tuple(passages), tuple(doors), whole))
        previous = current_folder(index_dir)
        swap_in(index_dir, folder)
    except OSError as error:
        remove(folder)
        raise StorageError(
            f"Får ikke skrevet indeksen i {index_dir} ({error.strerror or error}). Den gamle indeksen er urørt. "
            "Frigjør plass, eller pek EXIT_DATA_DIR på en mappe du kan skrive i."
        ) from error
    for path in {*stale, *([previous] if previous else [])}:
        remove(path)
    return Report(folder, len(passages), embedded, len(stale))


def embedding_text(passage: Passage, text: str) -> str:
    """Return what is embedded for a piece of a passage: the nearest headings, then the words."""
    return ". ".join((*passage.headings[-2:], text))


def _write_vectors(
    folder: Path,
    passages: Sequence[Passage],
    doors: Sequence[Door],
    embedders: tuple[Embedder, Embedder],
    made: tuple[Index | None, Mapping[str, Vector]],
    progress: Progress,
    chroma_url: str | None,
) -> int:
    vectors = Vectors(folder, chroma_url, create=True)
    (embedder, reader), (old, prepared) = embedders, made
    unit_texts = [embedding_text(p, s.text) for p in passages for s in p.sentences]
    jobs: list[tuple[Kind, list[str], list[str]]] = [
        ("passages", [p.id for p in passages], [embedding_text(p, p.text) for p in passages]),
        ("sentences", sentence_ids(passages), unit_texts),
        ("doors", [door.id for door in doors], [door.question for door in doors]),
    ]
    total, done, embedded = sum(len(ids) for _, ids, _ in jobs), 0, 0
    for kind, ids, texts in jobs:
        encode = reader.queries if kind == "doors" else embedder.passages
        stored = _vectors_made_with(old, reader if kind == "doors" else embedder, kind)
        for start in range(0, len(ids), _CHUNK):
            part_ids, part_texts = ids[start : start + _CHUNK], texts[start : start + _CHUNK]
            known = {i: prepared[i] for i in part_ids if i in prepared} if kind == "doors" else {}
            known |= stored.get(kind, part_ids) if stored else {}
            new = [n for n, id_ in enumerate(part_ids) if id_ not in known]
            fresh = dict(zip(new, encode([part_texts[n] for n in new]), strict=True))
            vectors.add(
                kind, part_ids, [fresh.get(n) or known[id_] for n, id_ in enumerate(part_ids)]
            )
            done, embedded = done + len(part_ids), embedded + len(new)
            progress("Leser inn", done, total)
    return embedded


def _reusable(index_dir: Path, chroma_url: str | None) -> Index | None:
    """Return the old index if it opens."""
    folder = current_folder(index_dir)
    if folder is None:
        return None
    try:
        return Index(folder, chroma_url)
    except AssistantError:
        return None


def _vectors_made_with(old: Index | None, embedder: Embedder, kind: Kind) -> Vectors | None:
    """Return the old vectors of a kind when the same weights made them."""
    if old is None or old.manifest.get("format") != FORMAT:
        return None
    made_with = old.manifest.get("reader" if kind == "doors" else "fingerprint")
    return old.vectors if made_with == embedder.fingerprint else None


def content_hash(parts: Sequence[str]) -> str:
    """Return one SHA-256 over several texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\x00")
    return digest.hexdigest()
