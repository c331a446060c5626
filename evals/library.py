"""The corpus's own text, to prove quotes without the stamp's help."""

from __future__ import annotations

from pathlib import Path

from assistant.archive.index import Index
from assistant.domain import GUIDE
from assistant.language import collapse
from evals.answers import Library


def open_library(corpus_dir: Path, index: Index | None) -> Library:
    """Return the guide's original text and, for other sources, the passages of the index."""
    texts: dict[str, list[str]] = {}
    for passage in index.passages if index is not None else ():
        if passage.source_id != GUIDE:
            texts.setdefault(passage.source_id, []).append(collapse(passage.text))
    guide = corpus_dir / "guide"
    if (guide / "original.txt").is_file():
        texts[GUIDE] = [collapse((guide / "original.txt").read_text(encoding="utf-8"))]
    elif index is not None:
        texts[GUIDE] = [collapse(p.text) for p in index.passages if p.source_id == GUIDE]
    held = index.passages if index is not None else ()
    return Library(texts, tuple(collapse(passage.text) for passage in held))
