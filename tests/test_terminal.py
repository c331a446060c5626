"""The terminal shows what the page shows: box, standing, numbers with their marks, what to ask next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering import Assistant
from assistant.domain import Contact, Guidance, Level, Outcome, Reply, Route, SignOff
from assistant.opening import open_front_door
from assistant.settings import Settings
from assistant.terminal import for_terminal

SIGNED = SignOff("N. N.", "lege", "2025-01-02", "")


@pytest.fixture(scope="module")
def front(settings: Settings) -> Assistant:
    return open_front_door(settings)


def contact(confidence: str, phone: str | None = "22 58 60 00") -> Contact:
    return Contact("id", "RVTS Øst", phone, "hverdager 8–15", "kilde", "2026-11-22", confidence)


def answer(**more: object) -> Reply:
    reply = Reply(Outcome.ANSWERED, "Svaret.", "nb", Route(Level.ORDINARY))
    return replace(reply, **more)  # type: ignore[arg-type]  # fields by name


def card(guidance: Guidance) -> str:
    reply = Reply(Outcome.ESCALATED, guidance.text["nb"], "nb", Route(Level.ESCALATE))
    return for_terminal(replace(reply, guidance=guidance, contacts=guidance.contacts["nb"]))


def test_a_card_says_whether_it_is_approved_and_still_reviewed(front: Assistant) -> None:
    draft = front.shelf["akutt_fare"]
    signed = replace(draft, status="godkjent", sign_off=SIGNED)
    assert card(draft).startswith("[Utkast – ikke faglig godkjent]")
    assert card(signed).startswith("[Godkjent 2025-01-02 av lege]")
    assert "ikke gjennomgått på over tolv måneder" in card(replace(signed, overdue=True))


def test_a_cards_text_stands_whole_and_its_numbers_are_not_said_twice(front: Assistant) -> None:
    guidance = front.shelf["akutt_fare"]
    assert card(guidance).endswith(guidance.text["nb"])


def test_a_number_that_must_be_checked_says_so() -> None:
    assert "- RVTS Øst: 22 58 60 00 (hverdager 8–15, må kontrolleres)" in for_terminal(
        answer(contacts=(contact("G/H"),))
    )
    assert "(hverdager 8–15)" in for_terminal(answer(contacts=(contact("V"),)))
    assert "RVTS" not in for_terminal(answer(contacts=(contact("V", None),)))


def test_what_to_ask_next_stands_last() -> None:
    shown = for_terminal(answer(suggestions=("Hva er RVTS?", "Hvem er de?")))
    assert shown.endswith("Spør videre:\n- Hva er RVTS?\n- Hvem er de?")


@pytest.mark.parametrize("question", ["Hei", "Takk", "Hvem er du?"])
def test_a_notice_carries_the_emergency_box_too(front: Assistant, question: str) -> None:
    reply = front.ask([question])
    assert reply.outcome is Outcome.NOTICE
    shown = for_terminal(reply)
    assert front.shelf.emergency_box.text["nb"] in shown and shown.endswith(reply.text)


def test_half_a_character_is_shown_as_the_sign_for_one() -> None:
    assert for_terminal(answer(text="kniv \ud83d")) == "kniv �"
