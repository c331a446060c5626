"""What is trained is what is served: a saved adapter and head give the same verdicts when opened again."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from assistant.archive.embedding import SentenceEmbedder, attend
from assistant.safety.signals import LABELS, TunedHead
from ingest.tuning.examples import Example
from ingest.tuning.lora import SHARP, Head, add_adapter, go_on_from, save_adapter, seen_by
from ingest.tuning.routing import train
from ingest.tuning.wording import Rewording, slips

DANGER, CALM = "Han står i gangen med en kniv.", "Møtet er flyttet til torsdag."
EXAMPLES = [
    Example(text, label, "nb", "direct", "prøve", (text,))
    for text, label in ((DANGER, "akutt_fare"), (CALM, "ingen"))
] * 8


@pytest.fixture(scope="module")
def folder(embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an adapter trained on two sentences."""
    place = tmp_path_factory.mktemp("adapter")
    encoder, head = train(embedder, EXAMPLES, [CALM], epochs=20, rate=2e-3, seed=1)
    save_adapter(encoder, head, place, embedder.fingerprint)
    (place / "settings.json").write_text(json.dumps({"sharp": SHARP}))
    tokenizer, _ = embedder.parts()
    batch = tokenizer([f"query: {t}" for t in (DANGER, CALM)], padding=True, return_tensors="pt")
    with torch.no_grad():
        np.save(place / "trained.npy", head(seen_by(encoder, head, batch)).numpy())
    return place


def test_a_saved_adapter_gives_the_verdicts_it_was_trained_to(
    embedder: SentenceEmbedder, folder: Path
) -> None:
    served = TunedHead(embedder.adapted(folder), folder).logits([DANGER, CALM])
    assert served.argmax(axis=1).tolist() == [1, 0]
    assert np.allclose(served, np.load(folder / "trained.npy"), atol=0.35)  # bfloat16 weights


def test_the_plain_embedder_is_not_changed_by_training(
    embedder: SentenceEmbedder, folder: Path
) -> None:
    (vector,) = embedder.queries([CALM])
    (seen,) = embedder.attended([CALM], np.zeros((1, len(vector))).tolist())
    assert np.allclose(seen[: len(vector)], vector, atol=0.02)


def test_a_look_carries_the_clause_it_looks_for() -> None:
    states = torch.zeros(1, 5, 3)
    states[0, :, 0] = 1.0
    states[0, 4] = torch.tensor([0.0, 1.0, 0.0])  # one token of five is about something else
    seen = attend(states, torch.ones(1, 5, dtype=torch.long), torch.tensor([[0.0, 1.0, 0.0]]))
    mean, look = seen[0, :3], seen[0, 3:]
    assert mean[0] > 0.9 and look[1] > 0.99


def test_padding_is_never_looked_at() -> None:
    states = torch.randn(1, 4, 3)
    mask = torch.tensor([[1, 1, 0, 0]])
    looks = torch.randn(2, 3)
    assert torch.allclose(
        attend(states, mask, looks), attend(states[:, :2], mask[:, :2], looks), atol=1e-6
    )


def test_a_reworded_message_still_holds_the_message_or_slips_of_it() -> None:
    reword = Rewording(EXAMPLES, ["Kaffen står på gangen."], seed=3)
    texts = [reword(EXAMPLES[0]) for _ in range(60)]
    assert sum(DANGER in text for text in texts) > 40
    assert any(text != DANGER for text in texts)
    assert slips(DANGER, random.Random(2)) != ""


def test_training_goes_on_from_an_adapter_and_may_lean_back_towards_it(
    embedder: SentenceEmbedder, folder: Path
) -> None:
    _, encoder = embedder.parts()
    add_adapter(encoder)
    head = Head(encoder.config.hidden_size, looks=4, labels=len(LABELS))
    go_on_from(encoder, head, folder)
    taken = load_file(folder / "head.safetensors")
    assert torch.equal(head.looks, taken["looks"])
    with torch.no_grad():
        head.looks.zero_()
    go_on_from(encoder, head, folder, share=0.25)
    assert torch.allclose(head.looks, taken["looks"] / 4)
