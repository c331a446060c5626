"""What was read before is not read again, what changed is, and what is gone is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.local import read_local
from ingest.parse.document import ParseProblem
from ingest.parsed import Parsed
from tests.ingest.parse.making import docx, paragraph

MEETING = "Møtet holdes hver tirsdag i rådhuset."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a local folder with two documents."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "moter.docx").write_bytes(docx(paragraph(MEETING)))
    (documents / "plan.md").write_text("# Plan\n\nPlanen gjelder fra mai.", encoding="utf-8")
    return tmp_path


def texts(home: Path, parsed: Parsed) -> list[str]:
    """Return the words of every local passage."""
    return [passage.text for passage in read_local(home, 0, parsed=parsed).passages]


def mark(folder: Path, words: str, instead: str) -> None:
    """Change words in the kept readings, so that a reading from there can be told from a new one."""
    for file in folder.iterdir():
        file.write_text(file.read_text(encoding="ascii").replace(words, instead), encoding="ascii")


def test_only_a_changed_file_is_read_again(home: Path) -> None:
    folder = home / "parsed"
    assert texts(home, Parsed(folder)) == [MEETING, "Planen gjelder fra mai."]
    mark(folder, "tirsdag", "fra-forrige-lesing")
    mark(folder, "mai", "fra-forrige-lesing")
    (home / "documents" / "plan.md").write_text("# Plan\n\nPlanen gjelder fra juni.", "utf-8")
    assert texts(home, Parsed(folder)) == [
        MEETING.replace("tirsdag", "fra-forrige-lesing"),
        "Planen gjelder fra juni.",
    ]


def test_what_no_file_asks_for_is_forgotten(home: Path) -> None:
    folder = home / "parsed"
    texts(home, Parsed(folder))
    (home / "documents" / "moter.docx").unlink()
    later = Parsed(folder)
    texts(home, later)
    later.forget_the_rest()
    assert len(list(folder.iterdir())) == 1
    assert "tirsdag" not in next(folder.iterdir()).read_text(encoding="ascii")


def test_a_damaged_keep_and_a_folder_that_cannot_be_written_only_cost_time(home: Path) -> None:
    folder = home / "parsed"
    texts(home, Parsed(folder))
    for file in folder.iterdir():
        file.write_bytes(b"{")
    assert texts(home, Parsed(folder)) == [MEETING, "Planen gjelder fra mai."]
    (home / "fil").write_text("ikke en mappe", encoding="utf-8")
    assert texts(home, Parsed(home / "fil")) == [MEETING, "Planen gjelder fra mai."]


def test_a_problem_is_told_every_time(tmp_path: Path) -> None:
    file = tmp_path / "tom.pdf"
    file.write_bytes(b"%PDF-1.4\n")
    parsed = Parsed(tmp_path / "parsed")
    for _ in range(2):
        with pytest.raises(ParseProblem):
            parsed.read("pdf", file)
