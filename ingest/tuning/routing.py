"""Fine-tune the front door's encoder: python -m ingest.tuning.routing OUT [--without AUTHOR ...].

The recorded command that made corpus/routing/adapter stands in its settings.json.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from assistant.archive.embedding import SentenceEmbedder, load_embedder
from ingest.tuning.examples import LABELS, Example, held_back, read_examples, read_questions
from ingest.tuning.lora import add_adapter, batches, pooled, resume, save_adapter

SHARP = 8.0  # unit vectors times this feed the head; keeps its weights of ordinary size
_TOKENS = 1500  # a batch
_LONGEST = 384  # tokens a message


def main() -> None:
    """Train on every author but those named, and write the adapter and its head."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--with-held-back", action="store_true", help="train on the held-back tenth too"
    )
    parser.add_argument(
        "--new", nargs="*", default=[], help="authors to train on whole, with --replay"
    )
    parser.add_argument("--replay", type=float, default=0.35, help="share of the other authors")
    parser.add_argument("--start", type=Path, help="continue from a saved adapter")
    parser.add_argument(
        "--questions", type=int, default=700, help="harmless questions of the bank to add"
    )
    options = parser.parse_args()
    examples = [
        e
        for e in read_examples(options.corpus / "routing")
        if e.author not in options.without and (options.with_held_back or not held_back(e))
    ]
    if options.new:
        draw = random.Random(options.seed)
        examples = [
            e for e in examples if e.author in options.new or draw.random() < options.replay
        ]
    bank = read_questions(options.corpus / "questions")
    examples += random.Random(options.seed).sample(bank, min(options.questions, len(bank)))
    embedder = load_embedder(None, options.weights)
    started = time.time()
    adapted, head = train(
        embedder, examples, options.epochs, options.rate, options.seed, options.start
    )
    save_adapter(adapted, options.out, embedder.fingerprint)
    save_file(
        {"weight": head.weight.data.contiguous(), "bias": head.bias.data.contiguous()},
        options.out / "head.safetensors",
    )
    settings = {
        "command": " ".join(["python -m ingest.tuning.routing", *map(str, sys.argv[1:])]),
        "examples": len(examples),
        "authors": sorted({example.author for example in examples}),
        "labels": list(LABELS),
        "sharp": SHARP,
        "seconds": round(time.time() - started),
    }
    (options.out / "settings.json").write_text(
        json.dumps(settings, ensure_ascii=False, indent=1) + "\n"
    )


def train(
    embedder: SentenceEmbedder,
    examples: Sequence[Example],
    epochs: int,
    rate: float,
    seed: int,
    start: Path | None = None,
) -> tuple[Any, torch.nn.Linear]:
    """Return the adapted encoder and its linear head (10 labels x width)."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    tokenizer, encoder = embedder.parts()
    adapted = add_adapter(encoder)
    head = torch.nn.Linear(encoder.config.hidden_size, len(LABELS))
    if start is not None:
        resume(adapted, head, start)
    layers = [p for p in adapted.parameters() if p.requires_grad]
    parameters = [*layers, *head.parameters()]
    groups_ = [{"params": layers}, {"params": list(head.parameters())}]
    optimiser = torch.optim.AdamW(groups_, lr=rate, weight_decay=0.01)
    rows = tokenizer([f"query: {e.text}" for e in examples], truncation=True, max_length=_LONGEST)[
        "input_ids"
    ]
    targets = torch.tensor([LABELS.index(e.label) for e in examples])
    lengths = [len(row) for row in rows]
    plan = [list(batches(lengths, _TOKENS, generator)) for _ in range(epochs)]
    total = sum(map(len, plan))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, 10 * rate], total_steps=total, pct_start=0.1
    )
    adapted.train()
    for epoch, groups in enumerate(plan):
        running = 0.0
        for group in groups:
            batch = tokenizer.pad({"input_ids": [rows[row] for row in group]}, return_tensors="pt")
            with torch.autocast("cpu", torch.bfloat16):
                vectors = pooled(adapted, batch)
            logits = head(vectors.float() * SHARP)
            loss = torch.nn.functional.cross_entropy(logits, targets[group], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            running += loss.item()
        print(f"epoch {epoch + 1}: loss {running / len(groups):.3f}", flush=True)
    adapted.eval()
    return adapted, head


if __name__ == "__main__":
    main()
