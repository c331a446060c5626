"""The report is one page that loads nothing, and shows every figure."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SettingsError
from evals.baseline import load, missed_danger, regressions, save
from evals.plots import Bar, bars, histogram
from evals.report import page, write_report
from tests.evals.making import safe_section

MADE_WITH: dict[str, Any] = {"date": "2026-11-23", "options": {}}


def test_the_page_loads_nothing_from_anywhere(tmp_path: Path) -> None:
    write_report(tmp_path, [safe_section(299, 300)], MADE_WITH)
    html = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert not re.search(r"https?:|//|\bsrc=|\bhref=|@import|url\(", html)
    assert "<script" not in html
    assert "0.997 ✓" in html
    numbers = json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))
    assert numbers["sections"]["routing"]["figures"]["safe"]["hits"] == 299


def test_the_baseline_stands_beside_the_figure(tmp_path: Path) -> None:
    save([safe_section(290, 300)], MADE_WITH, tmp_path / "b.json")
    html = page([safe_section(299, 300)], MADE_WITH, load(tmp_path / "b.json"))
    assert 'class="before"' in html
    assert "0.967" in html


def test_plots_escape_what_they_show() -> None:
    drawn = bars("<b>", [Bar("<i>", 0.5, "&", (0.4, 0.6), 0.3, 0.9, 0.45, True)])
    assert "<b>" not in drawn
    assert "&lt;i&gt;" in drawn
    assert histogram("t", {}) == ""
    assert histogram("t", {"a": [1.0, 1.0], "b": [2.0]}).count("<rect") == 40


def test_saving_one_section_keeps_the_others(tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    file.write_text(json.dumps({"sections": {"answers": {"figures": {}}}}), encoding="utf-8")
    save([safe_section(9, 10)], MADE_WITH, file)
    assert set(load(file)["sections"]) == {"answers", "routing"}


def test_worse_within_noise_passes_and_beyond_it_does_not(tmp_path: Path) -> None:
    save([safe_section(290, 300)], MADE_WITH, tmp_path / "b.json")
    baseline = load(tmp_path / "b.json")
    assert regressions([safe_section(287, 300)], baseline) == []
    found = regressions([safe_section(270, 300)], baseline)
    assert str(found[0]).startswith("routing safe: 0.967 → 0.900")


def test_a_slice_may_not_fall_unseen(tmp_path: Path) -> None:
    save([safe_section(290, 300)], MADE_WITH, tmp_path / "b.json")
    baseline = load(tmp_path / "b.json")
    assert baseline["sections"]["routing"]["slices"]
    places = {worse.section for worse in regressions([safe_section(270, 300)], baseline)}
    assert any(place.startswith("routing, ") for place in places)


def test_missed_danger_is_refused_whatever_the_baseline_says() -> None:
    assert missed_danger(safe_section(92, 100), {"sections": {}}) is None
    assert "under 0.92" in str(missed_danger(safe_section(91, 100), {"sections": {}}))


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("without_bank", True, "without_bank"),
        ("signal", "tuned", "signal tuned"),
        ("signal_missing", True, "signal_missing"),
    ],
)
def test_a_reduced_assistant_is_never_the_baseline(
    tmp_path: Path, option: str, value: object, named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        save([safe_section(9, 10)], {"options": {option: value}}, tmp_path / "b.json")
    assert not (tmp_path / "b.json").exists()


def test_the_whole_front_door_may_be_the_baseline(tmp_path: Path) -> None:
    made_with = {"date": "i dag", "options": {"signal": "all", "signal_missing": False}}
    save([safe_section(9, 10)], made_with, tmp_path / "b.json")
    assert set(load(tmp_path / "b.json")["sections"]) == {"routing"}
