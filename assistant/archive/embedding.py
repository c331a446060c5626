"""Turn texts into vectors; the only file that imports sentence-transformers."""

from __future__ import annotations

import copy
import hashlib
import logging
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from assistant.archive.weights import bundled_file, unpack
from assistant.domain import Vector
from assistant.errors import WeightsError
from assistant.settings import DEFAULT_HUB_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32  # texts encoded together: larger batches gain nothing on two cores
_LONGEST = 512  # tokens of a text
_KEEN = 16.0  # how sharply a look picks its tokens: cosines times this go into the softmax
_HALF = re.compile(r"[\ud800-\udfff]")  # half an emoji, which no tokenizer can read
_LOG = logging.getLogger(__name__)


class SentenceEmbedder:
    """A sentence-transformers model whose weights are rounded to bfloat16, which is as good.

    Where the processor computes in bfloat16 that is half the time; elsewhere `widen` has made the
    layers float32, for there bfloat16 takes two to six times as long.
    """

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        """Wrap a loaded model; `fingerprint` names its weights."""
        self._model = model
        self._fingerprint = fingerprint
        # One text at a time shares two cores better than several at once.
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """Return a name for these weights that changes when they do."""
        return self._fingerprint

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed questions; one unit vector (float32) a text, in order."""
        return self._encode(texts, "query: ")

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed passages; one unit vector (float32) a text, in order."""
        return self._encode(texts, "passage: ")

    def attended(self, texts: Sequence[str], looks: Sequence[Vector]) -> list[list[float]]:
        """Embed questions; a text's unit vector, then one more for each look, end to end.

        `looks` are vectors of the encoder's width; texts are cut at 512 tokens.
        """
        if not texts:
            return []
        wanted = torch.tensor(np.asarray(looks, np.float32))
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        found: dict[int, list[float]] = {}
        with self._lock, torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                batch = self._model.tokenizer(
                    [f"query: {_whole(texts[row])}" for row in rows],
                    truncation=True,
                    max_length=_LONGEST,
                    padding=True,
                    return_tensors="pt",
                )
                mask = batch["attention_mask"]
                states = _encoder(self._model)(input_ids=batch["input_ids"], attention_mask=mask)
                pooled = attend(states.last_hidden_state, mask, wanted)
                found.update(zip(rows, pooled.tolist(), strict=True))
        return [found[row] for row in range(len(texts))]

    def _encode(self, texts: Sequence[str], prompt: str) -> list[list[float]]:
        if not texts:
            return []
        with self._lock, torch.inference_mode():
            raw = self._model.encode(
                [_whole(text) for text in texts],
                prompt=prompt,
                batch_size=_BATCH,
                convert_to_tensor=True,
                show_progress_bar=False,
            )
        # bfloat16 leaves the length a little off; renormalise in float32.
        return torch.nn.functional.normalize(raw.float(), dim=-1).tolist()

    def parts(self) -> tuple[Any, Any]:
        """Return the tokenizer and a float32 copy of the encoder, for training."""
        return self._model.tokenizer, copy.deepcopy(_encoder(self._model)).float()

    def adapted(self, folder: Path) -> SentenceEmbedder:
        """Return a second embedder whose attention and dense layers carry the adapter in `folder`.

        The word vectors, nine tenths of the weights, are shared. Raises WeightsError if the adapter
        was made for other weights or cannot be read.
        """
        try:
            return self._adapted(folder)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise WeightsError(
                f"Tilpasningen i {folder} kan ikke leses ({error}). Hent mappa fra kodelageret på nytt."
            ) from error

    def _adapted(self, folder: Path) -> SentenceEmbedder:
        made_for = (folder / "FINGERPRINT").read_text(encoding="utf-8").strip()
        if made_for != self._fingerprint:
            raise WeightsError(f"Tilpasningen i {folder} er laget for en annen språkmodell.")
        words = _encoder(self._model).embeddings.word_embeddings
        memo = {id(words): words, id(self._model.tokenizer): self._model.tokenizer}
        model = copy.deepcopy(self._model, memo)
        weights = dict(_encoder(model).named_parameters())
        with torch.no_grad():
            for name, change in _changes(folder / "adapter.safetensors"):
                weights[name].add_(change.to(weights[name].dtype))
        digest = hashlib.sha256((folder / "adapter.safetensors").read_bytes()).hexdigest()[:12]
        return SentenceEmbedder(model, f"{self._fingerprint}+{digest}")


