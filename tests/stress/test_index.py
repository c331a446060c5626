"""A seeded slice of the kill test and of the index at size; `make stress` runs the full counts."""

from __future__ import annotations

from tests.stress.at_size import measure
from tests.stress.at_size import table as size_table
from tests.stress.kill_builds import kills, table


def test_after_a_kill_the_old_index_answers_and_the_next_run_finishes() -> None:
    found = kills(3, count=60)
    assert all(kill.answers for kill in found), table(found)
    assert all(kill.finished for kill in found), table(found)
    assert "| all | 3 | 3 | 3 |" in table(found)


def test_a_small_change_costs_few_vectors_and_memory_stays_flat() -> None:
    rows = measure(400)
    by_name = dict(rows)
    assert by_name["first build"]["embedded"] == 1200
    assert 0 < by_name["1 % changed"]["embedded"] < 60
    assert by_name["query"]["p95"] < 200
    assert "Query: median" in size_table(400, rows)
