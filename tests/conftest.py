"""Real parts, loaded once for the whole run; sockets beyond loopback are closed."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from assistant.answering import Assistant
from assistant.cli import SWITCHES
from assistant.settings import Settings

for _name, _value in {**SWITCHES, "HF_HUB_OFFLINE": "1"}.items():
    os.environ.setdefault(_name, _value)

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
        ):
            raise OSError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared material beside the checkout."""
    assert SHARED.is_dir(), f"mangler {SHARED}"
    return SHARED


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    return ROOT / "corpus"


CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium; without any the tests fail with what to do."""
    path = next(
        (p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None
    )
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        except PlaywrightError:
            pytest.fail("Fant ingen Chromium. Kjør: apt-get install chromium, eller make browser.")
        yield running
        running.close()


@pytest.fixture(scope="session")
def weights_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where weights are unpacked; EXIT_TEST_WEIGHTS keeps them between runs."""
    kept = os.environ.get("EXIT_TEST_WEIGHTS")
    return Path(kept) if kept else tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="session")
def embedder(weights_dir: Path) -> Any:
    from assistant.archive.embedding import load_embedder

    return load_embedder(None, weights_dir)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, weights_dir: Path) -> Path:
    folder = tmp_path_factory.mktemp("data")
    weights_dir.mkdir(parents=True, exist_ok=True)
    (folder / "weights").symlink_to(weights_dir)
    return folder


@pytest.fixture(scope="session")
def settings(data_dir: Path, corpus_dir: Path, weights_dir: Path) -> Settings:
    return Settings(corpus_dir, data_dir)


@pytest.fixture(scope="session")
def assistant(settings: Settings, embedder: Any) -> Assistant:
    """Return the whole assistant over the real corpus, index built once."""
    from assistant.opening import open_with, shelf_of
    from ingest.corpus import ingest

    ingest(settings, embedder, lambda what, done, total: None)
    return open_with(settings, shelf_of(settings), embedder)
