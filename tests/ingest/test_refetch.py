"""What is wanted and not at hand is fetched, though it was fetched today or the server says unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingest.corpus import read_everything, shelf
from ingest.holdings import holdings
from tests.ingest.parse.making import pdf
from tests.ingest.serving import LONG_AGO, Page, Site, aged, answer, corpus, source, unless_known
from tests.ingest.test_fetch import HTML, fetched, page

SWELLS = pdf(["0 0 m " * 14_000_000])  # 84 MB of drawing


def lose_body(file: Path) -> None:
    file.unlink()


def cut_body(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:40])


@pytest.mark.parametrize("days_ago", [False, True])
@pytest.mark.parametrize("lose", [lose_body, cut_body])
def test_a_page_whose_copy_is_lost_is_fetched_again(
    site: Site, corpus_dir: Path, tmp_path: Path, lose: Callable[[Path], None], days_ago: bool
) -> None:
    site.pages["/a"] = unless_known(page(), HTML)
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a")))
    assert fetched(settings) == []
    lose(shelf(settings).body("a"))
    if days_ago:
        aged(settings, "a")
    assert fetched(settings) == []
    assert shelf(settings).body("a").read_bytes() == page()
    assert read_everything(settings).remarks == ()
    assert fetched(settings) == []
    assert site.paths() == ["/a", "/a"]


def test_a_new_address_is_asked_at_once_and_told_nothing_of_the_old(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> None:
    site.pages["/a"], site.pages["/b"] = (
        unless_known(page("Før."), HTML),
        unless_known(page("Nå."), HTML),
    )
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a")))
    assert fetched(settings) == []
    file = settings.corpus_dir / "sources.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("/a", "/b"), encoding="utf-8")
    assert fetched(settings) == []
    assert site.paths() == ["/a", "/b"]
    assert not {"if-none-match", "if-modified-since"} & site.asked[-1][1].keys()
    (held,) = [p for p in read_everything(settings).passages if p.source_id == "a"]
    assert "Nå." in held.text and held.url == site.url("/b#ring")


def test_a_snapshot_from_before_addresses_were_kept_is_read_and_fetched_anew_once(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> None:
    site.pages["/a"] = unless_known(page(), HTML)
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a")))
    assert fetched(settings) == []
    aged(settings, "a")
    meta = shelf(settings).folder / "a" / "meta.json"
    rows = json.loads(meta.read_text(encoding="utf-8"))
    meta.write_text(
        json.dumps({name: row for name, row in rows.items() if name not in ("asked", "acts")}),
        encoding="utf-8",
    )
    assert any(p.source_id == "a" for p in read_everything(settings).passages)
    assert fetched(settings) == fetched(settings) == []
    assert site.paths() == ["/a", "/a"]
    assert "if-none-match" not in site.asked[-1][1]
    kept = shelf(settings).get("a")
    assert kept is not None and (kept.asked, kept.changed) == (site.url("/a"), LONG_AGO)


def test_a_server_that_says_unchanged_of_what_we_never_had_is_a_failure(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> None:
    site.pages["/a"] = answer(b"", HTML, 304)
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a")))
    (line,) = fetched(settings)
    assert "uendret" in line and "(304)" in line


def test_the_date_of_a_page_is_sent_with_the_question_whether_it_has_changed(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> None:
    dated = "Mon, 02 Nov 2026 08:00:00 GMT"
    site.pages["/a"] = answer(page(), HTML, Last_Modified=dated)
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a")))
    assert fetched(settings) == []
    aged(settings, "a")
    assert fetched(settings) == []
    first, second = [headers for path, headers in site.asked if path == "/a"]
    assert "if-modified-since" not in first
    assert second["if-modified-since"] == dated and "if-none-match" not in second


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (answer(SWELLS, "application/pdf"), "skadet"),
        (answer(b"%PDF-1.7" + bytes(1_100_000), "application/pdf"), "1 MB"),
    ],
)
def test_a_pdf_that_has_become_too_large_keeps_the_old_copy_and_is_listed(
    site: Site, corpus_dir: Path, tmp_path: Path, shared: Path, bad: Page, why: str
) -> None:
    body = (shared / "samples/pdf/noark5-vedlegg3-logging.pdf").read_bytes()
    site.pages["/a.pdf"] = answer(body, "application/pdf")
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a.pdf"), "pdf"))
    assert fetched(settings) == []
    aged(settings, "a")
    site.pages["/a.pdf"] = bad
    (line,) = fetched(settings, largest=1_000_000)
    assert line.startswith("Kilde a: ") and why in line
    assert shelf(settings).body("a").read_bytes() == body
    assert any(p.source_id == "a" for p in read_everything(settings).passages)
    row = next(row for row in holdings(settings, date.today()) if row.id == "a")
    assert (row.state, row.remark) == ("feilet", line.removeprefix("Kilde a: "))
