"""What the page says when something does not work: reduced running, lost requests, half characters."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route as Request

from assistant.answering import Assistant
from assistant.domain import Level, Outcome, Reply, Route
from assistant.language import LANGUAGES, say
from assistant.web.asking import failed_reply
from assistant.web.conversation import Exchange
from assistant.web.escaping import shown
from assistant.web.feedback import FILE, Feedback, save
from assistant.web.talk import talk
from tests.web.conftest import DANGER, Reader, Site

ANSWERED = Reply(Outcome.ANSWERED, "Svar.", "nb", Route(Level.CAUTION), warnings=("reduced",))
# Types as a person does, but what no keyboard can: half an emoji.
TYPE = """text => { const area = document.querySelector('#box textarea');
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, text.replace('½', '\\ud83d'));
  area.dispatchEvent(new Event('input', {bubbles: true})); }"""


def drawn(reply: Reply, limits: str = "") -> str:
    return talk([Exchange(1, "Hva er exit?", reply, limits)], "nb")


def test_a_reply_that_was_reduced_says_so() -> None:
    assert "Redusert drift: den ekstra kontrollen" in drawn(ANSWERED)
    assert "Redusert drift: søket svikter" in drawn(replace(ANSWERED, outcome=Outcome.FAILED))
    assert "Redusert drift" not in drawn(replace(ANSWERED, warnings=()))


def test_what_the_office_says_of_its_limits_is_not_said_twice() -> None:
    limits = say("nb", "card.reduced")
    assert drawn(ANSWERED, limits).count("Redusert drift") == 1


def test_a_card_from_context_says_that_the_signal_is_missing(front: Assistant) -> None:
    card = front.shelf["akutt_fare"]
    reply = replace(ANSWERED, outcome=Outcome.ESCALATED, guidance=card)
    assert "Redusert drift" in drawn(reply)
    assert "Redusert drift" not in drawn(replace(reply, warnings=()), say("nb", "page.starting"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reply_to_an_unforeseen_fault_is_reduced(front: Assistant, language: Any) -> None:
    reply = failed_reply(ValueError(), front.shelf.emergency_box, language, "")
    assert reply.warnings == ("reduced",)


def test_half_a_character_is_shown_as_the_sign_for_one() -> None:
    assert shown("kniv \ud83d, \udcff") == "kniv �, �"


def test_half_a_character_can_be_stored_with_a_verdict(tmp_path: Path) -> None:
    save(tmp_path, Feedback("answered", True, "", (), "nb", "Hva er exit? \ud83d"))
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        assert database.execute("SELECT question FROM feedback").fetchall() == [("Hva er exit? �",)]


@pytest.mark.browser
@pytest.mark.parametrize("question", ["Hva er ½ exit?", f"{DANGER} ½"])
def test_half_an_emoji_is_answered_and_danger_in_it_is_found(
    front_site: Site, reader: Any, question: str
) -> None:
    one: Reader = reader(front_site)
    one.page.evaluate(TYPE, question)
    one.page.locator("#box textarea").press("Enter")
    one.page.wait_for_selector(".exchange[data-exchange]:not(.pending)")
    assert one.page.locator(".asked").inner_text() == question.replace("½", "�")
    assert one.page.locator(".guidance").count() == (DANGER in question)


@pytest.mark.browser
def test_a_request_that_fails_while_the_server_lives_is_said_with_the_numbers(
    front_site: Site, reader: Any
) -> None:
    one: Reader = reader(front_site, locale="nb-NO")
    one.page.clock.install()
    one.page.route("**/gradio_api/run/**", lambda request: request.fulfill(status=500, body=""))
    one.page.fill("#box textarea", "Hva er exit?")
    one.page.locator("#box textarea").press("Enter")
    one.page.wait_for_selector(".turns .searching")
    one.page.clock.run_for(7_000)
    one.page.wait_for_timeout(300)
    assert "Leter" in one.page.locator(".turns").inner_text()
    for _ in range(5):
        one.page.clock.run_for(7_000)
        one.page.wait_for_timeout(300)
    assert "112 politi" in one.page.locator(".turns .warning").inner_text()
    assert one.page.locator(".searching").count() == 0
    one.faults.clear()


@pytest.mark.browser
def test_a_question_that_danger_overtook_is_watched_on(
    serve_site: Callable[..., Site], front: Assistant, reader: Any, tmp_path: Path
) -> None:
    go_on = threading.Event()

    class Waiting(Assistant):
        def ask(self, turns: Any, **options: Any) -> Reply:
            go_on.wait(60)
            return super().ask(turns, **options)

    one: Reader = reader(serve_site(front, lambda progress: Waiting(front.shelf), tmp_path))
    one.page.wait_for_selector(".status.reduced")
    one.page.clock.install()
    for question in ("Hva er exit?", DANGER):
        one.page.fill("#box textarea", question)
        one.page.locator("#box textarea").press("Enter")
        one.page.clock.run_for(400)
    one.page.wait_for_selector(".guidance")
    for _ in range(7):
        one.page.clock.run_for(7_000)
        one.page.wait_for_timeout(200)
    assert "112 politi" in one.page.locator(".pending .warning").inner_text()
    go_on.set()
    one.page.wait_for_selector(".exchange.failed")
    assert one.page.locator(".pending").count() == 0


@pytest.mark.browser
def test_a_question_that_is_cut_off_is_said_after_gradio_has_loaded_the_page_anew(
    front_site: Site, reader: Any
) -> None:
    one: Reader = reader(front_site, locale="nb-NO")

    def cut_off(request: Request) -> None:
        is_question = "Hva er exit?" in (request.request.post_data or "")
        request.abort() if is_question else request.continue_()

    one.page.route("**/gradio_api/run/**", cut_off)
    one.page.fill("#box textarea", "Hva er exit?")
    with one.page.expect_navigation():
        one.page.locator("#box textarea").press("Enter")
    one.page.wait_for_function("document.querySelector('#hint')?.textContent")
    assert "112 politi" in one.page.locator("#hint").inner_text()
    one.ask("Hei")
    assert one.page.locator("#hint").inner_text() == ""
    one.page.reload()
    one.page.wait_for_selector("#box textarea[aria-label]")
    assert one.page.locator("#hint").inner_text() == ""
    one.faults.clear()
