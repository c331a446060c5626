"""Figures are shares with intervals; floors are judged where there are cases enough."""

from __future__ import annotations

import json

import pytest

from evals.figures import Record
from evals.numbers import as_json
from evals.sections import section
from evals.tables import text_of
from tests.evals.making import HARD, LENGTH, SAFE, records, safe_section


def test_a_figure_holds_its_floor_and_reaches_its_aim() -> None:
    (figure,) = safe_section(97, 100).figures
    assert (figure.value, figure.holds, figure.at_aim) == (0.97, True, False)
    assert safe_section(96, 100).figures[0].holds is False
    assert safe_section(100, 100).figures[0].at_aim


def test_a_ceiling_is_broken_from_above() -> None:
    low = section("r", "R", records(1, 100, "hard"), (HARD,)).figures[0]
    high = section("r", "R", records(7, 100, "hard"), (HARD,)).figures[0]
    assert (low.holds, low.at_aim, high.holds) == (True, True, False)


def test_a_slice_has_its_own_floor_but_not_under_25_cases() -> None:
    many = section("r", "R", records(22, 25), (SAFE,)).slices[0]
    few = section("r", "R", records(20, 24), (SAFE,)).slices[0]
    other = section("r", "R", records(0, 50, lang="de"), (SAFE,)).slices[0]
    assert many.figures[0].holds is False
    assert few.figures[0].holds is None
    assert other.figures[0].holds is None


def test_a_broken_slice_breaks_the_section() -> None:
    good = records(975, 975, lang="nn")
    assert not section("r", "R", [*good, *records(22, 25)], (SAFE,)).floors_hold
    assert section("r", "R", [*good, *records(23, 25)], (SAFE,)).floors_hold


def test_a_median_is_no_share_and_misses_nothing() -> None:
    rows = [Record(str(n), "t", {}, {"length": n}, "", "") for n in (1.0, 3.0, 9.0)]
    part = section("a", "A", rows, (LENGTH,))
    assert (part.figures[0].value, part.figures[0].interval) == (3.0, None)
    assert part.misses == []


def test_a_figure_without_cases_is_not_judged_and_not_printed() -> None:
    part = section("r", "R", records(3, 3), (SAFE, HARD))
    assert part.figures[1].holds is None
    assert "hard" not in text_of(part)


def test_the_table_shows_value_interval_floor_mark_and_misses() -> None:
    shown = text_of(safe_section(299, 300))
    assert "0.997   299/300     0.981–0.999   0.97      1 ✓" in shown
    assert "Bommer (1)" in shown
    assert "ventet: ventet" in shown


def test_a_small_slice_is_given_as_counts_with_its_interval() -> None:
    rows = [*records(30, 30), *records(5, 6, lang="nn")]
    shown = text_of(section("r", "R", rows, (SAFE,)))
    assert "5/6" in shown
    assert "få tilfeller: nn, trygg 5/6, 0.44–0.97" in shown


def test_a_long_text_is_cut_at_200_characters_in_the_list_of_misses() -> None:
    row = Record("x", "å" * 500, {}, {"safe": 0.0}, "", "")
    shown = text_of(section("r", "R", [row], (SAFE,)))
    assert "å" * 199 + "…" in shown
    assert "å" * 200 not in shown


def test_the_json_holds_every_case_and_setting() -> None:
    numbers = json.loads(json.dumps(as_json([safe_section(2, 3)], {"date": "i dag"})))
    part = numbers["sections"]["routing"]
    assert numbers["settings"] == {"date": "i dag"}
    assert part["figures"]["safe"]["value"] == pytest.approx(0.6667)
    assert len(part["records"]) == 3
    assert part["misses"] == [{"id": "nb2", "measures": ["safe"]}]
