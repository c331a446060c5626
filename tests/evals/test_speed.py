"""What the speed run computes and prints; no time is ever asserted."""

from __future__ import annotations

from pathlib import Path

from evals.speed import broken_limits, text_of
from evals.stages import memory, spread, time_routing
from tests.evals.making import front_door

SLOW = {"steg": {"svar": {"p50 ms": 61.0, "p95 ms": 150.0, "n": 200}}}


def test_spread_gives_median_and_95th_percentile() -> None:
    assert spread([float(n) for n in range(1, 201)]) == {"p50 ms": 100, "p95 ms": 190, "n": 200}


def test_a_number_over_its_limit_is_named_and_marked() -> None:
    assert broken_limits(SLOW) == ["steg/svar/p50 ms"]
    shown = text_of(SLOW)
    assert "p50 ms 61 (≤ 60 ✗)" in shown
    assert "p95 ms 150 (≤ 150 ✓)" in shown


def test_routing_is_timed_at_both_lengths() -> None:
    tables = time_routing(front_door(), ["Hva er et konfliktråd?", "Hvem leder SLT-arbeidet?"])
    assert set(tables) == {
        "ruting, 500 tegn",
        "utløsere, 500 tegn",
        "ruting, 20000 tegn",
        "utløsere, 20000 tegn",
    }


def test_memory_is_read_where_the_system_tells() -> None:
    assert all(value > 1 for value in memory(Path("/proc/self/status")).values())
    assert memory(Path("/proc/finnes/ikke")) == {}
