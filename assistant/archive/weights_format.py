"""The packed 4-bit file of multilingual-e5-small, and the sentence-transformers folder it becomes.

The format (one file): header, SentencePiece vocabulary with scores, then tensors as Q4_0 blocks of 32
(a half-precision scale and 16 bytes of nibbles) or as float32. See docs/decisions/0003.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from assistant.errors import WeightsError

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_TOP_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def write_folder(raw: bytes, folder: Path) -> None:
    """Write a packed file as a sentence-transformers folder; raises OSError and SafetensorError."""
    reader = _Reader(raw)
    config = _read_config(reader)
    pieces, unknown = _read_vocabulary(reader)
    tensors = {
        name: np.ascontiguousarray(tensor, np.float16)
        for name, tensor in _read_tensors(reader, config)
    }
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    # Not `save`, which raises a bare Exception on a full disk.
    words = _tokenizer(pieces, unknown).to_str(pretty=True)
    (folder / "tokenizer.json").write_text(words, encoding="utf-8")
    for name, content in _settings_files(config).items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


class _Reader:
    """Reads the packed file from front to back."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.raw, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.raw, dtype, count, self.at)
        self.at += values.nbytes
        return values


def _read_config(reader: _Reader) -> dict[str, object]:
    if reader.raw[:4] != b"E5S1":
        raise WeightsError("Vektfila har et ukjent format. Installer pakkene på nytt: make setup.")
    reader.at = 8
    hidden, layers, heads, inner, vocabulary, positions, types, epsilon, _ = reader.take("7ifi")
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": epsilon,
        "hidden_act": "gelu",
    }


def _read_vocabulary(reader: _Reader) -> tuple[list[tuple[str, float]], int]:
    count, _bos, _eos, _pad, unknown = reader.take("5i")
    (length,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.array("u1", length).tobytes()
    pieces = [
        (blob[start:end].decode(), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    _, skip = reader.take("iI")
    reader.at += skip  # the normalisation map is plain SentencePiece nmt_nfkc
    return pieces, unknown


def _read_tensors(
    reader: _Reader, config: dict[str, object]
) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    hidden, inner = int(str(config["hidden_size"])), int(str(config["intermediate_size"]))
    shapes = {"fi.w": (inner, hidden), "fo.w": (hidden, inner)}
    for _ in range(reader.take("i")[0]):
        (length,) = reader.take("H")
        name = reader.array("u1", length).tobytes().decode()
        packed, count, offset, size = reader.take("BIQQ")
        data = reader.raw[offset : offset + size]
        flat = _dequantise(data) if packed else np.frombuffer(data, "<f4")
        is_matrix = name in ("emb.word", "emb.pos", "emb.type") or (packed and name.endswith(".w"))
        shape = shapes.get(name.split(".", 1)[1], (-1, hidden)) if is_matrix else (count,)
        yield _bert_name(name), flat.reshape(shape)


def _dequantise(data: bytes) -> npt.NDArray[np.float32]:
    blocks = np.frombuffer(data, _BLOCK)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def _bert_name(name: str) -> str:
    if name in _TOP_PARTS:
        return _TOP_PARTS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _tokenizer(pieces: list[tuple[str, float]], unknown: int) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(
        [
            *(AddedToken(token, special=True, normalized=False) for token in _SPECIAL),
            AddedToken("<mask>", special=True, lstrip=True, normalized=False),
        ]
    )
    ids = {piece: number for number, (piece, _) in enumerate(pieces)}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])],
    )
    return tokenizer


def _settings_files(config: dict[str, object]) -> dict[str, object]:
    module = "sentence_transformers.models."
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": {
            **config,
            "dtype": "float32",
            "bos_token_id": 0,
            "pad_token_id": 1,
            "eos_token_id": 2,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": config["max_position_embeddings"],
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": module + kind}
            for number, (path, kind) in enumerate(kinds)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": config["hidden_size"],
            "pooling_mode_mean_tokens": True,
        },
        "sentence_bert_config.json": {
            "max_seq_length": config["max_position_embeddings"],
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }
