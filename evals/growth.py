"""Time the search as the corpus grows: 1, 10 and 100 times the passages, in an index of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.archive.contents import Contents, write_contents
from assistant.archive.index import Index, sentence_ids
from assistant.archive.retrieval import Retriever
from assistant.archive.vectors import Vectors
from assistant.domain import Passage
from evals.stages import Times, spread

TIMES = (1, 10, 100)
_SEED = 20261123
_ASKED = 60  # questions timed at every size


def time_growth(retriever: Retriever, questions: Sequence[str]) -> dict[str, Times]:
    """Return build time, size and search time at every size.

    The copies repeat the passages under new ids. Their vectors are seeded random unit vectors, as
    only the index is timed; the doors of the question bank are not repeated.
    """
    found: dict[str, Times] = {}
    for times in TIMES:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            started = time.perf_counter()
            index = _grown(retriever.index, times, Path(folder) / f"grown-{times}")
            built = time.perf_counter() - started
            searcher = Retriever(index, retriever.embedder, retriever.reader, retriever.weights)
            searcher.find(questions[0])
            millis = [_search(searcher, question) for question in questions[:_ASKED]]
            size = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file()) / 1e6
            sizes = {"avsnitt": len(index.passages), "bygd s": round(built, 2), "MB": round(size)}
            found[f"{times} ganger"] = {**sizes, **spread(millis)}
    return found


def _search(retriever: Retriever, question: str) -> float:
    started = time.perf_counter()
    retriever.find(question)
    return (time.perf_counter() - started) * 1000


def _grown(index: Index, times: int, folder: Path) -> Index:
    """Write and open an index with the passages repeated; the first copy keeps its own vectors."""
    folder.mkdir(parents=True)
    copies = [_copy(passage, n) for n in range(times) for passage in index.passages]
    vectors = Vectors(folder, None, create=True)
    doors = index.vectors.get("doors", [door.id for door in index.doors])
    vectors.add("doors", list(doors), list(doors.values()))
    real_passages = index.vectors.get("passages", [p.id for p in index.passages])
    real_sentences = index.vectors.get("sentences", sentence_ids(index.passages))
    random = np.random.default_rng(_SEED)
    for kind, ids, real in (
        ("passages", [passage.id for passage in copies], real_passages),
        ("sentences", sentence_ids(copies), real_sentences),
    ):
        width = len(next(iter(real.values())))
        made = random.standard_normal((len(ids), width), dtype=np.float32)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        rows = [real.get(id_) or row.tolist() for id_, row in zip(ids, made, strict=True)]
        vectors.add("passages" if kind == "passages" else "sentences", ids, rows)
    write_contents(folder, Contents(tuple(copies), index.doors, index.manifest))
    return Index(folder)


def _copy(passage: Passage, number: int) -> Passage:
    return passage if number == 0 else replace(passage, id=f"{passage.id}-{number}")
