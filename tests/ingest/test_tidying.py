"""A run goes on where one was killed, tidies after it, and deletes what may no longer be stored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from assistant.settings import Settings
from ingest.corpus import shelf
from ingest.fetch import fetch_all
from ingest.snapshots import OLDEST_HALF, Snapshot
from tests.conftest import ROOT
from tests.ingest.serving import Site, answer, corpus, rules, source
from tests.ingest.test_fetch import HTML, fetched, page
from tests.ingest.test_package import STATUTES


def told(settings: Settings) -> list[str]:
    lines: list[str] = []
    assert fetch_all(settings, lines.append, rules()) == []
    return [line for line in lines if not line.startswith("Henter ")]


def test_copies_that_may_no_longer_be_stored_are_deleted_and_said(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> None:
    for name in "abc":
        site.pages[f"/{name}"] = answer(page(), HTML)
    all_ = "".join(source(name, site.url(f"/{name}")) for name in "abc")
    no_acts = STATUTES.format(url=site.url("/lover")).split("[[act]]")[0]
    settings = corpus(corpus_dir, tmp_path, all_, no_acts)
    kept = shelf(settings)
    kept.put(Snapshot("gjeldende-lover", "", "", "2026-01-02", "2026-01-02", 200, ""), None)
    for name in ("statutes", "mine-notater"):
        (kept.folder / name).mkdir()
    assert told(settings) == []
    file = settings.corpus_dir / "sources.toml"
    linked = source("b", site.url("/b"), store=False)
    fewer = file.read_text(encoding="utf-8").replace(all_, source("a", site.url("/a")) + linked)
    file.write_text(fewer, encoding="utf-8")
    assert told(settings) == ["Slettet kopier av kilder som ikke lenger skal lagres: b, c."]
    left = sorted(path.name for path in kept.folder.iterdir())
    assert left == ["a", "gjeldende-lover", "mine-notater", "statutes"]
    assert told(settings) == []


def test_a_copy_that_cannot_be_deleted_is_listed_as_a_failure(
    corpus_dir: Path, tmp_path: Path
) -> None:
    settings = corpus(corpus_dir, tmp_path, "")
    elsewhere = tmp_path / "annet"
    elsewhere.mkdir()
    (elsewhere / "body").write_bytes(page())
    link = shelf(settings).folder / "b"
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)  # we delete nothing behind a link
    (line,) = fetched(settings)
    assert line.startswith(f"{link}: ") and "Slett mappa selv." in line
    assert (elsewhere / "body").exists()


# Runs in a process of its own, so that it can be killed.
RUN = """
import sys
from pathlib import Path
from assistant.settings import Settings
from ingest.fetch import fetch_all
from tests.ingest.serving import rules
fetch_all(Settings(Path(sys.argv[1]), Path(sys.argv[2])), lambda line: None, rules())
"""


def hanging(settings: Settings, site: Site) -> subprocess.Popen[bytes]:
    """Start a run of its own, and return when it waits for the page `/b`."""
    command = [sys.executable, "-c", RUN, str(settings.corpus_dir), str(settings.data_dir)]
    run = subprocess.Popen(command, cwd=ROOT)
    began = time.monotonic()
    while "/b" not in site.paths():
        assert run.poll() is None and time.monotonic() - began < 60
        time.sleep(0.05)
    return run


def silence(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(15)


def halves(settings: Settings) -> list[Path]:
    return sorted(shelf(settings).folder.glob(".half-*"))


@pytest.fixture
def running(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> Iterator[tuple[Settings, subprocess.Popen[bytes]]]:
    """Yield a run in another process that has fetched `a` and waits for `b`."""
    site.pages["/a"], site.pages["/b"] = answer(page(), HTML), silence
    rows = source("a", site.url("/a")) + source("b", site.url("/b"))
    settings = corpus(corpus_dir, tmp_path, rows)
    run = hanging(settings, site)
    site.pages["/b"] = answer(page(), HTML)
    yield settings, run
    run.kill()
    run.wait()


def test_a_run_that_was_killed_is_gone_on_with_and_its_half_is_cleared_away(
    site: Site, running: tuple[Settings, subprocess.Popen[bytes]]
) -> None:
    settings, run = running
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert len(halves(settings)) == 1
    assert fetched(settings) == []
    assert site.paths() == ["/a", "/b", "/b"]
    assert halves(settings) == []


def test_a_run_that_is_going_on_keeps_its_half(
    running: tuple[Settings, subprocess.Popen[bytes]],
) -> None:
    settings, run = running
    (half,) = halves(settings)
    assert str(run.pid) in half.name
    assert fetched(settings) == []
    assert halves(settings) == [half]
    day_before = time.time() - OLDEST_HALF - 60  # its process id may be another's by now
    os.utime(half, (day_before, day_before))
    assert fetched(settings) == []
    assert halves(settings) == []
