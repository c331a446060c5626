"""With or without instructions for bfloat16, a text gets the same vector."""

from __future__ import annotations

import copy

import torch

from assistant.archive.embedding import SentenceEmbedder, attend, widen


def test_widened_layers_give_the_vectors_of_the_narrow_ones(embedder: SentenceEmbedder) -> None:
    tokenizer, encoder = embedder.parts()
    narrow = encoder.bfloat16()
    wide = copy.deepcopy(narrow)
    widen(wide)
    batch = tokenizer(["query: Hvem varsler kommunen?"], return_tensors="pt")
    looks = torch.zeros(0, encoder.config.hidden_size)
    with torch.no_grad():
        one, other = (
            attend(model(**batch).last_hidden_state, batch["attention_mask"], looks)
            for model in (narrow, wide)
        )
    assert torch.cosine_similarity(one, other).item() > 0.9995


def test_only_the_word_vectors_stay_narrow(embedder: SentenceEmbedder) -> None:
    _, encoder = embedder.parts()
    encoder = encoder.bfloat16()
    widen(encoder)
    narrow = {name for name, p in encoder.named_parameters() if p.dtype is torch.bfloat16}
    assert narrow == {"embeddings.word_embeddings.weight"}
