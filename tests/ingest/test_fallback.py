"""Training the fallback at ingest is bounded, always the same, and tells how far it has come."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from assistant.archive.embedding import SentenceEmbedder
from assistant.settings import Settings
from ingest.fallback import sampled, train_fallback
from ingest.tuning.examples import LABELS, Example, held_back, read_examples


def test_the_sample_keeps_every_label_in_its_share_and_is_the_same_twice(corpus_dir: Path) -> None:
    examples = [e for e in read_examples(corpus_dir / "routing") if not held_back(e)]
    chosen = sampled(examples, 1000)
    assert chosen == sampled(examples, 1000)
    assert 1000 <= len(chosen) <= 1000 + len(LABELS)
    before = Counter(example.label for example in examples)
    after = Counter(example.label for example in chosen)
    for label in LABELS:
        assert abs(after[label] - before[label] * 1000 / len(examples)) <= 1


def test_a_label_of_one_example_keeps_it() -> None:
    rare = Example("kniv", "akutt_fare", "nb", "", "x", ("kniv",))
    common = [Example(f"plan {n}", "ingen", "nb", "", "x", (f"plan {n}",)) for n in range(99)]
    assert rare in sampled([*common, rare], 5)
    assert sampled([*common, rare], 100) == [*common, rare]


def test_training_tells_how_many_texts_it_has_come_to(
    settings: Settings, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "corpus" / "routing"
    folder.mkdir(parents=True)
    rows = [
        {"text": f"{n} {label}", "category": label, "lang": "nb", "style": ""}
        for label in LABELS
        for n in range(40)
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "mine.jsonl").write_text(lines, encoding="utf-8")
    mine = replace(settings, corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")
    told: list[tuple[int, int]] = []
    train_fallback(mine, embedder, lambda what, done, total: told.append((done, total)))
    total = told[0][1]
    assert 250 < total <= 400
    assert told == [(0, total), (250, total), (total, total)]
