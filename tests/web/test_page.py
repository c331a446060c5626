"""The page without search: what a reader must always have."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answering import Assistant
from assistant.errors import IndexMissing, SettingsError, WeightsError
from assistant.web.app import serve
from tests.web.conftest import DANGER, Reader, Site, free_socket

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def wide(one: Reader) -> bool:
    """Tell whether the page must be scrolled sideways."""
    return bool(one.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"))


def test_the_question_box_is_first_and_focused(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    assert one.waits_for_focus("TEXTAREA")
    box, examples = (
        one.page.locator("#box").bounding_box(),
        one.page.locator(".examples").bounding_box(),
    )
    assert box and examples and box["y"] < examples["y"] and box["y"] < 500


def test_language_and_title_are_ours(front_site: Site, reader: Any) -> None:
    raw = httpx.get(front_site.url).text
    assert '<html\n\tlang="nb"' in raw and "<title>Exit-assistenten</title>" in raw
    assert not re.findall(r'(?:src|href|content)="https?://', raw)
    one: Reader = reader(front_site)
    assert one.page.evaluate("document.documentElement.lang") == "nb"
    assert one.page.title() == "Exit-assistenten"


def test_the_emergency_numbers_are_there_before_any_script(front_site: Site, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(front_site.url)
    assert page.locator("a[href='tel:112']").first.is_visible()
    assert "JavaScript" in page.inner_text("body")
    context.close()


@pytest.mark.parametrize("view", ["ask", "sources", "help"])
@pytest.mark.parametrize("size", [(1280, 800), (640, 400), (390, 844)])
def test_the_emergency_numbers_are_always_in_sight(
    front_site: Site, reader: Any, view: str, size: tuple[int, int]
) -> None:
    one: Reader = reader(front_site, viewport={"width": size[0], "height": size[1]})
    one.page.click(f"nav [data-view={view}]")
    one.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    for number in ("112", "113", "110", "116117"):
        box = one.page.locator(f".emergency a[href='tel:{number}']").bounding_box()
        assert box and 0 <= box["y"] < 200


def test_the_question_is_echoed_within_100_ms(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    one.page.fill("#box textarea", "Hva er exit?")
    millis = one.page.evaluate(
        """() => new Promise(done => {
          const start = performance.now();
          new MutationObserver(() => document.querySelector('.turns .asked') && done(performance.now() - start))
            .observe(document.body, {childList: true, subtree: true});
          document.querySelector('#ask-button').click(); })"""
    )
    assert millis < 100
    assert one.page.locator(".asked").inner_text() == "Hva er exit?"


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script><b>fet</b>",
        "<img src=https://example.org/x.png onerror=alert(1)>",
        "**fet** [lenke](https://example.org) # tittel `kode`",
        "{{this}} ${alert(1)} &lt;b&gt; \" ' `",
        "🙂👩‍👩‍👧 zero\u200bwidth \u202ebakvendt",
    ],
)
def test_what_is_typed_is_shown_as_text(front_site: Site, reader: Any, typed: str) -> None:
    one: Reader = reader(front_site)
    exchange = one.ask(typed)
    assert exchange.locator(".asked").evaluate("e => e.textContent") == typed
    assert exchange.locator(".asked :not(bdi)").count() == 0


def test_control_characters_become_visible(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    assert one.ask("a\x01b\x07c").locator(".asked").inner_text() == "a␁b␇c"


def test_a_hundred_thousand_characters_are_folded_and_danger_in_them_is_found(
    front_site: Site, reader: Any
) -> None:
    one: Reader = reader(front_site)
    exchange = one.ask("Dette er en lang tekst. " * 4_167)
    assert "tegn" in exchange.locator("summary").inner_text()
    assert exchange.locator(".long p").evaluate("e => e.textContent.length") == 100_008
    assert not wide(one)


@pytest.mark.parametrize("nothing", ["", "   ", "\n\n"])
def test_an_empty_question_is_a_hint(front_site: Site, reader: Any, nothing: str) -> None:
    one: Reader = reader(front_site)
    one.page.fill("#box textarea", nothing)
    one.page.click("#ask-button")
    one.page.wait_for_function("document.querySelector('#hint').textContent !== ''")
    assert one.page.locator(".exchange").count() == 0


def test_keys(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    one.page.keyboard.type("en")
    one.page.keyboard.press("Shift+Enter")
    one.page.keyboard.type("to")
    assert one.page.input_value("#box textarea") == "en\nto"
    one.page.locator("nav [data-view=help]").focus()
    one.page.keyboard.press("Enter")
    assert one.page.locator("#view-help").is_visible()
    one.page.keyboard.press("/")
    assert one.waits_for_focus("TEXTAREA") and one.page.locator("#talk").is_visible()
    assert one.page.input_value("#box textarea") == "en\nto"


def test_tab_order_follows_reading_order(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    one.page.focus(".skip")
    seen = []
    for _ in range(18):
        seen.append(one.page.evaluate(
            "(e => e.dataset.view || e.dataset.language || e.dataset.do || e.getAttribute('href') || e.id || "
            "(e.dataset.question && 'question') || e.tagName)(document.activeElement)"
        ))  # fmt: skip
        one.page.keyboard.press("Tab")
    wanted = [
        "to-box",
        "ask",
        "sources",
        "help",
        "nb",
        "nn",
        "en",
        "theme",
        "tel:112",
        "tel:113",
        "tel:110",
    ]
    wanted += ["tel:116117", "TEXTAREA", "ask-button", "new", "question", "question", "question"]
    assert seen == wanted


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_contrast(front_site: Site, reader: Any, scheme: str) -> None:
    one: Reader = reader(front_site, color_scheme=scheme)
    colours = one.page.evaluate(
        """() => { const style = getComputedStyle(document.body);
          return Object.fromEntries(['paper', 'sheet', 'ink', 'soft', 'accent', 'on-accent', 'serious',
              'mark', 'mark-ink']
            .map(name => [name, style.getPropertyValue('--' + name).trim()])); }"""
    )
    assert (luminance(colours["paper"]) < 0.2) == (scheme == "dark")
    for front, back in [
        *(
            (name, ground)
            for name in ("ink", "soft", "accent", "serious")
            for ground in ("paper", "sheet")
        ),
        ("on-accent", "accent"),
        ("mark-ink", "mark"),
        ("sheet", "serious"),
    ]:
        assert contrast(colours[front], colours[back]) >= 4.5, (front, back)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2 of a colour written #rrggbb."""
    parts = [int(colour.lstrip("#")[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_theme_can_be_switched(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site, color_scheme="light")
    before = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    one.page.click("[data-do=theme]")
    assert one.page.evaluate("getComputedStyle(document.body).backgroundColor") != before


@pytest.mark.parametrize(
    "context",
    [
        PHONE,
        {"viewport": {"width": 640, "height": 400}},
        {"viewport": {"width": 320, "height": 640}},
    ],
)
def test_a_phone_and_200_percent_zoom_need_no_sideways_scrolling(
    front_site: Site, reader: Any, context: Any
) -> None:
    one: Reader = reader(front_site, **context)
    assert not wide(one)
    one.ask(DANGER)
    assert not wide(one)
    heading = one.page.locator(".guidance h2").bounding_box()
    assert heading and heading["y"] < context["viewport"]["height"]
    for view in ("sources", "help"):
        one.page.click(f"nav [data-view={view}]")
        assert not wide(one), view


def test_the_interface_speaks_three_languages_and_keeps_the_conversation(
    front_site: Site, reader: Any
) -> None:
    one: Reader = reader(front_site)
    one.ask("hei")
    for language, word in (("nn", "Kjelder"), ("en", "Sources"), ("nb", "Kilder")):
        one.page.click(f"[data-language={language}]")
        one.page.wait_for_function("l => document.documentElement.lang === l", arg=language)
        assert one.page.locator("nav [data-view=sources]").inner_text() == word
        assert one.page.locator(".exchange").count() == 1


def test_a_new_conversation_forgets_everything(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    one.ask(DANGER)
    one.page.click("[data-do=new]")
    one.page.wait_for_selector(".exchange", state="detached")
    assert one.page.locator(".guidance").count() == 0
    assert one.waits_for_focus("TEXTAREA")


def test_all_sources_are_listed_and_links_open_apart(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site)
    one.page.click("nav [data-view=sources]")
    assert one.page.locator(".sources-table tbody tr").count() == 48
    for link in one.page.locator(".sources-table a").all():
        assert link.get_attribute("target") == "_blank" and link.get_attribute("rel") == "noopener"


def test_danger_is_routed_while_the_rest_is_starting(
    serve_site: Callable[..., Site], front: Assistant, reader: Any, tmp_path: Path
) -> None:
    go_on = threading.Event()

    def slow(progress: Callable[[str, int, int], None]) -> Assistant:
        progress("Leser inn", 3, 10)
        go_on.wait(60)
        return front

    site = serve_site(front, slow, tmp_path)
    assert httpx.get(site.url + "health/live").status_code == 200
    assert httpx.get(site.url + "health/ready").status_code == 503
    one: Reader = reader(site)
    one.page.wait_for_selector(".status.starting")
    assert "3 / 10" in one.page.locator(".status").inner_text()
    assert "Starter" in one.ask("Hva er exit?").inner_text()
    one.ask(DANGER)
    assert one.page.locator(".guidance").count() == 1
    go_on.set()
    one.page.wait_for_selector(".status.reduced", timeout=5_000)
    assert httpx.get(site.url + "health/ready").json()["status"] == "reduced"


@pytest.mark.parametrize(
    "fault",
    [IndexMissing("Det finnes ingen indeks."), WeightsError("Vektene mangler."), OSError("disk")],
)
def test_a_rest_that_cannot_open_is_said_with_the_reason(
    serve_site: Callable[..., Site], front: Assistant, reader: Any, tmp_path: Path, fault: Exception
) -> None:
    def broken(progress: object) -> Assistant:
        raise fault

    one: Reader = reader(serve_site(front, broken, tmp_path))
    one.page.wait_for_selector(".status.reduced")
    status = one.page.locator(".status").inner_text()
    assert "Redusert drift" in status and str(fault) in status
    assert one.ask("Hva er exit?").locator(".emergency-box a[href='tel:112']").count() == 1


class Broken(Assistant):
    """An assistant with a fault that nobody foresaw."""

    def ask(self, turns: Any, **options: Any) -> Any:
        raise ZeroDivisionError


def test_an_unforeseen_fault_gives_the_numbers_and_danger_its_card(
    serve_site: Callable[..., Site], front: Assistant, reader: Any, tmp_path: Path
) -> None:
    one: Reader = reader(serve_site(front, lambda progress: Broken(front.shelf), tmp_path))
    one.page.wait_for_selector(".status.reduced")
    reply = one.ask("Hva er exit?")
    assert "112 politi" in reply.inner_text() and "ZeroDivision" not in reply.inner_text()
    one.ask(DANGER)
    assert one.page.locator(".guidance").count() == 1


class Slow(Assistant):
    """An assistant that takes its time over an ordinary question."""

    def ask(self, turns: Any, **options: Any) -> Any:
        time.sleep(3)
        return super().ask(turns, **options)


def test_danger_overtakes_a_slow_question_and_neither_is_lost(
    serve_site: Callable[..., Site], front: Assistant, reader: Any, tmp_path: Path
) -> None:
    one: Reader = reader(serve_site(front, lambda progress: Slow(front.shelf), tmp_path))
    one.page.wait_for_selector(".status.reduced")
    for question in ("Hva er exit?", DANGER):
        one.page.fill("#box textarea", question)
        one.page.locator("#box textarea").press("Enter")
        one.page.wait_for_timeout(400)  # nobody types the next message faster
    one.page.wait_for_selector(".guidance", timeout=1_500)
    one.page.wait_for_selector(".exchange.failed", timeout=6_000)
    assert one.page.locator(".guidance").count() == 1
    assert one.page.locator(".exchange[data-exchange]").count() == 2


def test_a_server_that_is_gone_is_said_with_the_numbers(front_site: Site, reader: Any) -> None:
    one: Reader = reader(front_site, locale="nb-NO")
    one.page.context.set_offline(True)
    one.page.fill("#box textarea", "Hva er exit?")
    one.page.click("#ask-button")
    one.page.wait_for_selector(".turns .warning", timeout=15_000)
    assert "112 politi" in one.page.locator(".turns").inner_text()
    one.faults.clear()


def test_a_busy_port_is_a_clear_error(front_site: Site) -> None:
    with free_socket() as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"{port}.*EXIT_PORT"):
            serve(Any, "127.0.0.1", port)  # type: ignore[arg-type]  # never reached
