"""The municipality's own contacts: read, checked, shown with whose they are, and never in a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer.clerk import Clerk, Desk
from assistant.answering import Assistant
from assistant.archive.retrieval import Retriever
from assistant.desk.contacts import load_contacts
from assistant.desk.own_contacts import load_own
from assistant.domain import Outcome
from assistant.errors import CorpusError
from assistant.opening import open_desk
from assistant.settings import Settings
from assistant.terminal import for_terminal

OWN = """[[contact]]
id = "vakt"
names = ["barnevernvakta", "barnevernvakten", "barnevern", "barnevernet"]
name = "Barnevernvakta i kommunen"
phone = "12 34 56 78"
hours = "15–08 og helg"
checked = "2026-11-01"
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "contacts.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def desk(settings: Settings, own: Callable[[str], Path]) -> Desk:
    return open_desk(replace(settings, local_dir=own(OWN)))


@pytest.fixture
def office(assistant: Assistant, desk: Desk) -> Assistant:
    assert isinstance(assistant.retriever, Retriever)
    return Assistant(assistant.shelf, assistant.retriever, assistant.signal, desk=desk)


def test_a_question_for_the_number_gets_the_municipalitys_own_first_and_says_whose_it_is(
    office: Assistant,
) -> None:
    reply = office.ask(["Hva er telefonnummeret til barnevernvakta?"])
    assert [contact.phone for contact in reply.contacts] == ["12 34 56 78", "116 111"]
    assert (
        "- Barnevernvakta i kommunen: 12 34 56 78 "
        "(15–08 og helg, kommunens egen opplysning, kontrollert 2026-11-01)"
    ) in for_terminal(reply)


def test_who_asks_whom_to_contact_gets_the_number_of_the_body_named_beside_the_quotes(
    office: Assistant, assistant: Assistant
) -> None:
    question = "Hvem skal jeg kontakte i barnevernet når en ungdom vil ut av miljøet?"
    reply = office.ask([question])
    assert reply.outcome is Outcome.ANSWERED
    assert [contact.phone for contact in reply.contacts] == ["12 34 56 78"]
    assert assistant.ask([question]).contacts == ()
    assert reply.citations == assistant.ask([question]).citations


def test_a_question_that_is_no_search_for_a_contact_shows_none(office: Assistant) -> None:
    assert office.ask(["Hvilken rolle har barnevernet i exit-arbeidet?"]).contacts == ()


def test_the_guides_own_number_is_still_quoted_where_the_municipality_has_one_too(
    assistant: Assistant, settings: Settings, own: Callable[[str], Path]
) -> None:
    text = OWN.replace('"barnevernvakta"', '"rvts øst"')
    desk = open_desk(replace(settings, local_dir=own(text)))
    assert isinstance(assistant.retriever, Retriever)
    reply = Clerk(assistant.retriever, desk).answer(["Hva er telefonnummeret til RVTS Øst?"], "nb")
    assert reply.stance == "answers" and "22 58 60 00" in reply.citations[0].quote
    assert [contact.phone for contact in reply.contacts] == ["12 34 56 78", "22 58 60 00"]


def test_a_card_keeps_its_own_numbers_only(office: Assistant) -> None:
    reply = office.ask(["Far slår barna nå, hvem ringer jeg i barnevernet?"])
    assert reply.outcome is Outcome.ESCALATED and reply.guidance is not None
    assert reply.contacts == reply.guidance.contacts["nb"]
    assert "12 34 56 78" not in reply.text


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('phone = "12 34 56 78"\n', "", "kontakt nummer 1 mangler «phone»"),
        ('"12 34 56 78"', "12345678", "mangler «phone», som må være tekst"),
        ('"12 34 56 78"', '"12 34 eller 56"', "«12 34 eller 56». Skriv bare siffer"),
        ('"12 34 56 78"', '"021 80"', "02180, som trolig er nedlagt"),
        ('checked = "2026-11-01"\n', "", "mangler «checked»"),
        ('"2026-11-01"', '"1.11.2026"', "Skriv dagen nummeret ble kontrollert"),
        ('"2026-11-01"', '"2999-01-01"', "kontrollert 2999-01-01, som ikke er kommet"),
        ("hours =", "hour =", "ukjente felt: hour"),
        ("hours = ", "hours = 8 #", "mangler «hours», som må være tekst"),
        ("[[contact]]", "[contact]", r"under sin egen linje \[\[contact\]\]"),
        ("[[contact]]", "[[kontakt]]", r"under sin egen linje \[\[contact\]\]"),
        ('names = ["barnevernvakta", ', 'names = ["", ', "navn i «names» som ikke er tekst"),
        ("names = [", "names = [[], ", "navn i «names» som ikke er tekst"),
        (OWN, OWN + OWN, "nummer 2 har samme «id» som en annen: «vakt»"),
        ("[[contact]]", "[[contact", "kan ikke leses"),
    ],
)
def test_a_fault_is_told_with_the_file_the_contact_and_what_to_write(
    own: Callable[[str], Path], old: str, new: str, told: str
) -> None:
    assert old in OWN
    with pytest.raises(CorpusError, match=told) as fault:
        load_own(own(OWN.replace(old, new, 1)))
    assert "contacts.toml" in str(fault.value)


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert load_own(None) == load_own(tmp_path) == ()


def test_of_two_names_the_longest_counts_and_equal_names_give_both(
    settings: Settings, own: Callable[[str], Path]
) -> None:
    contacts = load_contacts(settings.corpus_dir / "contacts.toml", load_own(own(OWN)))
    named = contacts.named_in("Hvem er barnevernvakta?")
    assert [record.contact.id for record in named] == ["barnevern", "vakt"]
