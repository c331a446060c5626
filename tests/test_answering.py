"""The walk from question to cited answer, over the real corpus with the real embedder."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from assistant.answer.replies import with_move
from assistant.answering import Assistant
from assistant.desk.moved import Moved
from assistant.domain import (
    GUIDE,
    Authority,
    Citation,
    Level,
    Outcome,
    Passage,
    Sentence,
    SignalScore,
)
from assistant.errors import IndexMissing
from assistant.language import collapse


@pytest.mark.parametrize(
    ("question", "first_quote"),
    [
        ("Hvem skal kontaktes når en fremmedkriger kommer hjem?", "PST varsle"),
        ("Når kan taushetsplikten brytes?", "fritak fra taushetsplikten"),
        ("Hva er telefonnummeret til RVTS Øst?", "22 58 60 00"),
        ("Kva er ein individuell plan?", "individuell"),
        ("What does the guide say about mentors?", "entor"),
        ("hvilke rapporter finnes om kvinner i IS?", "Women and Minors"),
    ],
)
def test_the_right_quote_comes_first(assistant: Assistant, question: str, first_quote: str) -> None:
    reply = assistant.ask([question])
    assert reply.outcome is Outcome.ANSWERED
    assert first_quote in reply.citations[0].quote
    assert reply.route.level is Level.ORDINARY


def test_every_quote_stands_word_for_word_in_its_passage(assistant: Assistant) -> None:
    for question in ("Hva gjør SLT-koordinatoren?", "Kan NAV hjelpe?", "Hva er desistance?"):
        reply = assistant.ask([question])
        assert reply.citations
        for citation in reply.citations:
            assert collapse(citation.quote) in collapse(citation.passage.text)


@pytest.mark.parametrize(
    "question",
    ["Hvordan lager jeg pannekaker?", "Kor høgt er Glittertind?", "What is the capital of Peru?"],
)
def test_an_unrelated_question_gets_an_honest_no(assistant: Assistant, question: str) -> None:
    reply = assistant.ask([question])
    assert reply.outcome is Outcome.NOT_FOUND
    assert reply.citations == ()
    assert "02800" in reply.text


def test_one_bodys_number_is_never_given_for_another(assistant: Assistant) -> None:
    reply = assistant.ask(["Hva er telefonnummeret til PST?"])
    assert reply.stance == "lacks"
    assert "22 58 60 00" not in reply.text and "55 55 33 33" not in reply.text
    assert [contact.id for contact in reply.contacts] == ["pst"]
    assert reply.contacts[0].must_be_checked


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   \n\t ",
        "🙂🙂🙂",
        "\u200b\u200c\u2060",
        "\x00\x07\x1b[31m",
        "<script>alert(1)</script> hva er exit-arbeid?",
        "**hva** er [exit-arbeid](http://x)?",
        "hva er exit-arbeid? " * 5000,
        "𝓱𝓿𝓪 𝓮𝓻 𝓮𝔁𝓲𝓽-𝓪𝓻𝓫𝓮𝓲𝓭?",
    ],
)
def test_odd_input_is_answered_or_refused_politely(assistant: Assistant, question: str) -> None:
    reply = assistant.ask([question])
    assert reply.outcome in (Outcome.ANSWERED, Outcome.NOT_FOUND, Outcome.NOTICE)
    assert "<script" not in reply.text


def test_a_greeting_gets_a_notice_without_citation(assistant: Assistant) -> None:
    reply = assistant.ask(["Hei!"])
    assert reply.outcome is Outcome.NOTICE
    assert reply.citations == ()


def test_a_follow_up_is_understood_from_the_turn_before(assistant: Assistant) -> None:
    turns = ["Hva er RVTS Øst?", "Hva er nummeret deres?"]
    assert "22 58 60 00" in assistant.ask(turns).citations[0].quote


def test_what_has_been_overtaken_is_said_under_the_quote(assistant: Assistant) -> None:
    reply = assistant.ask(["Hva lyder opplæringsloven § 9 A-2?"])
    assert "outdated" in reply.warnings
    assert "§ 12-2" in reply.text


class BrokenSignal:
    """A signal that fails, at the outer edge of the front door."""

    def score(self, turns: Sequence[str]) -> SignalScore:
        raise RuntimeError("borte")


def test_with_everything_broken_danger_still_gets_its_text(assistant: Assistant) -> None:
    broken = Assistant(assistant.shelf, None, BrokenSignal(), trouble=IndexMissing("borte"))
    reply = broken.ask(["Han står utenfor med kniv og sier at han skal drepe meg nå"])
    assert reply.outcome is Outcome.ESCALATED
    assert reply.guidance is not None
    assert reply.text == reply.guidance.text["nb"]


def test_with_everything_broken_an_ordinary_question_carries_the_emergency_box(
    assistant: Assistant,
) -> None:
    broken = Assistant(assistant.shelf, None, None, trouble=IndexMissing("borte"))
    reply = broken.ask(["Hva er exit-arbeid?"])
    assert reply.outcome is Outcome.FAILED
    assert reply.guidance is not None and reply.guidance.id == "nodboks"
    assert "reduced" in reply.warnings
    assert "112" in reply.text


def test_personal_data_is_flagged_but_never_stops_a_danger(assistant: Assistant) -> None:
    danger = assistant.ask(["Ring meg på 412 34 567, han står i døra med øks og slår moren nå"])
    assert danger.outcome is Outcome.ESCALATED
    ordinary = assistant.ask(["Kan vi dele 412 34 567 med konfliktrådet?"])
    assert "personal_data" in ordinary.warnings


@pytest.mark.parametrize(
    "turn",
    [
        "Jeg vil ut av miljøet, hvem kan hjelpe meg?",
        "Eg ønskjer å bryte med gruppa. Kven kan eg snakke med?",
        "I want to leave the movement, who can help?",
    ],
)
def test_a_person_who_wants_out_gets_the_fixed_card(assistant: Assistant, turn: str) -> None:
    reply = assistant.ask([turn])
    assert (reply.outcome, reply.route.level) == (Outcome.NOTICE, Level.ORDINARY)
    assert reply.guidance is not None and reply.guidance.id == "vil_ut"
    assert reply.text == reply.guidance.text[reply.language]


def test_a_practitioners_question_about_someone_who_wants_out_is_answered(
    assistant: Assistant,
) -> None:
    reply = assistant.ask(["Hvem kontakter vi når en person vil ut av et ekstremt miljø?"])
    assert reply.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    "question",
    [
        "Hva er telefonnummeret til Helsetilsynet?",
        "Hva er vakttelefonen deres?",
        "What is the phone number of Kripos?",
        "Kva er nummeret til Mattilsynet?",
    ],
)
def test_no_number_is_quoted_for_a_body_that_has_none(assistant: Assistant, question: str) -> None:
    reply = assistant.ask([question])
    assert reply.outcome is Outcome.NOT_FOUND or reply.stance == "lacks"
    assert "55 55 33 33" not in reply.text and "22 58 60 00" not in reply.text


def test_a_short_follow_up_is_answered_in_the_language_of_the_conversation(
    assistant: Assistant,
) -> None:
    assert assistant.ask(["What is RVTS Øst?", "Phone number?"]).language == "en"
    assert assistant.ask(["Kva gjer Nav i slike saker?", "Telefon?"]).language == "nn"


@pytest.mark.parametrize(
    "question",
    [
        "Takk, da er politiet på plass og han er hentet. Hvordan skriver jeg referat?",
        "Hvor lang frist har helsesykepleieren på å svare politiet?",
        "Må mentoren levere politiattest?",
        "Hvor mange ganger skal barnevernet varsle politiet?",
    ],
)
def test_what_is_told_as_the_guides_words_is_the_guides(
    assistant: Assistant, question: str
) -> None:
    reply = assistant.ask([question])
    if reply.stance in ("lacks", "corrects"):  # «Den sier …» is said of the guide
        assert {citation.passage.source_id for citation in reply.citations} <= {GUIDE}
    else:
        assert reply.outcome in (Outcome.ANSWERED, Outcome.NOT_FOUND)


def test_what_the_guide_lacks_is_told_in_the_readers_language(assistant: Assistant) -> None:
    reply = assistant.ask(["What is PST's phone number?"])
    assert reply.stance == "lacks"
    assert "PST's telephone number and address are missing" in reply.text


def test_a_section_cited_by_its_old_place_is_quoted_where_it_stands_now(
    assistant: Assistant,
) -> None:
    reply = assistant.ask(["Hva sier barnevernloven § 6-4?"])
    assert reply.citations[0].passage.url == (
        "https://lovdata.no/dokument/NL/lov/2021-06-18-97/§13-2"
    )
    assert reply.text.startswith("**Flyttet:** barnevernloven 1992 § 6-4 står nå i Barnevernsl")
    unknown = assistant.ask(["Hva sier helsepersonelloven § 25 a?"], language="nn")
    assert unknown.text.startswith("**Flytta eller oppheva:** helsepersonelloven § 25 a.")


def test_a_section_without_a_known_successor_is_never_placed_in_a_source_without_address() -> None:
    moved = Moved("helsepersonelloven § 25 a", "25a", frozenset(), re.compile("x"), None)
    local = Passage(
        "l", "lokal-1", "Rutine", Authority.LOCAL, ("Rutine",), "Ring.", (Sentence("Ring."),), 0
    )
    text = with_move("Svar.", moved, [Citation(1, local, "Ring.", None)], "nb")
    assert text.startswith("**Flyttet eller opphevet:**") and "Rutine" not in text


def test_a_section_that_cannot_be_quoted_is_told_with_its_address_and_nothing_stands_in_for_it(
    assistant: Assistant,
) -> None:
    reply = assistant.ask(["Hva sier helsepersonelloven § 21?"])
    assert (reply.outcome, reply.citations) == (Outcome.NOT_FOUND, ())
    assert reply.text.startswith("**Ikke sitert:**")
    assert "https://lovdata.no/dokument/NL/lov/1999-07-02-64/§21" in reply.text


def test_a_section_named_in_passing_does_not_stop_the_answer(assistant: Assistant) -> None:
    question = "Rektor viser til politiloven § 27. Hvem bør være koordinator for individuell plan?"
    reply = assistant.ask([question])
    assert "politiloven § 27" in reply.text
    assert reply.outcome is Outcome.ANSWERED
    assert reply.citations[0].passage.source_id == GUIDE


def test_a_part_of_a_section_says_that_it_is_one_and_a_short_one_is_quoted_whole(
    assistant: Assistant,
) -> None:
    long, short = (
        assistant.ask([f"Hva sier {name}?"]) for name in ("strl § 196", "barnevernsloven § 15-3")
    )
    assert "utdrag)" in long.text
    law = [c for c in short.citations if c.passage.authority is Authority.LAW]
    assert [c.quote for c in law] == [s.text for s in law[0].passage.sentences]
    assert "utdrag)" not in short.text.partition("Veilederen sier")[0]


def test_the_guides_own_words_on_a_section_that_is_gone_are_still_quoted(
    assistant: Assistant,
) -> None:
    reply = assistant.ask(["Hva sier friskolelova § 3-6b?"])
    assert any("friskolelova § 3-6b" in citation.quote for citation in reply.citations)
