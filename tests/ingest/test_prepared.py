"""Vectors that ship with the reader are used for its own weights only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.archive.embedding import SentenceEmbedder
from assistant.archive.reader import open_reader
from assistant.errors import CorpusError
from assistant.settings import Settings
from ingest.corpus import read_corpus
from ingest.prepared import FILE, read_prepared, write_prepared

IDS = ["00112233445566aa", "ffeeddccbbaa9988"]
VECTORS = [[0.6, 0.8], [1.0, 0.0]]


def test_what_was_written_is_read_for_the_same_weights_and_no_others(tmp_path: Path) -> None:
    write_prepared(tmp_path, "vekter-1", IDS, VECTORS)
    found = read_prepared(tmp_path, "vekter-1")
    assert list(found) == IDS
    assert np.allclose(list(found.values()), VECTORS, atol=1e-3)
    assert read_prepared(tmp_path, "vekter-2") == {}
    assert read_prepared(tmp_path / "mangler", "vekter-1") == {}


def test_a_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"skadet")
    with pytest.raises(CorpusError, match="kan ikke leses"):
        read_prepared(tmp_path, "vekter-1")


def test_the_committed_vectors_are_what_the_reader_would_make(
    corpus_dir: Path, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    reader = open_reader(embedder, corpus_dir)
    found = read_prepared(corpus_dir / "questions" / "adapter", reader.fingerprint)
    _, doors, _ = read_corpus(Settings(corpus_dir, tmp_path))
    leading = [door for door in doors if door.targets]
    assert {door.id for door in leading} <= set(found), "kjør python -m ingest.tuning.doors"
    some = leading[:: len(leading) // 12]
    made = np.asarray(reader.queries([door.question for door in some]))
    kept = np.asarray([found[door.id] for door in some])
    assert (made * kept).sum(axis=1).min() > 0.995