def _whole(text: str) -> str:
    return _HALF.sub("\ufffd", text)


def attend(states: torch.Tensor, mask: torch.Tensor, looks: torch.Tensor) -> torch.Tensor:
    """Return texts x (1 + looks)·width: the unit mean over the tokens, then a unit mean for each look.

    `states` is texts x tokens x width, `mask` texts x tokens, `looks` looks x width. A look weighs the
    tokens by a softmax over its cosine-like score with each, so that one clause of a long text can
    carry its vector.
    """
    words = states.float()
    there = mask[..., None]
    mean = (words * there).sum(1, keepdim=True) / there.sum(1, keepdim=True)
    scores = torch.nn.functional.normalize(words, dim=-1) @ looks.T * _KEEN
    shares = scores.masked_fill(there == 0, -1e9).softmax(1)
    found = torch.cat([mean, shares.transpose(1, 2) @ words], dim=1)
    return torch.nn.functional.normalize(found, dim=-1).flatten(1)


def _encoder(model: SentenceTransformer) -> Any:
    """Return the transformers encoder inside a sentence-transformers model; its types are not exported."""
    return model[0].auto_model


def _changes(file: Path) -> list[tuple[str, torch.Tensor]]:
    """Return (parameter name, change) for low-rank pairs `NAME.up` x `NAME.down`."""
    tensors = load_file(file)
    names = sorted(name.removesuffix(".up") for name in tensors if name.endswith(".up"))
    return [
        (name, tensors[f"{name}.up"].float() @ tensors[f"{name}.down"].float()) for name in names
    ]


def load_embedder(model_name: str | None, weights_dir: Path) -> SentenceEmbedder:
    """Load the embedding model: `model_name` (a folder or hub name), else the bundled e5-small.

    Raises WeightsError with what to do when it cannot be found, unpacked or loaded.
    """
    folder = _folder(model_name, weights_dir)
    try:
        # Five seconds: only when weights are wanted.
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(
            folder, device="cpu", model_kwargs={"dtype": torch.bfloat16}, backend="torch"
        )
    except ImportError as error:
        raise WeightsError(
            f"sentence-transformers lar seg ikke laste ({error}). Installer pakkene på nytt: make setup."
        ) from error
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise WeightsError(
            f"Får ikke lastet språkmodellen «{folder}» ({error}). Sjekk EXIT_EMBEDDING_MODEL, "
            f"eller slett {weights_dir} og start på nytt."
        ) from error
    model.eval()
    fingerprint = _fingerprint(model, folder)
    if not has_fast_bfloat16():
        widen(_encoder(model))
    return SentenceEmbedder(model, fingerprint)


def has_fast_bfloat16() -> bool:
    """Tell whether this processor has instructions for bfloat16; torch emulates them where it has not."""
    tests = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(getattr(torch.cpu, test, lambda: False)() for test in tests)


def widen(encoder: torch.nn.Module) -> None:
    """Make an encoder's layers float32; the word vectors, nine tenths of it, are only looked up and stay."""
    for name, parameter in encoder.named_parameters():
        if "word_embeddings" not in name:
            parameter.data = parameter.data.float()


def _folder(model_name: str | None, weights_dir: Path) -> str:
    if model_name:
        return model_name
    bundled = bundled_file()
    if bundled is None:
        return DEFAULT_HUB_MODEL
    return str(unpack(bundled, weights_dir))


def _fingerprint(model: SentenceTransformer, folder: str) -> str:
    """Return a short hash of the weights: of every hundredth row of the word vectors and the last layer."""
    state = _encoder(model).state_dict()
    digest = hashlib.sha256()
    for name in sorted(state):
        rows = state[name].float().flatten()[::997]
        digest.update(name.encode() + np.ascontiguousarray(rows.numpy()).tobytes())
    return f"{Path(folder).name}-{digest.hexdigest()[:12]}"
