"""Text that is added beside the guide neither crowds it out nor outdoes it by its number."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.archive.index import open_index
from assistant.archive.reader import Reading
from assistant.archive.retrieval import Retriever
from assistant.domain import GUIDE, Authority, Passage, Sentence
from ingest.build import build

QUESTION = "Hvor ligger kajakken?"
GUIDE_SAYS = "Veilederen nevner båter."
WIDTH = 24


class Arranged:
    """Vectors at a set cosine from the question, at the outer edge: what is tested is the ranking."""

    fingerprint = "arranged"

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        cosine = 1.0 if text == QUESTION else 0.88 if GUIDE_SAYS in text else 0.90
        aside = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(WIDTH - 1)
        aside *= np.sqrt(1 - cosine**2) / np.linalg.norm(aside)
        return [cosine, *map(float, aside)]


def passage(source: str, authority: Authority, text: str, position: int) -> Passage:
    return Passage(
        f"{source}-{position}", source, source, authority, (), text, (Sentence(text),), position
    )


def retriever(folder: Path, strangers: int) -> Retriever:
    guide = passage(GUIDE, Authority.GUIDE, GUIDE_SAYS, 0)
    local = [
        passage("lokal-1", Authority.LOCAL, f"Kajakken ligger i bod {n}.", n + 1)
        for n in range(strangers)
    ]
    embedder = Arranged()
    build([guide, *local], [], embedder, folder, {}, lambda *_: None)
    return Retriever(open_index(folder, "arranged", "arranged"), embedder)


@pytest.mark.parametrize("strangers", [5, 1500])
def test_the_guide_keeps_its_score_however_much_stands_beside_it(
    tmp_path: Path, strangers: int
) -> None:
    beside = retriever(tmp_path, strangers)
    (vector,) = Arranged().queries([QUESTION])
    scores = beside.scorer.signals(QUESTION, vector, Reading(vector), beside.weights)
    assert scores.sentence[0] == pytest.approx((0.88 - 0.72) / 0.28, abs=1e-3)
    assert scores.dense[0] == pytest.approx(scores.sentence[0])
    assert scores.top_cosine == pytest.approx(0.88, abs=1e-3)


def test_a_few_local_sentences_that_are_nearer_answer_and_the_best_of_many_must_be_much_nearer(
    tmp_path: Path,
) -> None:
    few, many = retriever(tmp_path / "few", 5), retriever(tmp_path / "many", 1500)
    assert few.find(QUESTION).elsewhere[0].passage.source_id == "lokal-1"
    assert many.find(QUESTION).elsewhere == ()


def test_words_that_no_longer_apply_are_found_by_nothing(tmp_path: Path) -> None:
    law = passage("lov-prøve", Authority.LAW, "Kajakken ligger i bod 1.", 1)
    guide = passage(GUIDE, Authority.GUIDE, GUIDE_SAYS, 0)
    leads = []
    for name, until in (("før", "2999-01-01"), ("etter", "2020-01-01")):
        embedder = Arranged()
        build(
            [guide, replace(law, until=until)], [], embedder, tmp_path / name, {}, lambda *_: None
        )
        searcher = Retriever(open_index(tmp_path / name, "arranged", "arranged"), embedder)
        found = searcher.find(QUESTION)
        leads.append((found.hits[0].passage.source_id, found.units[0].passage.source_id))
        assert bool(found.elsewhere) == (name == "før")
    assert leads == [("lov-prøve", "lov-prøve"), (GUIDE, GUIDE)]


def test_other_text_makes_no_word_of_the_guide_more_or_less_rare(tmp_path: Path) -> None:
    guide = [
        passage(GUIDE, Authority.GUIDE, text, n)
        for n, text in enumerate(("Kajakken er rød.", "Bod og kajakk.", "Båten er blå."))
    ]
    scores = []
    for strangers in (0, 300):
        local = [
            passage("lokal-1", Authority.LOCAL, f"Bod {n} er rød.", n + 3) for n in range(strangers)
        ]
        folder, embedder = tmp_path / str(strangers), Arranged()
        build([*guide, *local], [], embedder, folder, {}, lambda *_: None)
        searcher = Retriever(open_index(folder, "arranged", "arranged"), embedder)
        (vector,) = embedder.queries(["Er boden med kajakken rød?"])
        found = searcher.scorer.signals(
            "Er boden med kajakken rød?", vector, Reading(vector), searcher.weights
        )
        scores.append((found.sentence_words[:3], found.passage_words[:3]))
    assert scores[0][0] == pytest.approx(scores[1][0])
    assert scores[0][1] == pytest.approx(scores[1][1])
