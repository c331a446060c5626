"""A few faults of the table; `make stress` lets all of them happen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stress.faults import Fault, Wrong, faults, main, table, tried

FAULTS = {fault.name: fault for fault in faults()}


@pytest.mark.parametrize(
    ("name", "happened"),
    [
        ("server: redirects to a private address", "refused: «Verten peker på adressen 10.0.0.1"),
        ("server: sends 2 GB", "refused: «Større enn grensen på 3 MB.»"),
        ("XML bomb in an act", "refused: «Filen følger ikke formatet sitt."),
        ("PDF of pictures (a scan)", "refused: «Filen er bilder av sider"),
        ("PDF with a password", "refused: «Filen er låst med passord."),
        ("PDF with JavaScript", "read;"),
        ("text in broken UTF-8", "read;"),
    ],
)
def test_a_fault_is_named_in_norwegian_or_read_for_what_it_is(name: str, happened: str) -> None:
    row = tried(FAULTS[name])
    assert row.happened.startswith(happened)
    assert row.right
    assert f"| {name} | {happened}" in table([row])


def test_what_should_not_happen_and_a_crash_fail_the_run() -> None:
    def wrong(folder: Path) -> str:
        raise Wrong("read")

    def crash(folder: Path) -> str:
        raise KeyError("x")

    rows = [tried(Fault("a", wrong)), tried(Fault("b", crash))]
    assert [row.right for row in rows] == [False, False]
    assert "| a | **wrong**: read |" in table(rows)
    assert "| b | **crash**: KeyError: 'x' |" in table(rows)
    assert "2 of 2 wrong" in table(rows)
    assert main("no such fault") == 1
