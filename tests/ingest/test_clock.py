"""Long work says how far it has come and how long is left, without flooding the terminal."""

from __future__ import annotations

import io
from pathlib import Path

from ingest.clock import Clock
from ingest.local import read_local


class Hands:
    """A clock's hands that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def told(steps: list[tuple[float, str, int, int]]) -> list[str]:
    out, hands = io.StringIO(), Hands()
    clock = Clock(out, hands)
    for seconds, what, done, total in steps:
        hands.at = 100.0 + seconds
        clock(what, done, total)
    return [line.strip() for line in out.getvalue().replace("\r", "\n").splitlines()]


def test_the_time_left_counts_on_at_the_pace_so_far() -> None:
    steps = [(0.0, "Leser inn", 0, 100), (10.0, "Leser inn", 25, 100), (20.0, "Leser inn", 50, 100)]
    assert told(steps) == [
        "Leser inn: 25 av 100, omtrent 30 s igjen",
        "Leser inn: 50 av 100, omtrent 20 s igjen",
    ]


def test_it_speaks_once_a_second_and_always_at_the_end() -> None:
    steps = [(n / 10, "Leser inn", n, 15) for n in range(16)]
    assert [line.split(",")[0] for line in told(steps)] == [
        "Leser inn: 10 av 15",
        "Leser inn: 15 av 15",
    ]


def test_a_new_piece_of_work_has_a_time_of_its_own() -> None:
    steps = [
        (50.0, "Leser filer", 2, 2),
        (52.0, "Leser inn", 1, 4),
    ]
    assert told(steps)[-1] == "Leser inn: 1 av 4, omtrent 6 s igjen"


def test_progress_is_told_while_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "documents" / f"{name}.md").write_text(f"# {name}\n\nRing dem.", "utf-8")
    seen: list[tuple[str, int, int]] = []
    read_local(tmp_path, 0, lambda *step: seen.append(step))
    assert seen == [("Leser lokale dokumenter", n, 3) for n in (1, 2, 3)]
