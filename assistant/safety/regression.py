"""Logistic regression over embeddings and character n-grams: the fallback signal; owns scikit-learn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from assistant.domain import Embedder
from assistant.errors import CorpusError, StorageError, WeightsError
from assistant.language import fold

_MOST_GRAMS = 12_000
_SHARE = 6.0  # unit embeddings weigh this much against the unit n-gram vectors
_FILES = ("regression.safetensors", "ngrams.json")
_MADE_FOR = "fingerprint"  # key in the safetensors header
Matrix = npt.NDArray[np.float32]


class Regression:
    """A fitted regression; `logits` has one column a label."""

    def __init__(
        self, embedder: Embedder, weights: Matrix, bias: Matrix, grams: TfidfVectorizer
    ) -> None:
        """Take the embedder, coefficients (labels x features), intercepts and fitted n-grams."""
        self._embedder, self._weights, self._bias, self._grams = embedder, weights, bias, grams

    def logits(self, texts: Sequence[str]) -> Matrix:
        """Return texts x labels."""
        features = _features(self._grams, texts, self._embedder.queries(texts))
        return np.asarray(features @ self._weights.T + self._bias, np.float32)

    @classmethod
    def fit(cls, embedder: Embedder, texts: Sequence[str], labels: Sequence[int]) -> Regression:
        """Train on texts and their label numbers; deterministic."""
        grams = _vectorizer(None).fit(texts)
        features = _features(grams, texts, embedder.queries(texts))
        model = LogisticRegression(C=3.0, max_iter=120, tol=1e-3, class_weight="balanced")
        model.fit(features, labels)
        return cls(
            embedder, model.coef_.astype(np.float32), model.intercept_.astype(np.float32), grams
        )

    def save(self, folder: Path) -> None:
        """Write coefficients and the weights' fingerprint (safetensors), and the vocabulary (JSON).

        Raises StorageError when the folder cannot be written.
        """
        tensors = {
            # scikit-learn hands over its columns first; safetensors writes memory as it lies.
            "weights": np.ascontiguousarray(self._weights),
            "bias": self._bias,
            "idf": self._grams.idf_.astype(np.float32),
        }
        vocabulary = sorted(self._grams.vocabulary_, key=self._grams.vocabulary_.get)
        words = json.dumps(vocabulary, ensure_ascii=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            save_file(tensors, folder / _FILES[0], {_MADE_FOR: self._embedder.fingerprint})
            (folder / _FILES[1]).write_text(words, encoding="utf-8")
        except (OSError, SafetensorError) as error:
            raise StorageError(
                f"Får ikke skrevet reservesignalet i {folder} ({error}). "
                "Frigjør plass, eller pek EXIT_DATA_DIR på en mappe du kan skrive i."
            ) from error

    @classmethod
    def load(cls, folder: Path, embedder: Embedder) -> Regression:
        """Read a saved regression.

        Raises WeightsError when it was trained on other weights, CorpusError when it is not whole.
        """
        try:
            with safe_open(folder / _FILES[0], "numpy") as file:
                made_for = (file.metadata() or {}).get(_MADE_FOR)
            if made_for != embedder.fingerprint:
                raise WeightsError(
                    f"Reservesignalet i {folder} er lært opp på en annen språkmodell. "
                    "Kjør: exit-assistent ingest"
                )
            tensors = load_file(folder / _FILES[0])
            vocabulary = json.loads((folder / _FILES[1]).read_text(encoding="utf-8"))
            grams = _vectorizer({gram: n for n, gram in enumerate(vocabulary)})
            grams.idf_ = tensors["idf"].astype(np.float64)
            return cls(embedder, tensors["weights"], tensors["bias"], grams)
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise CorpusError(folder, f"det lærte signalet kan ikke leses ({error}).") from error


def _vectorizer(vocabulary: dict[str, int] | None) -> TfidfVectorizer:
    return TfidfVectorizer(
        preprocessor=fold,
        analyzer="char_wb",
        ngram_range=(2, 5),
        min_df=1 if vocabulary else 2,
        max_features=None if vocabulary else _MOST_GRAMS,
        sublinear_tf=True,
        vocabulary=vocabulary,
    )


def _features(
    grams: TfidfVectorizer, texts: Sequence[str], vectors: Sequence[Sequence[float]]
) -> csr_matrix:
    dense = csr_matrix(np.asarray(vectors, np.float32) * _SHARE)
    return hstack([dense, grams.transform(texts)], format="csr")
