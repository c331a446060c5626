"""A verdict is stored with what it needs and nothing more; a bad disk is a message."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import StorageError
from assistant.web.feedback import FILE, Feedback, save
from tests.web.conftest import Reader, Site

GIVEN = Feedback(
    "answered", False, "Feil kilde", ("p1", "p2"), "nb", "Ring meg på 91 23 45 67 i dag"
)


def rows(data_dir: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data_dir / FILE)) as database:
        return database.execute(
            "SELECT outcome, useful, reason, passage_ids, language, question FROM feedback"
        ).fetchall()


def test_a_question_is_masked_before_it_is_stored(tmp_path: Path) -> None:
    save(tmp_path / "ny", GIVEN)
    stored = rows(tmp_path / "ny")
    assert stored == [
        ("answered", 0, "Feil kilde", '["p1", "p2"]', "nb", "Ring meg på [telefonnummer] i dag")
    ]


def test_a_locked_database_is_a_clear_error(tmp_path: Path) -> None:
    save(tmp_path, GIVEN)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="locked"):
            save(tmp_path, GIVEN)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    with pytest.raises(StorageError):
        save(tmp_path / "fil" / "data", GIVEN)


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"ikke en database" * 100)
    with pytest.raises(StorageError):
        save(tmp_path, GIVEN)


@pytest.mark.browser
def test_thumbs_on_the_page_are_stored_and_a_full_disk_is_said(site: Site, reader: Any) -> None:
    one: Reader = reader(site)
    answer = one.ask("Når kan taushetsplikten brytes?")
    answer.locator("[data-useful='0']").click()
    answer.locator("input[type=radio]").nth(2).check()
    answer.locator("button[type=submit]").click()
    answer.locator(".feedback[role=status]").wait_for()
    assert "lagret" in answer.locator(".feedback").inner_text()
    outcome, useful, reason, passages, _, question = rows(site.data_dir)[-1]
    assert (outcome, useful, reason, question) == ("answered", 0, "Feil kilde", None)
    assert "veileder-exit" in str(passages)
    with closing(sqlite3.connect(site.data_dir / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        second = one.ask("Hva er en individuell plan?")
        second.locator("[data-useful='1']").click()
        second.locator(".feedback[role=status]").wait_for()
        assert "ikke lagret" in second.locator(".feedback").inner_text()
