"""Builds killed at random moments: the old index must answer after each, and the next run must finish.

`python -m tests.stress.kill_builds 50` prints a Markdown table; `… build FOLDER COUNT EDITION` is the child.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.archive.index import Index, current_folder, leftovers
from ingest.build import build
from tests.stress.seeded import SeededEmbedder, passages

COUNT, CHANGED = 300, 0.5  # passages of each build, and how many of them an edition words anew
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Kill:
    """What one kill left: how far the build had come, and whether the index in use answers."""

    after: float  # seconds from the start of the child's build
    place: str
    answers: bool
    finished: bool


def child(folder: Path, count: int, edition: int) -> None:
    """Build one edition, saying when it begins and after every part."""
    texts = list(passages(count, edition, CHANGED))
    embedder = SeededEmbedder()
    print("begynner", flush=True)
    build(
        texts,
        (),
        embedder,
        folder,
        {},
        lambda what, done, total: print(f"{done} av {total}", flush=True),
        reader=embedder,
    )
    print("ferdig", flush=True)


def kills(times: int, seed: int = 5, count: int = COUNT) -> list[Kill]:
    """Kill so many builds, each of a new edition, and let each be finished by the next run."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="exit-kill-") as name:
        folder = Path(name) / "index"
        child_run(folder, count, 0, None)
        longest = max(0.2, child_run(folder, count, 1, None)[1])
        return [
            _kill(folder, count, edition, chance.uniform(0, longest))
            for edition in range(2, times + 2)
        ]


def _kill(folder: Path, count: int, edition: int, after: float) -> Kill:
    place, _ = child_run(folder, count, edition, after)
    answers = answering(folder, count)
    # The next run is a whole one of the same edition.
    finished = child_run(folder, count, edition, None)[0] == "ferdig"
    finished = finished and answering(folder, count, edition) and cleared(folder)
    return Kill(after, place, answers, finished)


def cleared(folder: Path) -> bool:
    """Tell whether nothing lies beside the index in use but the whole one before it, which may be open."""
    left = leftovers(folder)
    return len(left) <= 1 and all((path / "manifest.json").is_file() for path in left)


def child_run(folder: Path, count: int, edition: int, after: float | None) -> tuple[str, float]:
    """Run a build in a child; kill it so many seconds in; return its last line and its seconds."""
    command = [sys.executable, "-m", "tests.stress.kill_builds", "build"]
    with subprocess.Popen(
        [*command, str(folder), str(count), str(edition)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip()]  # its libraries are loaded, and it begins
        began = time.monotonic()
        if after is not None:
            time.sleep(after)
            process.kill()
        said += [line.strip() for line in process.stdout]
    return said[-1], time.monotonic() - began


def answering(folder: Path, count: int, edition: int | None = None) -> bool:
    """Tell whether the index in use is whole and finds passages, of this edition if one is given.

    It is opened from a copy: the vectors of one folder must not stay open here when it is removed.
    """
    current = current_folder(folder)
    if current is None:
        return False
    with tempfile.TemporaryDirectory(prefix="exit-copy-") as name:
        index = Index(Path(shutil.copytree(current, Path(name) / current.name)))
        embedder = SeededEmbedder()
        if len(index.passages) != count:
            return False
        if edition is not None and index.passages != tuple(passages(count, edition, CHANGED)):
            return False
        for passage in index.passages[:: max(1, count // 10)]:
            text = ". ".join((*passage.headings[-2:], passage.text))
            (found, score), *_ = index.vectors.nearest("passages", embedder.passages([text])[0], 3)
            if found != passage.id or score < 0.99:
                return False
    return True


def table(found: Sequence[Kill]) -> str:
    """Return the kills as Markdown: a line of counts for each place where builds were stopped."""
    rows = ["| stopped | kills | old index answers | next run finishes |", "|---|---|---|---|"]
    groups: dict[str, list[Kill]] = {}
    for kill in found:
        groups.setdefault(_phase(kill.place), []).append(kill)
    groups["all"] = list(found)
    for name, some in groups.items():
        counts = (len(some), sum(k.answers for k in some), sum(k.finished for k in some))
        rows.append(f"| {name} | {' | '.join(map(str, counts))} |")
    return "\n".join(rows)


def _phase(place: str) -> str:
    if place in ("begynner", "ferdig"):
        return {"begynner": "before the first vectors", "ferdig": "after the swap"}[place]
    done, total = place.split(" av ")
    return "writing and swapping in" if done == total else "between vectors"


def main(arguments: Sequence[str]) -> int:
    """Run the child, or so many kills."""
    if arguments[:1] == ["build"]:
        child(Path(arguments[1]), int(arguments[2]), int(arguments[3]))
        return 0
    found = kills(int(arguments[0]) if arguments else 50)
    print(table(found))
    return 0 if all(kill.answers and kill.finished for kill in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
