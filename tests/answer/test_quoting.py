"""Which sentences are quoted, and in what order: the best leads, and the law goes before the rest."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.answer.quoting import pick
from assistant.archive.retrieval import Unit
from assistant.domain import Authority, Passage, Sentence

WORDS = {
    Authority.LAW: "Enhver plikter å avverge straffbare forhold.",
    Authority.GUIDE: "Veilederen minner om plikten i samtalen.",
    Authority.LITERATURE: "Boka drøfter hvordan fagfolk opplever dette.",
    Authority.LOCAL: "Ring lederen samme dag og skriv logg.",
}


def unit(authority: Authority, score: float) -> Unit:
    text = WORDS[authority]
    sentence = Sentence(text)
    passage = Passage(
        f"p-{authority.value}", authority.value, "Kilde", authority, (), text, (sentence,), 0
    )
    return Unit(passage, sentence, score)


def quoted(units: Sequence[Unit]) -> list[Authority]:
    return [statement.passage.authority for statement in pick(units)]


@pytest.mark.parametrize("other", [Authority.GUIDE, Authority.LITERATURE, Authority.LOCAL])
def test_of_two_sentences_as_good_as_equal_the_law_leads(other: Authority) -> None:
    assert quoted([unit(other, 1.0), unit(Authority.LAW, 0.98)])[0] is Authority.LAW


def test_a_clearly_better_sentence_leads_whatever_its_authority() -> None:
    found = quoted([unit(Authority.LOCAL, 1.0), unit(Authority.LAW, 0.9)])
    assert found == [Authority.LOCAL, Authority.LAW]


def test_what_follows_the_lead_stands_in_the_order_of_authority() -> None:
    lead = unit(Authority.GUIDE, 1.0)
    rest = [unit(a, 0.9) for a in (Authority.LOCAL, Authority.LAW)]
    assert quoted([lead, *rest]) == [Authority.GUIDE, Authority.LAW, Authority.LOCAL]
