"""Fine-tune the front door's encoder: python -m ingest.tuning.routing OUT --weights DIR [--without AUTHOR ...].

The recorded command that made corpus/routing/adapter stands in its settings.json.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from assistant.archive.embedding import SentenceEmbedder, load_embedder
from assistant.settings import Settings
from ingest.corpus import read_corpus
from ingest.tuning.command import parser, write_settings
from ingest.tuning.examples import LABELS, Example, held_back, read_examples, read_questions
from ingest.tuning.lora import (
    Head,
    Trainer,
    add_adapter,
    chosen,
    go_on_from,
    plan,
    save_adapter,
    seen_by,
    settings_of,
    tell,
)
from ingest.tuning.wording import Rewording

_TOKENS = 2000  # a batch
_LONGEST = 384  # tokens a message
_LOOKS = 4
_NEUTRAL_QUESTIONS = 800  # of the bank, as neutral company


def main() -> None:
    """Train on every author but those named, and write the adapter and its head."""
    command = parser(epochs=5)
    command.add_argument(
        "--questions", type=int, default=1500, help="harmless questions of the bank to add"
    )
    command.add_argument(
        "--keep",
        type=float,
        default=0.0,
        help="how far the result leans back towards that adapter, 0 to 1",
    )
    options = command.parse_args()
    chance = random.Random(options.seed)
    examples = [
        e
        for e in read_examples(options.corpus / "routing")
        if e.author not in options.without and not held_back(e)
    ]
    bank = read_questions(options.corpus / "questions")
    examples += chance.sample(bank, min(options.questions, len(bank)))
    passages, _, _ = read_corpus(Settings(options.corpus, Path("unused")))
    neutral = [s.text for p in passages for s in p.sentences if 30 < len(s.text) < 200]
    neutral += [e.text for e in chance.sample(bank, min(_NEUTRAL_QUESTIONS, len(bank)))]
    embedder = load_embedder(None, options.weights)
    started = time.time()
    before = settings_of(options.onward)
    known = {e.author for e in examples} & set(before.get("authors", ()))
    encoder, head = train(
        embedder,
        examples,
        neutral,
        options.epochs,
        options.rate,
        options.seed,
        onward=options.onward,
        seldom=[options.rehearsed if e.author in known else 1.0 for e in examples],
    )
    if options.onward is not None and options.keep:
        go_on_from(encoder, head, options.onward, options.keep)
    save_adapter(encoder, head, options.out, embedder.fingerprint)
    settings = {
        "onward from": before,
        "examples": len(examples),
        "authors": sorted({example.author for example in examples}),
        "labels": list(LABELS),
        "seconds": round(time.time() - started),
    }
    write_settings(options.out, "ingest.tuning.routing", settings)


def train(
    embedder: SentenceEmbedder,
    examples: Sequence[Example],
    neutral: Sequence[str],
    epochs: int,
    rate: float,
    seed: int,
    *,
    onward: Path | None = None,
    seldom: Sequence[float] = (),
) -> tuple[Any, Head]:
    """Return the adapted encoder and its head over LABELS.

    `onward` is an adapter to go on from; `seldom` is for each example the share of the epochs it is in.
    """
    torch.manual_seed(seed)
    tokenizer, encoder = embedder.parts()
    layers = add_adapter(encoder)
    head = Head(encoder.config.hidden_size, _LOOKS, len(LABELS))
    if onward is not None:
        go_on_from(encoder, head, onward)
    reword = Rewording(examples, neutral, seed)
    epochs_of = chosen(len(examples), epochs, seldom, seed)
    wordings = [{row: reword(examples[row]) for row in rows} for rows in epochs_of]
    steps = list(plan(wordings, tokenizer, _TOKENS, _LONGEST, seed))
    targets = torch.tensor([LABELS.index(e.label) for e in examples])
    trainer = Trainer(layers, head, rate, len(steps))
    encoder.train()
    for number, (_, rows, batch) in enumerate(steps):
        logits = head(seen_by(encoder, head, batch))
        loss = torch.nn.functional.cross_entropy(logits, targets[rows], label_smoothing=0.05)
        mean = trainer.step(loss)
        tell(number, steps, mean)
    encoder.eval()
    head.eval()
    return encoder, head


if __name__ == "__main__":
    main()
