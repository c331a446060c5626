"""The page of the stress tests: one module alone leaves the others' parts as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stress import __main__ as stress


def test_one_module_alone_keeps_the_parts_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "stress.md"
    old = {"fuzz_route": "| a | b |\n\n- # no heading", "at_size --encoder": "Encoder: 9 passages."}
    out.write_text(stress.page(old), encoding="utf-8")
    monkeypatch.setitem(stress.PARTS, "fuzz_triggers", ["3"])
    stress.main(["fuzz_triggers"], out)
    found = stress.parts_of(out.read_text(encoding="utf-8"))
    assert list(found) == ["fuzz_triggers", "fuzz_route", "at_size --encoder"]
    assert {name: found[name] for name in old} == old
    assert "| 3 | 0 |" in found["fuzz_triggers"]
    assert stress.machine() in found["fuzz_triggers"]


def test_a_name_that_is_no_module_runs_nothing(tmp_path: Path) -> None:
    assert stress.main(["fuzz_rute"], tmp_path / "stress.md") == 2
    assert not (tmp_path / "stress.md").exists()


def test_a_module_runs_with_and_without_its_encoder() -> None:
    assert list(stress.wanted(["at_size"])) == ["at_size", "at_size --encoder"]
    assert list(stress.wanted([])) == list(stress.PARTS)


def test_a_module_that_fails_says_so_in_its_part() -> None:
    part, right = stress.run("faults", ["no", "such", "fault"])
    assert not right
    assert "**failed** (exit status 1)" in part
