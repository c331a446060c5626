"""Low-rank changes to the encoder's dense layers, saved in a small format."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from assistant.archive.embedding import attend, has_fast_bfloat16

RANK = 32
FROZEN = 3  # lower layers left as they are: faster to train and no worse
SHARP = 8.0  # unit vectors times this feed a head; keeps its weights of ordinary size
_SCALE = 2.0  # the usual alpha over rank of low-rank adapters
_LAYERS = "encoder.layer."
_TOLD = 100  # steps between two lines on how training goes
_LATEST = 0.02  # what the newest batch counts in the mean loss of late


class LowRank(torch.nn.Module):
    """A frozen dense layer with `up(down(x))` added to what it gives; begins as no change at all."""

    def __init__(self, dense: torch.nn.Linear, rank: int) -> None:
        """Wrap the layer and make the two thin matrices."""
        super().__init__()
        self.dense = dense
        rows, columns = dense.weight.shape
        self.down = torch.nn.Parameter(torch.randn(rank, columns) / math.sqrt(columns))
        self.up = torch.nn.Parameter(torch.zeros(rows, rank))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return what the changed layer gives."""
        found: torch.Tensor = self.dense(states)
        return found + states @ self.down.T @ self.up.T * _SCALE


class Head(torch.nn.Module):
    """Labels from the mean of a text's tokens and from a few learned looks at them."""

    def __init__(self, width: int, looks: int, labels: int) -> None:
        """Begin with small random looks."""
        super().__init__()
        self.looks = torch.nn.Parameter(torch.randn(looks, width) * 0.02)
        self.out = torch.nn.Linear(width * (1 + looks), labels)

    def forward(self, seen: torch.Tensor, dropout: float = 0.1) -> torch.Tensor:
        """Return texts x labels for what `attend` gave."""
        kept = torch.nn.functional.dropout(seen * SHARP, dropout, self.training)
        found: torch.Tensor = self.out(kept)
        return found


def add_adapter(encoder: Any, rank: int = RANK) -> list[torch.nn.Parameter]:
    """Give the upper layers' dense weights low-rank changes and return what can be trained.

    Every other weight is frozen, and dropout inside the encoder is off: its random numbers cost as
    much as the arithmetic, and the thin matrices do not need it.
    """
    for parameter in encoder.parameters():
        parameter.requires_grad = False
    encoder.set_attn_implementation("eager")  # with gradients a third faster than the fused one
    for name, module in list(encoder.named_modules()):
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        in_layer = name.startswith(_LAYERS) and int(name.split(".")[2]) >= FROZEN
        if in_layer and isinstance(module, torch.nn.Linear):
            encoder.set_submodule(name, LowRank(module, rank))
    return [parameter for parameter in encoder.parameters() if parameter.requires_grad]


def go_on_from(encoder: Any, head: Head, folder: Path, share: float = 1.0) -> None:
    """Take over the adapter and head in `folder`; the encoder carries adapters of the same rank.

    With a `share` below 1 what is there already keeps the rest: a run that went on from an adapter
    and leans back towards it afterwards errs less on authors that neither has seen.
    """
    pairs = load_file(folder / "adapter.safetensors")
    kept = load_file(folder / "head.safetensors")
    before = {
        head.out.weight: kept["weight"],
        head.out.bias: kept["bias"],
        head.looks: kept["looks"],
    }
    for name, module in encoder.named_modules():
        if isinstance(module, LowRank):
            before[module.up] = pairs[f"{name}.weight.up"].float() / _SCALE
            before[module.down] = pairs[f"{name}.weight.down"].float()
    with torch.no_grad():
        for parameter, old in before.items():
            parameter.lerp_(old, share)


def save_adapter(encoder: Any, head: Head, folder: Path, fingerprint: str) -> None:
    """Write the pairs as NAME.up and NAME.down (bfloat16, scale folded into up), the head, and whom it fits."""
    tensors: dict[str, torch.Tensor] = {}
    for name, module in encoder.named_modules():
        if isinstance(module, LowRank):
            tensors[f"{name}.weight.up"] = (module.up.data * _SCALE).bfloat16().contiguous()
            tensors[f"{name}.weight.down"] = module.down.data.bfloat16().contiguous()
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "adapter.safetensors")
    kept = {"weight": head.out.weight, "bias": head.out.bias, "looks": head.looks}
    save_file({name: t.data.contiguous() for name, t in kept.items()}, folder / "head.safetensors")
    (folder / "FINGERPRINT").write_text(fingerprint + "\n", encoding="utf-8")


def seen_by(encoder: Any, head: Head, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return what `attend` makes of a padded batch, with gradients."""
    with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bfloat16()):
        states = encoder(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    return attend(states.last_hidden_state, batch["attention_mask"], head.looks)


def batches(
    lengths: Sequence[int], tokens: int, generator: torch.Generator, jitter: float = 0.3
) -> list[list[int]]:
    """Return batches of rows of like length, at most `tokens` tokens each, in shuffled order."""
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
    return [groups[g] for g in torch.randperm(len(groups), generator=generator).tolist()]


def plan(
    texts_by_epoch: Sequence[Mapping[int, str]],
    tokenizer: Any,
    tokens: int,
    longest: int,
    seed: int,
) -> Iterator[tuple[int, list[int], dict[str, torch.Tensor]]]:
    """Yield (epoch, rows, padded batch) through all epochs; every epoch has its own rows and wording."""
    generator = torch.Generator().manual_seed(seed)
    for epoch, texts in enumerate(texts_by_epoch):
        rows = list(texts)
        read = tokenizer(
            [f"query: {t}" for t in texts.values()], truncation=True, max_length=longest
        )["input_ids"]
        for group in batches([len(ids) for ids in read], tokens, generator):
            padded = tokenizer.pad({"input_ids": [read[n] for n in group]}, return_tensors="pt")
            yield epoch, [rows[n] for n in group], padded


def chosen(count: int, epochs: int, seldom: Sequence[float], seed: int) -> list[list[int]]:
    """Return the rows of each epoch; row n is in it with the chance `seldom[n]`, always without one."""
    chance = random.Random(seed)
    return [
        [row for row in range(count) if not seldom or chance.random() < seldom[row]]
        for _ in range(epochs)
    ]


def tell(number: int, steps: Sequence[tuple[int, Any, Any]], mean: float) -> None:
    """Print how far training has come, every hundredth step and at the end."""
    if number % _TOLD == _TOLD - 1 or number + 1 == len(steps):
        epoch = steps[number][0] + 1
        print(f"epoch {epoch}, step {number + 1} of {len(steps)}: loss {mean:.3f}", flush=True)


def settings_of(folder: Path | None) -> dict[str, Any]:
    """Return how the adapter in a folder was made; nothing for none."""
    if folder is None:
        return {}
    found: dict[str, Any] = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    return found


class Trainer:
    """AdamW over the thin matrices and a head, with one warm-up and one long cool-down."""

    def __init__(
        self, layers: list[torch.nn.Parameter], head: Head, rate: float, steps: int
    ) -> None:
        """Plan for so many steps; the head learns five times as fast."""
        self._layers, self._running, self._count = layers, 0.0, 0
        groups = [{"params": layers}, {"params": list(head.parameters())}]
        self._optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, [rate, 5 * rate], total_steps=steps + 1, pct_start=0.1
        )

    def step(self, loss: torch.Tensor) -> float:
        """Learn from one batch and return the mean loss of late."""
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(self._layers, 1.0)
        self._optimiser.step()
        self._schedule.step()
        share = max(_LATEST, 1 / (self._count + 1))
        self._running += share * (loss.item() - self._running)
        self._count += 1
        return self._running
