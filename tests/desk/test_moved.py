"""A § that is cited by its old place is known, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.desk.moved import Moved, load_moved, moved_in
from assistant.errors import CorpusError


@pytest.fixture(scope="module")
def moves(corpus_dir: Path) -> tuple[Moved, ...]:
    return load_moved(corpus_dir / "statutes.toml")


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Hva sier barnevernloven § 6-7?", "barnevernloven 1992 § 6-7"),
        ("Gjelder barnevernlova av 1992 § 6-4 enno?", "barnevernloven 1992 § 6-4"),
        ("hva betyr straffelovens § 139", "straffeloven 1902 § 139"),
        ("Har jeg plikt etter opplæringsloven § 9 A-4?", "opplæringslova § 9 A-4"),
        ("Kva står i opplæringslova kapittel 9 A?", "opplæringslova kapittel 9 A"),
        ("helsepersonelloven § 21 a", "helsepersonelloven § 21 a"),
        ("Hva gjelder for barnevernloven § 6-4 i dag?", "barnevernloven 1992 § 6-4"),
    ],
)
def test_a_section_is_known_by_its_old_place(
    moves: tuple[Moved, ...], question: str, cited: str
) -> None:
    found = moved_in(question, moves)
    assert found is not None and found.cited == cited


@pytest.mark.parametrize(
    "question",
    [
        "Hva sier barnevernsloven § 13-2?",
        "Hva sier helsepersonelloven § 21?",
        "Hva sier forvaltningsloven § 13 b?",  # moves the day the new act is in force
        "Gjelder barnevernloven for en på 6-7 år?",
        "straffeloven § 1391",
        "Hva sier straffeloven av 2005 § 139?",  # hijacking; the § 139 that has moved is of 1902
    ],
)
def test_nothing_else_is_taken_for_a_moved_section(moves: tuple[Moved, ...], question: str) -> None:
    assert moved_in(question, moves) is None


def test_where_it_stands_now_is_an_address_of_a_section(moves: tuple[Moved, ...]) -> None:
    (move,) = [move for move in moves if move.cited == "barnevernloven 1992 § 6-7"]
    assert move.url == "https://lovdata.no/dokument/NL/lov/2021-06-18-97/§13-1"
    assert [m.url for m in moves if m.cited == "helsepersonelloven § 25 a"] == [None]


def test_a_move_that_is_not_whole_is_a_named_fault(tmp_path: Path) -> None:
    (tmp_path / "statutes.toml").write_text('[[moved]]\ncited = "x § 1"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"statutes\.toml"):
        load_moved(tmp_path / "statutes.toml")
