"""Vectors of the question bank that ship with the tuned reader, so that a first build need not make them.

They are exactly what the reader would compute; with other weights, or for a question that is not
among them, the reader computes them as for any other text. `python -m ingest.tuning.doors` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from assistant.domain import Vector
from assistant.errors import CorpusError

FILE = "doors.safetensors"


def read_prepared(folder: Path, fingerprint: str) -> Mapping[str, Vector]:
    """Return unit vectors by door id; none when there is no file or other weights made it.

    Raises CorpusError when the file is damaged.
    """
    file = folder / FILE
    if not file.is_file():
        return {}
    try:
        with safe_open(file, framework="numpy") as opened:
            if (opened.metadata() or {}).get("fingerprint") != fingerprint:
                return {}
            names, raw = opened.get_tensor("ids"), opened.get_tensor("vectors")
    except (OSError, SafetensorError) as error:
        raise CorpusError(file, f"kan ikke leses ({error}). Hent fila på nytt.") from error
    return {bytes(name).hex(): row for name, row in zip(names, _unit(raw).tolist(), strict=True)}


def write_prepared(
    folder: Path, fingerprint: str, ids: Sequence[str], vectors: Sequence[Vector]
) -> None:
    """Write vectors (float16) by door id (16 hexadecimal digits)."""
    names = np.array([list(bytes.fromhex(id_)) for id_ in ids], np.uint8)
    tensors: dict[str, npt.NDArray[Any]] = {
        "ids": names,
        "vectors": np.asarray(vectors, np.float16),
    }
    save_file(tensors, folder / FILE, metadata={"fingerprint": fingerprint})


def _unit(raw: npt.NDArray[np.float16]) -> npt.NDArray[np.float32]:
    vectors = raw.astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
