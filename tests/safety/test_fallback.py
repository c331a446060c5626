"""The fallback signal is trained where a corpus has examples, and done without where it has none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.archive.embedding import SentenceEmbedder
from assistant.safety.regression import Regression
from assistant.settings import Settings
from ingest.fallback import adapter_fits, train_fallback
from ingest.tuning.examples import LABELS


def silent(what: str, done: int, total: int) -> None:
    """Take no notice."""


def write(folder: Path, labels: tuple[str, ...]) -> None:
    folder.mkdir(parents=True)
    rows = [
        {"text": f"{word} om {label}", "category": label, "lang": "nb", "style": "", "earlier": []}
        for label in labels
        for word in ("først", "siden", "til slutt", "kanskje", "aldri")
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "mine.jsonl").write_text(lines, encoding="utf-8")


@pytest.mark.parametrize("labels", [None, (), ("ingen",), LABELS[:3]])
def test_a_corpus_without_examples_of_every_kind_is_no_fault(
    settings: Settings, embedder: SentenceEmbedder, tmp_path: Path, labels: tuple[str, ...] | None
) -> None:
    if labels is not None:
        write(tmp_path / "corpus" / "routing", labels)
    mine = replace(settings, corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")
    assert not adapter_fits(mine, embedder)
    assert train_fallback(mine, embedder, silent) is None
    assert not (tmp_path / "data").exists()


def test_a_corpus_with_examples_gets_its_signal(
    settings: Settings, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    write(tmp_path / "corpus" / "routing", LABELS)
    mine = replace(settings, corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")
    folder = train_fallback(mine, embedder, silent)
    assert folder is not None
    assert Regression.load(folder, embedder).logits(["kniv"]).shape == (1, len(LABELS))
