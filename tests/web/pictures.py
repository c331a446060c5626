"""Take the pictures of docs/bilder again, over a built index: python -m tests.web.pictures."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from assistant.cli import settings_from_environment
from assistant.opening import open_assistant, open_front_door
from assistant.web.app import create_app
from ingest.corpus import read_sources
from tests.web.conftest import DANGER, FLAGS, ServerThread

FOLDER = Path(__file__).parents[2] / "docs" / "bilder"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
QUESTION = "Når kan taushetsplikten brytes?"


def main() -> None:
    """Serve the page as the environment describes it and take every picture."""
    settings = settings_from_environment()
    front = open_front_door(settings)
    whole = open_assistant(settings, front.shelf)
    sources = tuple(read_sources(settings.corpus_dir / "sources.toml").values())
    thread = ServerThread(lambda: create_app(settings, front, lambda progress: whole, sources))
    thread.start()
    thread.ready.wait()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)

        def opened(**options: Any) -> Page:
            page = browser.new_context(**options).new_page()
            page.goto(f"http://127.0.0.1:{thread.port}/")
            page.wait_for_selector("#box textarea[aria-label]")
            page.wait_for_selector(".status.starting", state="detached")
            return page

        take(opened(**DESK), "start")
        desk = asked(opened(**DESK), QUESTION)
        desk.click(".chip >> nth=0")
        desk.wait_for_selector("#panel-title", state="visible")
        take(desk, "svar")
        take(asked(opened(**PHONE), QUESTION), "telefon")
        take(asked(opened(**PHONE), DANGER), "kort")
        take(asked(opened(**DESK, color_scheme="dark"), QUESTION), "mork")
        browser.close()
    thread.stop()


def asked(page: Page, question: str) -> Page:
    """Ask and wait for the reply."""
    page.fill("#box textarea", question)
    page.click("#ask-button")
    page.wait_for_selector(".exchange[data-exchange]:not(.pending)")
    return page


def take(page: Page, name: str) -> None:
    """Store a picture in few colours, so that it stays small."""
    from PIL import Image

    page.wait_for_timeout(800)
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


if __name__ == "__main__":
    main()
