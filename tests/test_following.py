"""Several turns are one conversation: short questions, conditions, changes of subject, and what to ask next."""

from __future__ import annotations

import pytest

from assistant.answering import Assistant
from assistant.archive.langchain_retriever import ExitRetriever
from assistant.domain import Outcome, Reply


def quotes(reply: Reply) -> str:
    """Return all quotes of a reply as one text."""
    return " ".join(citation.quote for citation in reply.citations)


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (["Hvem er målgruppen for konfliktråd?", "Og hva med dem under 18?"], "ungdom"),
        (["Hvem kan være med i samtalen?", "Hva om hun er mindreårig?"], "foreldre"),
        (["Hva er RVTS?", "Hvem leder den nasjonale veiledningsfunksjonen?"], "RVTS Øst"),
    ],
)
def test_a_condition_is_read_in_the_light_of_the_question_before(
    assistant: Assistant, turns: list[str], words: str
) -> None:
    reply = assistant.ask(turns)
    assert reply.outcome is Outcome.ANSWERED
    assert words in quotes(reply)


def test_a_change_of_subject_leaves_the_old_one_behind(assistant: Assistant) -> None:
    turns = ["Hva kan Nav bidra med?", "Noe helt annet: Hva er Strong Cities Network?"]
    assert "Strong Cities" in assistant.ask(turns).citations[0].quote


def test_a_return_to_an_earlier_subject_finds_it(assistant: Assistant) -> None:
    turns = [
        "Hva er en mentor?",
        "Hva gjør barnevernet?",
        "Tilbake til mentor: hvem utdanner dem?",
    ]
    assert "RVTS" in quotes(assistant.ask(turns))


def test_a_question_of_two_things_is_answered_with_a_quote_for_each(assistant: Assistant) -> None:
    found = quotes(assistant.ask(["Hva er en individuell plan, og hva gjør konfliktrådet?"]))
    assert "plan" in found.lower() and "konfliktråd" in found.lower()


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Hva gjør en SLT-koordinator?", Outcome.ANSWERED),
        ("Hva tjener en SLT-koordinator?", Outcome.ANSWERED),
        ("Hvordan baker jeg grovbrød?", Outcome.NOT_FOUND),
    ],
)
def test_every_reply_about_the_guide_suggests_what_to_ask_next(
    assistant: Assistant, question: str, outcome: Outcome
) -> None:
    reply = assistant.ask([question])
    assert reply.outcome is outcome
    assert 2 <= len(set(reply.suggestions)) <= 3
    for suggestion in reply.suggestions:
        assert assistant.ask([suggestion]).outcome is Outcome.ANSWERED


def test_langchain_gets_the_same_passages_in_the_same_order(assistant: Assistant) -> None:
    assert assistant.retriever is not None
    documents = ExitRetriever(retriever=assistant.retriever, count=5).invoke("Hva er mentorordning")
    hits = assistant.retriever.find("Hva er mentorordning", count=5).hits
    assert [d.metadata["passage_id"] for d in documents] == [hit.passage.id for hit in hits]
    assert documents[0].page_content == hits[0].passage.text
