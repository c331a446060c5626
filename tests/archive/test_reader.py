"""An adapter that is not whole is an error of ours, and never stops the plain reading of questions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.archive.embedding import SentenceEmbedder
from assistant.archive.reader import open_reader
from assistant.errors import CorpusError, WeightsError


@pytest.fixture
def adapter(tmp_path: Path, corpus_dir: Path) -> Path:
    """Return a corpus's own copy of the question reader's adapter."""
    folder = tmp_path / "questions" / "adapter"
    shutil.copytree(corpus_dir / "questions" / "adapter", folder)
    return folder


def test_the_committed_adapter_reads_questions(
    adapter: Path, tmp_path: Path, embedder: SentenceEmbedder
) -> None:
    assert open_reader(embedder, tmp_path).tuned


@pytest.mark.parametrize("content", [None, b"annet", b"\xff\xfe"])
def test_without_a_fingerprint_that_fits_questions_are_read_plainly(
    adapter: Path, tmp_path: Path, embedder: SentenceEmbedder, content: bytes | None
) -> None:
    (adapter / "FINGERPRINT").unlink()
    if content is not None:
        (adapter / "FINGERPRINT").write_bytes(content)
    reader = open_reader(embedder, tmp_path)
    assert not reader.tuned and reader.fingerprint == embedder.fingerprint


@pytest.mark.parametrize("content", [None, b"", b"tull", b"\xff" * 200])
def test_a_broken_adapter_is_a_weights_error(
    adapter: Path, tmp_path: Path, embedder: SentenceEmbedder, content: bytes | None
) -> None:
    (adapter / "adapter.safetensors").unlink()
    if content is not None:
        (adapter / "adapter.safetensors").write_bytes(content)
    with pytest.raises(WeightsError, match="kan ikke leses"):
        embedder.adapted(adapter)
    assert not open_reader(embedder, tmp_path).tuned


@pytest.mark.parametrize("content", [b"", b"tull"])
def test_a_broken_head_is_a_corpus_error(
    adapter: Path, tmp_path: Path, embedder: SentenceEmbedder, content: bytes
) -> None:
    (adapter / "head.safetensors").write_bytes(content)
    with pytest.raises(CorpusError, match="tilpasningen kan ikke leses"):
        open_reader(embedder, tmp_path)


def test_half_an_emoji_is_read_as_the_sign_for_one(embedder: SentenceEmbedder) -> None:
    halves, signs = ["han har kniv \ud83d", "\udcff"], ["han har kniv �", "�"]
    assert embedder.queries(halves) == embedder.queries(signs)
    assert embedder.passages(halves) == embedder.passages(signs)
    looks = embedder.queries(["kniv"])
    assert embedder.attended(halves, looks) == embedder.attended(signs, looks)
