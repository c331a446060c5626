"""Fine-tune the reader of questions: python -m ingest.tuning.questions OUT --weights DIR [--without AUTHOR ...].

One adapter on the question side only, three lessons at once: a question lies near the sentences that
answer it (their vectors stay as they are), near other questions with the same answer, and tells whether
the guide answers, lacks, refutes or has nothing to do with it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from assistant.archive.embedding import SentenceEmbedder, load_embedder
from assistant.archive.index import Door, sentence_ids
from assistant.domain import Passage
from assistant.settings import Settings
from ingest.build import embedding_text
from ingest.corpus import read_corpus
from ingest.tuning.lora import add_adapter, batches, pooled, resume, save_adapter

STANCES = ("answers", "lacks", "corrects", "off_topic")
SHARP = 8.0
_TEMPERATURE = 0.04  # of the contrasts
_TOKENS = 1800
_LONGEST = 256


def main() -> None:
    """Train on every author but those named, and write the adapter and the stance head."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="continue from a saved adapter")
    options = parser.parse_args()
    passages, doors, _ = read_corpus(Settings(options.corpus, Path("unused")))
    doors = tuple(door for door in doors if door.author not in options.without)
    embedder = load_embedder(None, options.weights)
    started = time.time()
    adapted, head = train(
        embedder, passages, doors, options.epochs, options.rate, options.seed, options.start
    )
    save_adapter(adapted, options.out, embedder.fingerprint)
    tensors = {"weight": head.weight.data.contiguous(), "bias": head.bias.data.contiguous()}
    save_file(tensors, options.out / "head.safetensors")
    settings = {
        "command": " ".join(["python -m ingest.tuning.questions", *map(str, sys.argv[1:])]),
        "questions": len(doors),
        "authors": sorted({door.author for door in doors}),
        "labels": list(STANCES),
        "sharp": SHARP,
        "seconds": round(time.time() - started),
    }
    (options.out / "settings.json").write_text(
        json.dumps(settings, ensure_ascii=False, indent=1) + "\n"
    )


def train(
    embedder: SentenceEmbedder,
    passages: Sequence[Passage],
    doors: Sequence[Door],
    epochs: int,
    rate: float,
    seed: int,
    start: Path | None = None,
) -> tuple[Any, torch.nn.Linear]:
    """Return the adapted question encoder and the stance head (4 stances x width)."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    tokenizer, encoder = embedder.parts()
    adapted = add_adapter(encoder)
    head = torch.nn.Linear(encoder.config.hidden_size, len(STANCES))
    if start is not None:
        resume(adapted, head, start)
    layers = [p for p in adapted.parameters() if p.requires_grad]
    parameters = [*layers, *head.parameters()]
    groups_ = [{"params": layers}, {"params": list(head.parameters())}]
    optimiser = torch.optim.AdamW(groups_, lr=rate, weight_decay=0.01)
    units = torch.tensor(
        embedder.passages([embedding_text(p, s.text) for p in passages for s in p.sentences])
    )
    hits = _hits(passages, doors)
    stances = torch.tensor([STANCES.index(door.stance) for door in doors])
    rows = tokenizer([f"query: {d.question}" for d in doors], truncation=True, max_length=_LONGEST)[
        "input_ids"
    ]
    plan = [
        list(batches([len(r) for r in rows], _TOKENS, generator, jitter=0.5)) for _ in range(epochs)
    ]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, 10 * rate], total_steps=sum(map(len, plan)), pct_start=0.1
    )
    balance = torch.tensor([1.0, 1.5, 1.5, 2.0])
    adapted.train()
    for epoch, groups in enumerate(plan):
        running = 0.0
        for group in groups:
            batch = tokenizer.pad({"input_ids": [rows[row] for row in group]}, return_tensors="pt")
            with torch.autocast("cpu", torch.bfloat16):
                vectors = pooled(adapted, batch)
            found = hits[group]
            loss = _contrast(vectors @ units.T, found.float())
            same = ((found.float() @ found.float().T) > 0).float().fill_diagonal_(0)
            loss = loss + 0.5 * _contrast(vectors @ vectors.T - 9 * torch.eye(len(group)), same)
            logits = head(vectors * SHARP)
            loss = loss + torch.nn.functional.cross_entropy(
                logits, stances[group], weight=balance, label_smoothing=0.05
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            running += loss.item()
        print(f"epoch {epoch + 1}: loss {running / len(groups):.3f}", flush=True)
    adapted.eval()
    return adapted, head


def _hits(passages: Sequence[Passage], doors: Sequence[Door]) -> torch.Tensor:
    """Return doors x sentences: whether the door leads to the sentence."""
    column = dict(zip(sentence_ids(passages), range(10**6), strict=False))
    place = {
        (p.id, s.text): column[f"{p.id}#{n}"] for p in passages for n, s in enumerate(p.sentences)
    }
    hits = torch.zeros(len(doors), len(column), dtype=torch.bool)
    for row, door in enumerate(doors):
        if door.stance != "lacks":
            for target in door.targets:
                hits[row, place[target]] = True
    return hits


def _contrast(scores: torch.Tensor, positive: torch.Tensor) -> torch.Tensor:
    """Return the mean negative log share of the positives, over rows that have any."""
    logs = torch.log_softmax(scores / _TEMPERATURE, dim=1)
    per_row = -(logs * positive).sum(1) / positive.sum(1).clamp(min=1)
    any_ = positive.sum(1) > 0
    return per_row[any_].mean() if any_.any() else scores.sum() * 0.0


if __name__ == "__main__":
    main()
