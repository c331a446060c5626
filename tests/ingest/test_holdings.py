"""The age of a local document is that of its file."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

from assistant.settings import Settings
from ingest.holdings import Holding, holdings
from tests.ingest.serving import corpus
from tests.ingest.test_freshness import made

TODAY = date(2026, 11, 23)


def local(settings: Settings) -> dict[str, Holding]:
    return {row.title: row for row in holdings(settings, TODAY) if row.licence == "lokal"}


def test_a_local_document_is_as_old_as_its_file(corpus_dir: Path, tmp_path: Path) -> None:
    settings = corpus(corpus_dir, tmp_path, "")
    assert settings.local_dir is not None
    folder = settings.local_dir / "documents"
    (folder / "rutiner").mkdir(parents=True)
    files = (folder / "rutiner" / "a.md", folder / "b.pdf", folder / "borte.md")
    for file, words in zip(
        files, ("# Rutine\n\nRing.", "ikke en PDF", "# Borte\n\nRing."), strict=True
    ):
        file.write_text(words, encoding="utf-8")
        changed = datetime(2026, 11, 3, 12).timestamp()
        os.utime(file, (changed, changed))
    made(settings)
    files[2].unlink()
    rows = local(settings)
    for title in ("Lokal rutine: Rutine", "b.pdf"):
        assert (rows[title].changed, rows[title].age_days) == ("2026-11-03", 20), title
    gone = rows["Lokal rutine: Borte"]
    assert (gone.changed, gone.age_days, gone.passages) == (None, None, 1)
    assert {row.fetched for row in rows.values()} == {None}
