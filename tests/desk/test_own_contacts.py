"""The municipality's own contacts: read, checked, shown with whose they are, and never in a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer.clerk import Clerk
from assistant.answering import Assistant
from assistant.archive.retrieval import Retriever
from assistant.desk.contacts import load_contacts
from assistant.desk.own_contacts import load_own
from assistant.desk.records import Desk
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
        ('"12 34 56 78"', '"+47 02180"', "02180, som trolig er nedlagt"),
        ('"12 34 56 78"', '"12 34 56 7"', "3, 5, 6 eller 8 siffer"),
        ('"12 34 56 78"', '"12 34 56 789"', "3, 5, 6 eller 8 siffer"),
        ('"12 34 56 78"', '"١٢ ٣٤ ٥٦ ٧٨"', "3, 5, 6 eller 8 siffer"),
        ('"2026-11-01"', '"20261101"', "Skriv dagen nummeret ble kontrollert"),
        ('"2026-11-01"', '"2026-W44-7"', "Skriv dagen nummeret ble kontrollert"),
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


def test_a_file_saved_by_notepad_can_be_read(own: Callable[[str], Path]) -> None:
    assert [record.contact.phone for record in load_own(own("\ufeff" + OWN))] == ["12 34 56 78"]


def test_a_service_is_known_by_every_name_the_corpus_has_for_it_and_by_its_own_bent(
    settings: Settings, own: Callable[[str], Path]
) -> None:
    text = OWN.replace('["barnevernvakta", "barnevernvakten", "barnevern", "barnevernet"]', "[N]")
    for names, question in (
        ('"SLT-koordinator"', "Hva er nummeret til SLT-koordinatoren?"),
        ('"SLT-koordinator"', "hvem er slt hos oss"),
        ('"barnevernvakt"', "Kva er nummeret til barnevernvakta?"),
        ('"krisesenter"', "Hvordan får jeg tak i krisesenteret?"),
    ):
        desk = open_desk(replace(settings, local_dir=own(text.replace("N", names))))
        found = [record.contact.id for record in desk.contacts.named_in(question)]
        assert "vakt" in found, question


def test_a_number_checked_more_than_a_year_ago_must_be_checked_again(
    office: Assistant, settings: Settings, own: Callable[[str], Path]
) -> None:
    desk = open_desk(replace(settings, local_dir=own(OWN.replace("2026-11-01", "2019-11-01"))))
    assert isinstance(office.retriever, Retriever)
    old = Assistant(office.shelf, office.retriever, office.signal, desk=desk)
    question = ["Hva er telefonnummeret til barnevernvakta?"]
    assert "må kontrolleres, kommunens egen opplysning" in for_terminal(old.ask(question))
    assert "må kontrolleres, kommunens egen" not in for_terminal(office.ask(question))


def test_an_own_body_named_in_passing_does_not_hide_the_guides_number(
    assistant: Assistant, settings: Settings, own: Callable[[str], Path]
) -> None:
    text = OWN.replace('"barnevernvakta"', '"helsestasjonen"')
    desk = open_desk(replace(settings, local_dir=own(text)))
    assert isinstance(assistant.retriever, Retriever)
    question = "Vi på helsestasjonen trenger telefonnummeret til RVTS Øst."
    reply = Clerk(assistant.retriever, desk).answer([question], "nb")
    assert reply.stance == "answers" and "22 58 60 00" in reply.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "Hvordan kontakter jeg barnevernvakta?",
        "Kan jeg ringe barnevernvakta om kvelden?",
        "Korleis får eg tak i barnevernvakta?",
        "Hvilken instans skal jeg kontakte, er det barnevernvakta?",
        "How do I reach barnevernvakta?",
    ],
)
def test_every_way_to_ask_whom_to_turn_to_gets_the_number(office: Assistant, question: str) -> None:
    assert "12 34 56 78" in [contact.phone for contact in office.ask([question]).contacts]


def test_how_many_is_no_question_of_whom(office: Assistant) -> None:
    reply = office.ask(["Hvor mange saker har barnevernet meldt?"])
    assert reply.stance == "lacks" or "12 34 56 78" not in [c.phone for c in reply.contacts]


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert load_own(None) == load_own(tmp_path) == ()


def test_of_two_names_the_longest_counts_and_equal_names_give_both(
    settings: Settings, own: Callable[[str], Path]
) -> None:
    contacts = load_contacts(settings.corpus_dir / "contacts.toml", load_own(own(OWN)))
    named = contacts.named_in("Hvem er barnevernvakta?")
    assert [record.contact.id for record in named] == ["barnevern", "vakt"]
