"""The fixed texts are whole, agree with their numbers, and a bad one stops the start."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import CATEGORIES
from assistant.errors import GuidanceError
from assistant.safety.guidance import load_shelf, phone_numbers, sha256, sign_off

TODAY = date(2026, 11, 23)
# Numbers that may stand without «må kontrolleres» (design, decision 6).
FREE = {"110", "112", "113", "116 117", "116 111", "116 123", "116 006", "22 40 00 40", "800 33 321",
        "22 59 13 00", "02800"}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, corpus_dir: Path) -> Path:
    shutil.copytree(corpus_dir / "escalation", tmp_path / "escalation")
    return tmp_path / "escalation"


def altered(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_every_category_has_a_text_in_three_languages(corpus_dir: Path, tmp_path: Path) -> None:
    shelf = load_shelf(corpus_dir / "escalation", tmp_path)
    for category in CATEGORIES:
        guidance = shelf.for_category(category)
        assert set(guidance.text) == {"nb", "nn", "en"}
        assert all(guidance.sha256[lang] == sha256(guidance.text[lang]) for lang in guidance.text)
        assert guidance.status == "utkast"


def test_no_number_outside_the_checked_ones_stands_unmarked(
    corpus_dir: Path, tmp_path: Path
) -> None:
    for guidance in load_shelf(corpus_dir / "escalation", tmp_path):
        for contact in guidance.contacts["nb"]:
            assert contact.phone in FREE or contact.must_be_checked, (guidance.id, contact.phone)
        assert "02180" not in "".join(guidance.text.values())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("**112**", "**113**", "ikke enige om"),
        ('phone = "112"', 'phone = "122"', "ikke enige om"),
        ('confidence = "V"', 'confidence = "sikker"', "ukjent sikkerhet"),
        ('id = "akutt_fare"', 'navn = "akutt_fare"', "mangler feltet"),
        ('nb = """', 'nb = "" #', "kan ikke leses"),
    ],
)
def test_a_broken_file_stops_the_start(
    folder: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    if old == "**112**":
        text = (folder / "akutt_fare.toml").read_text(encoding="utf-8")
        (folder / "akutt_fare.toml").write_text(text.replace("112", "119", 1), encoding="utf-8")
    else:
        altered(folder, "akutt_fare.toml", old, new)
    with pytest.raises(GuidanceError, match=says):
        load_shelf(folder, tmp_path)


def test_a_missing_category_stops_the_start(folder: Path, tmp_path: Path) -> None:
    (folder / "utreise.toml").unlink()
    with pytest.raises(GuidanceError, match="utreise"):
        load_shelf(folder, tmp_path)


def test_a_missing_mark_beside_an_unchecked_number_stops_the_start(
    folder: Path, tmp_path: Path
) -> None:
    altered(folder, "utreise.toml", "må kontrolleres", "ring gjerne")
    with pytest.raises(GuidanceError, match="må kontrolleres"):
        load_shelf(folder, tmp_path)


def test_a_sign_off_holds_until_the_text_changes(folder: Path, tmp_path: Path) -> None:
    sign_off(
        load_shelf(folder, tmp_path)["akutt_fare"], "N. N.", "psykologspesialist", tmp_path, TODAY
    )
    assert load_shelf(folder, tmp_path, today=TODAY)["akutt_fare"].status == "godkjent"
    altered(folder, "akutt_fare.toml", "Ring politiet", "Ring gjerne politiet")
    assert load_shelf(folder, tmp_path, today=TODAY)["akutt_fare"].status == "utkast"


def test_a_review_older_than_twelve_months_is_overdue(folder: Path, tmp_path: Path) -> None:
    sign_off(
        load_shelf(folder, tmp_path)["akutt_fare"], "N. N.", "lege", tmp_path, date(2025, 10, 1)
    )
    assert load_shelf(folder, tmp_path, today=TODAY)["akutt_fare"].overdue


def test_unsigned_texts_refuse_to_start_when_sign_off_is_required(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(GuidanceError, match="exit-assistent godkjenn"):
        load_shelf(folder, tmp_path, require_sign_off=True)
    for guidance in load_shelf(folder, tmp_path):
        sign_off(guidance, "N. N.", "lege", tmp_path, TODAY)
    load_shelf(folder, tmp_path, require_sign_off=True, today=TODAY)


def test_a_sign_off_without_a_name_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="navn og rolle"):
        sign_off(load_shelf(folder, tmp_path)["akutt_fare"], " ", "lege", tmp_path, TODAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ring 112 nå, eller 22 40 00 40.", {"112", "22 40 00 40"}),
        ("Fra utlandet: +47 23 95 00 00", {"+47 23 95 00 00"}),
        ("Straffeloven § 196, året 2026, 12.3", set()),
        ("116 117 og 02800", {"116 117", "02800"}),
    ],
)
def test_phone_numbers_are_told_from_years_and_paragraphs(text: str, numbers: set[str]) -> None:
    assert phone_numbers(text) == numbers
