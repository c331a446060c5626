"""Fine-tune the reader of questions: python -m ingest.tuning.questions OUT --weights DIR [--without AUTHOR ...].

One adapter on the question side only, three lessons at once: a question lies near the sentences that
answer it (their vectors stay as they are), near other questions with the same answer, and tells whether
the guide answers, lacks, refutes or has nothing to do with it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from assistant.archive.contents import Door
from assistant.archive.embedding import SentenceEmbedder, load_embedder
from assistant.archive.index import sentence_ids
from assistant.domain import Passage
from assistant.settings import Settings
from ingest.build import embedding_text
from ingest.corpus import read_corpus
from ingest.tuning.command import parser, write_settings
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
from ingest.tuning.wording import slips

STANCES = ("answers", "lacks", "corrects", "off_topic")
_TEMPERATURE = 0.04  # of the contrasts
_TOKENS = 2600
_LONGEST = 256
_LOOKS = 4
_SLIPS = 0.2  # share of the questions that get slips of the finger in an epoch


def main() -> None:
    """Train on every author but those named, and write the adapter and the stance head."""
    command = parser(epochs=8)
    command.add_argument(
        "--search-look",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="let the first look take part in the question's vector",
    )
    options = command.parse_args()
    passages, doors, _ = read_corpus(Settings(options.corpus, Path("unused")))
    doors = tuple(door for door in doors if door.author not in options.without)
    embedder = load_embedder(None, options.weights)
    started = time.time()
    before = settings_of(options.onward)
    known = set(before.get("authors", ()))
    encoder, head = train(
        embedder,
        passages,
        doors,
        options.epochs,
        options.rate,
        options.seed,
        search_look=options.search_look,
        onward=options.onward,
        seldom=[options.rehearsed if door.author in known else 1.0 for door in doors],
    )
    save_adapter(encoder, head, options.out, embedder.fingerprint)
    settings = {
        "onward from": before,
        "questions": len(doors),
        "authors": sorted({door.author for door in doors}),
        "labels": list(STANCES),
        "search_look": options.search_look,
        "seconds": round(time.time() - started),
    }
    write_settings(options.out, "ingest.tuning.questions", settings)


def train(
    embedder: SentenceEmbedder,
    passages: Sequence[Passage],
    doors: Sequence[Door],
    epochs: int,
    rate: float,
    seed: int,
    *,
    search_look: bool,
    onward: Path | None = None,
    seldom: Sequence[float] = (),
) -> tuple[Any, Head]:
    """Return the adapted question encoder and the head over the four stances.

    `onward` is an adapter to go on from; `seldom` is for each door the share of the epochs it is in.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)
    tokenizer, encoder = embedder.parts()
    layers = add_adapter(encoder)
    head = Head(encoder.config.hidden_size, _LOOKS, len(STANCES))
    units = torch.tensor(
        embedder.passages([embedding_text(p, s.text) for p in passages for s in p.sentences])
    )
    hits = _hits(passages, doors).float()
    stances = torch.tensor([STANCES.index(door.stance) for door in doors])
    if onward is not None:
        go_on_from(encoder, head, onward)
    wordings = [
        {
            row: slips(doors[row].question, chance)
            if chance.random() < _SLIPS
            else doors[row].question
            for row in rows
        }
        for rows in chosen(len(doors), epochs, seldom, seed)
    ]
    steps = list(plan(wordings, tokenizer, _TOKENS, _LONGEST, seed))
    trainer = Trainer(layers, head, rate, len(steps))
    balance = torch.tensor([1.0, 1.5, 1.5, 2.0])
    width = encoder.config.hidden_size
    encoder.train()
    for number, (_, rows, batch) in enumerate(steps):
        seen = seen_by(encoder, head, batch)
        vectors, found = seen[:, :width], hits[rows]
        if search_look:
            vectors = torch.nn.functional.normalize(vectors + seen[:, width : 2 * width], dim=-1)
        loss = _contrast(vectors @ units.T, found)
        same = ((found @ found.T) > 0).float().fill_diagonal_(0)
        loss = loss + 0.5 * _contrast(vectors @ vectors.T - 9 * torch.eye(len(rows)), same)
        loss = loss + torch.nn.functional.cross_entropy(
            head(seen), stances[rows], weight=balance, label_smoothing=0.05
        )
        mean = trainer.step(loss)
        tell(number, steps, mean)
    encoder.eval()
    head.eval()
    return encoder, head


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
