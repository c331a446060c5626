"""Low-rank adapters on the encoder's dense layers, trained with peft and saved in our own small format."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import peft
import torch
from safetensors.torch import load_file, save_file

RANK = 16
FROZEN = 4  # lower layers left as they are: a fifth faster to train and no worse
_TARGETS = ["query", "key", "value", "output.dense", "intermediate.dense"]


def add_adapter(encoder: Any, rank: int = RANK) -> Any:  # a transformers model, untyped
    """Return the encoder with trainable low-rank adapters; every other weight is frozen."""
    config = peft.LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=0.1,
        target_modules=_TARGETS,
        layers_to_transform=list(range(FROZEN, encoder.config.num_hidden_layers)),
        bias="none",
    )
    return peft.get_peft_model(encoder, config)


def save_adapter(adapted: Any, folder: Path, fingerprint: str) -> None:
    """Write the low-rank pairs as NAME.up and NAME.down (bfloat16, scale folded into up)."""
    tensors: dict[str, torch.Tensor] = {}
    for name, module in adapted.named_modules():
        if not hasattr(module, "lora_A"):
            continue
        base = name.removeprefix("base_model.model.")
        scale = module.scaling["default"]
        tensors[f"{base}.weight.up"] = (
            (module.lora_B["default"].weight.data * scale).bfloat16().contiguous()
        )
        tensors[f"{base}.weight.down"] = (
            module.lora_A["default"].weight.data.bfloat16().contiguous()
        )
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "adapter.safetensors")
    (folder / "FINGERPRINT").write_text(fingerprint + "\n", encoding="utf-8")


def resume(adapted: Any, head: torch.nn.Linear, folder: Path) -> None:
    """Continue from a saved adapter and head instead of from nothing."""
    saved = load_file(folder / "adapter.safetensors")
    for name, module in adapted.named_modules():
        if hasattr(module, "lora_A"):
            base = name.removeprefix("base_model.model.")
            scale = module.scaling["default"]
            module.lora_A["default"].weight.data = saved[f"{base}.weight.down"].float()
            module.lora_B["default"].weight.data = saved[f"{base}.weight.up"].float() / scale
    kept = load_file(folder / "head.safetensors")
    head.weight.data, head.bias.data = kept["weight"], kept["bias"]


def pooled(adapted: Any, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return unit vectors (texts x width): the mean over the tokens of each text, as e5 does."""
    hidden = adapted(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    mask = batch["attention_mask"][..., None]
    mean = (hidden.last_hidden_state * mask).sum(1) / mask.sum(1)
    return torch.nn.functional.normalize(mean.float(), dim=-1)


def batches(
    lengths: Sequence[int], tokens: int, generator: torch.Generator, jitter: float = 0.3
) -> Iterator[list[int]]:
    """Yield batches of rows of like length, at most `tokens` tokens each, in shuffled order."""
    noise = torch.rand(len(lengths), generator=generator).tolist()
    order = sorted(
        range(len(lengths)), key=lambda row: math.log(lengths[row] + 1) + jitter * noise[row]
    )
    groups: list[list[int]] = [[]]
    for row in order:
        longest = max(lengths[row], max((lengths[r] for r in groups[-1]), default=0))
        if groups[-1] and (len(groups[-1]) + 1) * longest > tokens:
            groups.append([])
        groups[-1].append(row)
    for group in torch.randperm(len(groups), generator=generator).tolist():
        yield groups[group]
