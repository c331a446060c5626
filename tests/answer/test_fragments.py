"""A link with a text fragment opens the public page on the quoted sentence, in a real Chromium."""

from __future__ import annotations

import html
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assistant.answer.citing import deep_link
from assistant.domain import Passage
from ingest.chunk import passages
from ingest.corpus import read_sources
from ingest.guide import read_guide

pytestmark = pytest.mark.browser
_FAR = "<p style='height:3000px'></p>"  # so that every paragraph must be scrolled to


@pytest.fixture(scope="module")
def chapters(
    corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[Passage]]]:
    """Serve each chapter with a known address on loopback; return its passages with that address."""
    folder = tmp_path_factory.mktemp("public")
    source = read_sources(corpus_dir / "sources.toml")["veileder-exit"]
    by_url: dict[str, list[Passage]] = {}
    for passage in passages(read_guide(corpus_dir / "guide"), source):
        if passage.exact_url:
            by_url.setdefault(str(passage.url), []).append(passage)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet.in_folder(folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = {}
    for number, group in enumerate(by_url.values()):
        (folder / f"{number}.html").write_text(_page(group), encoding="utf-8")
        found[f"http://127.0.0.1:{server.server_port}/{number}.html"] = group
    yield found
    server.shutdown()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    folder = "."

    @classmethod
    def in_folder(cls, folder: Path) -> partial[_Quiet]:
        return partial(cls, directory=str(folder))

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


def _page(group: list[Passage]) -> str:
    blocks = []
    for passage in group:
        blocks.append(
            f"<h2>{html.escape(passage.headings[-1] if passage.headings else 'Forside')}</h2>"
        )
        blocks += [f"<p>{html.escape(line)}</p>{_FAR}" for line in passage.text.split("\n")]
    return f"<!doctype html><html lang=nb><meta charset=utf-8><body>{''.join(blocks)}</body></html>"


def test_every_guide_link_opens_on_its_sentence(
    browser: Browser, chapters: dict[str, list[Passage]]
) -> None:
    missed = []
    page = browser.new_page()
    for address, group in chapters.items():
        for passage in group[::3]:
            quote = passage.sentences[-1].text
            link = deep_link(_at(passage, address), quote)
            page.goto("about:blank")
            page.goto(str(link))
            if not _in_view(page, quote):
                missed.append(link)
    assert not missed


def test_a_changed_sentence_is_not_found(
    browser: Browser, chapters: dict[str, list[Passage]]
) -> None:
    address, group = next(iter(chapters.items()))
    page = browser.new_page()
    page.goto(
        str(
            deep_link(_at(group[-1], address), "Denne setningen står ikke på sida i det hele tatt.")
        )
    )
    assert page.evaluate("window.scrollY") == 0


def _at(passage: Passage, address: str) -> Passage:
    return replace(passage, url=address)


def _in_view(page: Page, quote: str) -> bool:
    script = """quote => {
        const squash = s => s.replace(/\\s+/g, ' ').trim();
        return [...document.querySelectorAll('p')].some(p => squash(p.textContent).includes(squash(quote))
            && p.getBoundingClientRect().top < innerHeight && p.getBoundingClientRect().bottom > 0); }"""
    page.wait_for_timeout(120)  # the scroll follows the load
    return bool(page.evaluate(script, quote))
