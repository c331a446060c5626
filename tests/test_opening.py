"""What cannot be opened is said, and takes nothing else with it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.archive.embedding import SentenceEmbedder
from assistant.archive.retrieval import Retriever
from assistant.domain import Level, Outcome, SignalScore
from assistant.errors import CorpusError, GuidanceError, IndexMissing
from assistant.opening import open_with, shelf_of
from assistant.safety.regression import Regression
from assistant.settings import Settings


class Calm:
    """A signal that works and finds nothing, at the outer edge."""

    def score(self, turns: Sequence[str]) -> SignalScore:
        return SignalScore("ingen", 0.0, Level.ORDINARY)


def test_bad_contacts_leave_the_learned_signal_working(
    settings: Settings, assistant: Assistant, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(settings.corpus_dir, corpus, ignore=shutil.ignore_patterns("*.jsonl"))
    data = tmp_path / "data"
    data.mkdir()
    (data / "index").symlink_to(settings.index_dir)
    Regression.fit(embedder, ["kniv nå", "hva er en plan"] * 3, [1, 0] * 3).save(data / "signal")
    mine = replace(settings, corpus_dir=corpus, data_dir=data)
    assert open_with(mine, shelf_of(mine), embedder).trouble is None
    (corpus / "contacts.toml").write_text("[[contact]]\nid = 1\n", encoding="utf-8")
    opened = open_with(mine, shelf_of(mine), embedder)
    assert isinstance(opened.trouble, CorpusError) and "contacts.toml" in str(opened.trouble)
    assert opened.signal is not None


def test_a_failed_reply_carries_the_emergency_box_also_when_the_signal_works(
    assistant: Assistant,
) -> None:
    broken = Assistant(assistant.shelf, None, Calm(), trouble=IndexMissing("Indeksen mangler."))
    reply = broken.ask(["Hva er exit-arbeid?"])
    assert (reply.outcome, reply.route.level) == (Outcome.FAILED, Level.ORDINARY)
    assert reply.guidance is not None and reply.guidance.id == "nodboks"
    assert "reduced" in reply.warnings


@pytest.mark.parametrize("said", ["Hei", "Takk", "Hvem er du?", "Jeg vil ut av miljøet."])
def test_without_the_index_even_a_fixed_reply_says_so_and_carries_a_card(
    assistant: Assistant, said: str
) -> None:
    reply = Assistant(assistant.shelf, None, Calm(), trouble=IndexMissing("Borte.")).ask([said])
    assert (reply.outcome, reply.route.level) == (Outcome.NOTICE, Level.ORDINARY)
    assert reply.guidance is not None and "reduced" in reply.warnings
    assert "reduced" not in assistant.ask([said]).warnings


def test_a_fault_of_the_vectors_is_a_failed_reply_with_the_emergency_box(
    assistant: Assistant,
) -> None:
    class Narrow(SentenceEmbedder):
        def queries(self, texts: Sequence[str]) -> list[list[float]]:
            return [[1.0, 0.0] for _ in texts]  # Chroma refuses vectors of another width

    retriever = assistant.retriever
    assert retriever is not None
    narrow = Narrow(retriever.embedder._model, "narrow")  # type: ignore[attr-defined]  # the real weights
    reply = Assistant(assistant.shelf, Retriever(retriever.index, narrow), Calm()).ask(
        ["Hva er exit-arbeid?"]
    )
    assert reply.outcome is Outcome.FAILED
    assert reply.guidance is not None and reply.guidance.id == "nodboks"
    assert "exit-assistent ingest" in reply.text and "reduced" in reply.warnings


@pytest.mark.parametrize("half", ["\ud83d", "\ude00", "\udcff"])
def test_half_an_emoji_hides_no_danger_and_breaks_no_answer(
    assistant: Assistant, half: str
) -> None:
    danger = f"Han står {half} utenfor døra med kniv og sier at han skal drepe henne nå{half}"
    assert assistant.ask([danger]).outcome is Outcome.ESCALATED
    assert assistant.ask([f"Hva er en individuell plan? {half}"]).outcome is Outcome.ANSWERED


def test_the_texts_that_are_shipped_must_come_with_their_checksums(
    corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "corpus"
    shutil.copytree(corpus_dir / "escalation", copy / "escalation")
    (copy / "escalation" / "HASHES").unlink()
    shelf_of(Settings(copy, tmp_path))  # somebody else's texts may have none
    monkeypatch.setattr("assistant.opening.default_corpus_dir", lambda: copy)
    with pytest.raises(GuidanceError, match="HASHES: lista over sjekksummer mangler"):
        shelf_of(Settings(copy, tmp_path))
