"""`exit-assistent kilder` tells what is held and where the rest is found, without weights or index."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.cli import main
from tests.ingest.serving import corpus, source

LINKED = "https://www.bufdir.no/fagstotte/lenket"
STORED = "https://www.bufdir.no/fagstotte/lagret"


@pytest.fixture
def data(tmp_path: Path, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty data folder that the environment points at, with a corpus of three sources."""
    rows = source("lenket", LINKED, store=False) + source("lagret", STORED)
    settings = corpus(corpus_dir, tmp_path, rows)
    monkeypatch.chdir(tmp_path)  # away from a developer's own .env
    monkeypatch.setenv("EXIT_CORPUS_DIR", str(settings.corpus_dir))
    monkeypatch.setenv("EXIT_DATA_DIR", str(settings.data_dir))
    return settings.data_dir


def test_the_table_gives_the_address_of_what_is_not_held(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kilder"]) == 0
    table = capsys.readouterr().out.splitlines()
    below = {line[:12]: after for line, after in pairwise(table)}
    assert below["Kilde lenket"] == f"    {LINKED}"
    assert below["Kilde lagret"] == f"    {STORED}"
    assert "https://www.regjeringen.no/veileder" not in "\n".join(table)  # it is held
    assert table[-1] == "3 kilder: 1 ikke lest inn, 1 bare lenke, 1 ikke hentet."
    assert not data.exists()


def test_the_rows_can_be_had_as_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kilder", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert list(rows) == ["veileder-exit", "lenket", "lagret"]
    assert (rows["lenket"]["state"], rows["lenket"]["url"]) == ("bare lenke", LINKED)
    assert (rows["lagret"]["state"], rows["lagret"]["age_days"]) == ("ikke hentet", None)
    assert not data.exists()


@pytest.mark.parametrize("manifest", ["{", "[]", '{"sources": [{"id": "a"}]}'])
def test_a_damaged_index_is_said_with_what_to_do(
    data: Path, capsys: pytest.CaptureFixture[str], manifest: str
) -> None:
    (data / "index" / "1").mkdir(parents=True)
    (data / "index" / "current").write_text("1", encoding="utf-8")
    (data / "index" / "1" / "manifest.json").write_text(manifest, encoding="utf-8")
    assert main(["kilder"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Feil: Indeksen i ") and "er skadet" in said
    assert said.rstrip().endswith("Kjør: exit-assistent ingest")


def test_copies_older_than_asked_are_told_with_status_1(
    corpus_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXIT_CORPUS_DIR", str(corpus_dir))
    monkeypatch.setenv("EXIT_DATA_DIR", str(tmp_path / "data"))
    assert main(["kilder", "--json", "--eldre-enn", "1"]) == 1
    ages = [row["age_days"] for row in json.loads(capsys.readouterr().out)]
    assert ages and min(ages) > 1
    assert main(["kilder", "--json", "--eldre-enn", "100000"]) == 0
    assert json.loads(capsys.readouterr().out) == []
