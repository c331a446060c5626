"""The guidance card: word for word, in focus, ringing, pinned, on one printed page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page

from assistant.answering import Assistant
from assistant.domain import Guidance, Language, Level, Outcome, Reply, Route
from assistant.language import LANGUAGES
from assistant.web.card import cards
from assistant.web.conversation import Exchange
from tests.web.conftest import DANGER, Reader, Site

pytestmark = pytest.mark.browser
# The visible text of every block, as the browser shows it.
VISIBLE = """root => [...root.querySelectorAll('h2, p, li')].filter(e => !e.querySelector('p'))
  .map(e => (e.tagName + ' ' + e.innerText.trim()))"""


def independent(page: Page, text: str) -> list[str]:
    """Return the blocks of a text as Chromium shows what another reader of Markdown made of it."""
    page.set_content(f"<main>{MarkdownIt('commonmark').render(text)}</main>")
    found: list[str] = page.locator("main").evaluate(VISIBLE)
    return found


def shown(page: Page, scope: str) -> list[str]:
    return [
        line
        for part in page.locator(f"{scope} [data-text]").all()
        for line in part.evaluate(VISIBLE)
    ]


def pinned(guidance: Guidance, language: Language, question: str = "x") -> str:
    route = Route(
        Level.ESCALATE, guidance.categories[0] if guidance.categories else None, "trigger"
    )
    reply = Reply(Outcome.ESCALATED, guidance.text[language], language, route, guidance=guidance)
    return cards([Exchange(1, question, reply)], "nb")


@pytest.fixture
def blank(browser: Browser) -> Any:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_shows_its_file_word_for_word(
    front: Assistant, blank: Page, language: Language
) -> None:
    for guidance in front.shelf:
        expected = independent(blank, guidance.text[language])
        blank.set_content(pinned(guidance, language, "What?" if language == "en" else "x"))
        assert shown(blank, ".guidance") == expected, guidance.id


def test_one_changed_letter_in_the_file_is_seen(front: Assistant, blank: Page) -> None:
    guidance = front.shelf["akutt_fare"]
    blank.set_content(pinned(guidance, "nb"))
    on_page = shown(blank, ".guidance")
    text = guidance.text["nb"]
    letters = [match.start() for match in re.finditer(r"[a-zæøå0-9]", text)]
    for place in letters[:: len(letters) // 40]:
        changed = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
        assert independent(blank, changed) != on_page, place


def test_the_card_on_the_live_page_is_the_file(
    front_site: Site, front: Assistant, reader: Any, blank: Page
) -> None:
    one: Reader = reader(front_site)
    one.ask(DANGER)
    card = one.page.locator(".guidance")
    guidance = front.shelf[str(card.get_attribute("data-guidance"))]
    on_page = shown(one.page, ".guidance")
    assert on_page == independent(blank, guidance.text["nb"])
    one.page.evaluate("document.querySelector('.guidance .words li').firstChild.data += 'x'")
    assert shown(one.page, ".guidance") != on_page


def test_the_card_is_announced_in_focus_and_rings(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    one.ask(DANGER)
    card = one.page.locator(".guidance")
    assert card.get_attribute("role") == "alert"
    assert one.waits_for_focus("H2") and "112" in one.active("innerText")
    assert card.locator(".draft").inner_text() == "Utkast – ikke faglig godkjent"
    assert card.locator(".calls a").first.get_attribute("href") == "tel:112"
    heights = [call.bounding_box()["height"] for call in card.locator(".call").all()]  # type: ignore[index]
    assert min(heights) >= 44
    assert card.locator("h2").bounding_box()["y"] < card.locator(".calls").bounding_box()["y"]  # type: ignore[index]


def test_the_card_stays_until_it_is_closed(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    one.ask(DANGER)
    one.ask("Hva er en individuell plan?")
    one.ask("takk")
    assert one.page.locator(".guidance").count() == 1
    card, log = (
        one.page.locator(".guidance").bounding_box(),
        one.page.locator(".turns").bounding_box(),
    )
    assert card and log and card["y"] < log["y"]
    one.page.click(".guidance [data-do=close]")
    one.page.wait_for_selector(".guidance", state="detached")
    assert one.waits_for_focus("TEXTAREA")


def test_the_same_danger_twice_pins_one_card_and_takes_focus_again(
    front_site: Site, reader: Any
) -> None:
    one: Reader = reader(front_site)
    one.ask(DANGER)
    one.ask(DANGER + " igjen")
    assert one.waits_for_focus("H2")
    assert one.page.locator(".guidance").count() == 1


def test_show_anyway_answers_below_with_the_card_on_top(site: Site, reader: Any) -> None:
    one: Reader = reader(site)
    one.ask(DANGER)
    one.page.click("[data-do=show_anyway]")
    one.page.wait_for_selector(".exchange[data-exchange='2']:not(.pending)")
    assert one.page.locator(".guidance").count() == 1
    assert one.page.locator(".exchange[data-exchange='2'] .emergency-box").count() == 1


def test_there_is_no_second_step_for_those_who_are_the_danger(
    front: Assistant, blank: Page
) -> None:
    for name in ("egen_intensjon", "skadelig_forespørsel"):
        blank.set_content(pinned(front.shelf.for_category(name), "nb"))
        assert blank.locator("[data-do=show_anyway]").count() == 0
    blank.set_content(pinned(front.shelf["akutt_fare"], "nb"))
    assert blank.locator("[data-do=show_anyway]").count() == 1


def test_other_languages_get_english_first_and_bokmål_below(front: Assistant, blank: Page) -> None:
    guidance = front.shelf["akutt_fare"]
    blank.set_content(
        pinned(guidance, "en", "¿Qué hago? Tiene una bomba y está en la escuela con los niños")
    )
    assert [part.get_attribute("lang") for part in blank.locator(".language").all()] == ["en", "nb"]
    blank.set_content(
        pinned(guidance, "en", "What should I do? He has a bomb and is at the school")
    )
    assert blank.locator(".language").count() == 1


def test_a_number_that_must_be_checked_says_so_on_its_button(front: Assistant, blank: Page) -> None:
    blank.set_content(pinned(front.shelf["vil_ut"], "nb"))
    call = blank.locator(".call", has_text="22 58 60 00")
    assert "må kontrolleres" in call.inner_text()
    assert call.get_attribute("href") == "tel:+4722586000"


def test_the_card_prints_alone_on_one_page(front_site: Site, reader: Callable[..., Reader]) -> None:
    one = reader(front_site)
    one.page.add_init_script("window.print = () => {}")
    one.open()
    one.ask("Hva er en individuell plan?")
    one.ask(DANGER)
    one.page.click("[data-do=print]")
    one.page.emulate_media(media="print")
    assert (
        not one.page.locator("#part-log").is_visible() and not one.page.locator("#ask").is_visible()
    )
    assert one.page.locator(".guidance .words").is_visible()
    pdf = one.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
