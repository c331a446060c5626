"""From a question to the sentence that proves the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer.citing import Statement, prove
from assistant.answer.replies import CIRCLED, not_found_text
from assistant.answering import Assistant
from assistant.domain import Outcome, Reply
from tests.web.conftest import Reader, Site
from tests.web.test_page import PHONE, wide

pytestmark = pytest.mark.browser
QUESTION = "Når kan taushetsplikten brytes?"


def open_source(one: Reader, answer: Any) -> Any:
    answer.locator(".chip").first.click()
    one.page.wait_for_selector("#panel-title", state="visible")
    return one.page.locator(".panel")


def test_a_chip_opens_the_quote_in_its_section_and_escape_returns(site: Site, reader: Any) -> None:
    one: Reader = reader(site, viewport={"width": 1280, "height": 800})
    answer = one.ask(QUESTION)
    quote = answer.locator("blockquote p").first.inner_text().split("»")[0].strip("«» ")
    chip = answer.locator(".chip").first
    label = str(chip.get_attribute("aria-label"))
    assert label.startswith("Kilde 1: ")
    panel = open_source(one, answer)
    assert one.active("id") == "panel-title"
    marks = " ".join(" ".join(panel.locator("mark").all_inner_texts()).split())
    assert " ".join(quote.split()) in marks
    assert panel.locator("mark").first.is_visible()
    link = panel.locator(".address a")
    assert link.get_attribute("target") == "_blank" and link.get_attribute("rel") == "noopener"
    one.page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert one.active("className") == "chip" and one.active("ariaLabel") == label


class Wide(Assistant):
    """An assistant that quotes the first sentence of its three best passages."""

    def ask(self, turns: Any, **options: Any) -> Reply:
        reply = super().ask(turns, **options)
        found = [hit.passage for hit in reply.hits[:3]]
        citations = prove(Statement(passage.sentences[0].text, passage) for passage in found)
        text = "\n\n".join(f"> «{c.quote}» {CIRCLED[c.number - 1]}" for c in citations)
        return replace(reply, text=text, citations=citations)


def test_next_and_previous_go_through_all_sources(
    serve_site: Callable[..., Site],
    front: Assistant,
    assistant: Assistant,
    reader: Any,
    tmp_path: Path,
) -> None:
    wide_one = Wide(assistant.shelf, assistant.retriever, assistant.signal)
    one: Reader = reader(serve_site(front, lambda progress: wide_one, tmp_path))
    one.page.wait_for_selector("#part-status :text('Starter')", state="detached")
    panel = open_source(one, one.ask(QUESTION))
    title = panel.locator("#panel-title")
    assert title.inner_text() == "Kilde 1 av 3"
    for step, number in (("next", 2), ("next", 3), ("next", 1), ("previous", 3), ("previous", 2)):
        panel.locator(f"[data-step={step}]").click()
        panel.locator("#panel-title", has_text=f"Kilde {number} av 3").wait_for()
        assert one.active("id") == "panel-title"
    one.page.keyboard.press("Escape")
    assert one.active("ariaLabel").startswith("Kilde 1: ")


def test_the_whole_way_by_keyboard(site: Site, reader: Any) -> None:
    one: Reader = reader(site)
    one.page.keyboard.type(QUESTION)
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector(".exchange.answered")
    one.page.wait_for_timeout(200)
    for _ in range(20):
        one.page.keyboard.press("Shift+Tab")
        if one.active("className") == "chip":
            break
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("#panel-title", state="visible")
    one.page.keyboard.press("Escape")
    assert one.active("className") == "chip"
    one.page.keyboard.press("/")
    assert one.waits_for_focus("TEXTAREA")


def test_on_a_phone_the_source_is_a_sheet_from_below(site: Site, reader: Any) -> None:
    one: Reader = reader(site, **PHONE)
    panel = open_source(one, one.ask(QUESTION))
    box = panel.bounding_box()
    assert box and box["y"] > 100 and abs(box["y"] + box["height"] - 844) < 2
    assert not wide(one)
    panel.locator("[data-do=close-panel]").click()
    assert not panel.is_visible() and one.active("className") == "chip"


def test_copying_takes_the_sources_along(site: Site, reader: Any) -> None:
    one: Reader = reader(site, permissions=["clipboard-read", "clipboard-write"])
    answer = one.ask(QUESTION)
    answer.locator("[data-copy]").click()
    one.page.wait_for_timeout(200)
    text = one.page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("«") and "[1] Veileder for exit-arbeid ›" in text and "https://" in text


def test_an_example_is_asked_by_pressing_it(site: Site, reader: Any) -> None:
    one: Reader = reader(site)
    one.page.locator(".examples .question").nth(1).click()
    one.page.wait_for_selector(".exchange.answered")
    assert one.page.locator(".asked").inner_text() == QUESTION


def test_quotes_are_at_most_about_seventy_characters_wide(site: Site, reader: Any) -> None:
    one: Reader = reader(site, viewport={"width": 1600, "height": 900})
    answer = one.ask(QUESTION)
    width = answer.locator("blockquote p").first.evaluate(
        """e => { const probe = document.createElement('span'); probe.style.whiteSpace = 'nowrap';
          probe.textContent = 'Veilederen beskriver hvordan kommunen kan hjelpe en person ut av et miljø'.slice(0, 70);
          e.append(probe); const w = e.getBoundingClientRect().width / (probe.getBoundingClientRect().width / 70);
          probe.remove(); return w; }"""
    )
    assert width <= 74


class Silent(Assistant):
    """An assistant that finds its hits but no answer in them."""

    def ask(self, turns: Any, **options: Any) -> Reply:
        reply = super().ask(turns, **options)
        text = not_found_text(reply.hits[0].passage, "nb")
        return replace(reply, outcome=Outcome.NOT_FOUND, text=text, citations=())


def test_what_is_not_found_leads_to_the_nearest_section(
    serve_site: Callable[..., Site],
    front: Assistant,
    assistant: Assistant,
    reader: Any,
    tmp_path: Path,
) -> None:
    silent = Silent(assistant.shelf, assistant.retriever, assistant.signal)
    one: Reader = reader(serve_site(front, lambda progress: silent, tmp_path))
    one.page.wait_for_selector("#part-status :text('Starter')", state="detached")
    answer = one.ask(QUESTION)
    assert "Jeg finner ikke svaret" in answer.inner_text() and answer.locator(".chip").count() == 0
    answer.locator("button.section").click()
    one.page.wait_for_selector("#panel-title", state="visible")
    assert one.page.locator("#panel-title").inner_text() == "Nærmeste avsnitt"
    assert one.page.locator(".here").is_visible()
