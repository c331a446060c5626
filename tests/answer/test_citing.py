"""The stamp: nothing is said that is not proven, and a link opens on the very sentence."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest

from assistant.answer.citing import Statement, deep_link, is_verbatim, prove
from assistant.domain import Authority, Passage, Sentence

TEXT = (
    "Planen skal bare utarbeides dersom personen selv ønsker det. Det bør utarbeides bare én plan."
)


@pytest.fixture
def passage() -> Passage:
    first, second = TEXT.split(". ")
    return Passage(
        id="p1",
        source_id="veileder-exit",
        source_title="Veileder for exit-arbeid",
        authority=Authority.GUIDE,
        headings=("Gjennomføring", "Individuell plan"),
        text=TEXT,
        sentences=(Sentence(first + "."), Sentence(second)),
        position=0,
        url="https://www.regjeringen.no/x/",
        exact_url=True,
    )


def test_a_verbatim_quote_becomes_a_numbered_citation(passage: Passage) -> None:
    (citation,) = prove([Statement("Det bør utarbeides bare én plan.", passage)])
    assert citation.number == 1
    assert citation.label == "Veileder for exit-arbeid › Gjennomføring › Individuell plan"


@pytest.mark.parametrize(
    "altered",
    [
        "Planen skal utarbeides dersom personen selv ønsker det.",
        "Planen skal ikke bare utarbeides dersom personen selv ønsker det.",
        "Det bør utarbeides bare to plan.",
        "",
        "   ",
    ],
)
def test_an_altered_quote_is_withheld(passage: Passage, altered: str) -> None:
    assert prove([Statement(altered, passage)]) == ()


def test_words_that_no_longer_apply_are_withheld_from_the_day_on(passage: Passage) -> None:
    statement = Statement("Det bør utarbeides bare én plan.", replace(passage, until="2020-01-01"))
    assert prove([statement]) == ()
    later = replace(statement, passage=replace(passage, until="2999-01-01"))
    assert len(prove([later])) == 1


def test_white_space_does_not_make_a_quote_false(passage: Passage) -> None:
    assert is_verbatim("Det bør  utarbeides\nbare én plan.", passage)


def test_quotes_from_one_passage_share_a_number(passage: Passage) -> None:
    other = replace(passage, id="p2")
    first, second, third = prove(
        [Statement(s.text, passage) for s in passage.sentences]
        + [Statement(other.sentences[0].text, other)]
    )
    assert (first.number, second.number, third.number) == (1, 1, 2)


def test_the_link_carries_the_quote_as_a_text_fragment(passage: Passage) -> None:
    link = deep_link(passage, passage.sentences[0].text)
    assert link is not None
    address, fragment = link.split("#:~:text=")
    assert address == "https://www.regjeringen.no/x/"
    assert unquote(fragment) == passage.sentences[0].text


def test_dashes_and_commas_in_a_fragment_are_escaped(passage: Passage) -> None:
    dashed = replace(passage, text="Råd, og exit-arbeid & mer enn førti tegn i samme setning her.")
    link = deep_link(dashed, dashed.text)
    assert link is not None
    assert "exit%2Darbeid" in link and "R%C3%A5d%2C" in link and "%26" in link


def test_an_unknown_chapter_address_gets_no_fragment(passage: Passage) -> None:
    assert deep_link(replace(passage, exact_url=False), TEXT) == "https://www.regjeringen.no/x/"


def test_a_pdf_link_opens_on_the_page(passage: Passage) -> None:
    assert str(deep_link(replace(passage, page=7), TEXT)).endswith("/#page=7")
