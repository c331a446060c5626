"""The fallback signal: trained on examples, stored without pickle, read back the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import CorpusError, StorageError, WeightsError
from assistant.safety.regression import Regression

TEXTS = [
    "han har kniv og slår", "hun trues med kniv", "slår med øks nå", "kniv mot halsen",
    "hva er en plan", "hvem er koordinator", "når er møtet", "hva sier loven om plan",
] * 3  # fmt: skip
LABELS = ([1] * 4 + [0] * 4) * 3


class Hashed:
    """Seeded vectors, at the outer edge: the n-grams carry the meaning here."""

    fingerprint = "hashed"

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        return [[b / 255 for b in hashlib.sha256(t.encode()).digest()[:8]] for t in texts]

    passages = queries


def test_a_saved_regression_reads_back_the_same(tmp_path: Path) -> None:
    fitted = Regression.fit(Hashed(), TEXTS, LABELS)
    fitted.save(tmp_path)
    again = Regression.load(tmp_path, Hashed())
    np.testing.assert_allclose(fitted.logits(["kniv nå"]), again.logits(["kniv nå"]), rtol=1e-5)
    assert {p.suffix for p in tmp_path.iterdir()} == {".safetensors", ".json"}


def test_with_many_labels_too_it_reads_back_the_same(tmp_path: Path) -> None:
    fitted = Regression.fit(Hashed(), TEXTS, [n % 4 for n in range(len(TEXTS))])
    fitted.save(tmp_path)
    again = Regression.load(tmp_path, Hashed())
    np.testing.assert_allclose(fitted.logits(TEXTS), again.logits(TEXTS), rtol=1e-4, atol=1e-4)


def test_training_twice_gives_the_same(tmp_path: Path) -> None:
    first, second = (Regression.fit(Hashed(), TEXTS, LABELS).logits(TEXTS) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_broken_file_is_a_corpus_error(tmp_path: Path) -> None:
    Regression.fit(Hashed(), TEXTS, LABELS).save(tmp_path)
    (tmp_path / "ngrams.json").write_text("{", encoding="utf-8")
    with pytest.raises(CorpusError, match="det lærte signalet"):
        Regression.load(tmp_path, Hashed())


@pytest.mark.parametrize("content", [b"", b"tull", b"\xff" * 200])
def test_broken_coefficients_are_a_corpus_error(tmp_path: Path, content: bytes) -> None:
    Regression.fit(Hashed(), TEXTS, LABELS).save(tmp_path)
    (tmp_path / "regression.safetensors").write_bytes(content)
    with pytest.raises(CorpusError, match="det lærte signalet"):
        Regression.load(tmp_path, Hashed())


def test_a_regression_of_other_weights_is_refused(tmp_path: Path) -> None:
    class Others(Hashed):
        fingerprint = "others"

    Regression.fit(Hashed(), TEXTS, LABELS).save(tmp_path)
    with pytest.raises(WeightsError, match="exit-assistent ingest"):
        Regression.load(tmp_path, Others())


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="EXIT_DATA_DIR"):
        Regression.fit(Hashed(), TEXTS, LABELS).save(tmp_path / "fil" / "signal")
