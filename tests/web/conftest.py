"""The real page in a real Chromium."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page

from assistant.answering import Assistant
from assistant.opening import open_front_door
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.office import OpenRest
from ingest.corpus import read_sources

FLAGS = [
    *(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
    ),
    *("--disable-background-networking", "--disable-component-update"),
]
ADVICE = (
    "Fant ingen Chromium. Installer en (Debian: apt-get install chromium), eller kjør: make browser"
)
DANGER = "Han står utenfor skolen med øks nå og sier at han skal drepe læreren"


@dataclass
class Site:
    """A served page."""

    url: str
    data_dir: Path


class ServerThread(threading.Thread):
    """Serves an application; made inside its loop, for Gradio leaves a loop open where it finds none."""

    def __init__(self, make: Callable[[], FastAPI]) -> None:
        super().__init__(daemon=True)
        self._make, self.ready, self._listener = make, threading.Event(), free_socket()
        self.port = int(self._listener.getsockname()[1])
        self._server: uvicorn.Server | None = None

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._server = uvicorn.Server(uvicorn.Config(self._make(), log_level="warning", ws="none"))
        self._listener.listen()
        self.ready.set()
        await self._server.serve(sockets=[self._listener])

    def stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = True
        self.join(10)


def free_socket() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    return listener


@pytest.fixture(scope="session")
def serve_site(corpus_dir: Path) -> Iterator[Callable[[Assistant, OpenRest, Path], Site]]:
    """Return a function that serves a page until the run ends."""
    threads: list[ServerThread] = []
    sources = list(read_sources(corpus_dir / "sources.toml").values())

    def serve(front: Assistant, open_rest: OpenRest, data_dir: Path) -> Site:
        settings = Settings(corpus_dir, data_dir)
        thread = ServerThread(lambda: create_app(settings, front, open_rest, sources))
        thread.start()
        threads.append(thread)
        assert thread.ready.wait(60), "siden startet ikke"
        return Site(f"http://127.0.0.1:{thread.port}/", data_dir)

    yield serve
    for thread in threads:
        thread.stop()


@pytest.fixture(scope="session")
def front(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return open_front_door(Settings(corpus_dir, tmp_path_factory.mktemp("front")))


@pytest.fixture(scope="session")
def front_site(
    serve_site: Callable[..., Site], front: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """Return a page where only triggers and cards work."""
    return serve_site(front, lambda progress: front, tmp_path_factory.mktemp("front-site"))


@pytest.fixture(scope="session")
def site(
    serve_site: Callable[..., Site],
    front: Assistant,
    assistant: Assistant,
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    """Return a page over the whole assistant."""
    return serve_site(front, lambda progress: assistant, tmp_path_factory.mktemp("site"))


class Reader:
    """A person at the page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.set_default_timeout(20_000)  # two cores may be shared
        self.requests: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append("dialog")
        dialog.dismiss()

    def open(self) -> Reader:
        self.page.goto(self.url)
        self.page.wait_for_selector("#box textarea[aria-label]")
        self.page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
        return self

    def ask(self, question: str) -> Locator:
        """Ask with Enter and return the answered exchange."""
        before = self.page.locator(".exchange[data-exchange]").count()
        self.page.fill("#box textarea", question)
        self.page.locator("#box textarea").press("Enter")
        self.page.wait_for_function(
            "n => document.querySelectorAll('.exchange[data-exchange]:not(.pending)').length > n",
            arg=before,
        )
        self.page.wait_for_timeout(150)
        return self.page.locator(".exchange").last

    def waits_for_focus(self, tag: str) -> bool:
        """Tell whether an element of this kind gets the focus before the time is out."""
        self.page.wait_for_function("tag => document.activeElement.tagName === tag", arg=tag)
        return True

    def active(self, name: str) -> Any:
        return self.page.evaluate(f"document.activeElement.{name}")


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a context whose cache spares every test Gradio's scripts; the page itself stores nothing."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def reader(browser: Browser, shared_context: BrowserContext) -> Iterator[Callable[..., Reader]]:
    """Return a function that opens a page; at the end nothing may have failed or left the machine."""
    opened: list[Reader] = []

    def open_page(site: Site, **options: Any) -> Reader:
        page = (browser.new_context(**options) if options else shared_context).new_page()
        one = Reader(page, site.url)
        opened.append(one)
        return one.open()

    yield open_page
    for one in opened:
        foreign = [url for url in one.requests if not url.startswith((one.url, "data:", "blob:"))]
        one.page.close() if one.page.context == shared_context else one.page.context.close()
        assert not foreign, foreign
        assert not one.faults, one.faults
