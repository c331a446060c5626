"""The index at size, with seeded vectors so that only the index is measured; prints a Markdown table.

`python -m tests.stress.at_size [PASSAGES]`; `… build FOLDER COUNT EDITION` is one build, whose memory is its own.
The encoder's throughput is another matter and is given apart: `… --encoder` measures that alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.archive.index import Index, current_folder
from ingest.build import build
from ingest.clock import Clock
from tests.stress.seeded import SeededEmbedder, passages

COUNT, CHANGED = 50_000, 0.01
QUERIES = 200
ROOT = Path(__file__).parents[2]


def child(folder: Path, count: int, edition: int) -> None:
    """Build once and print what it cost."""
    import resource

    texts = list(passages(count, edition, CHANGED))
    embedder, began = SeededEmbedder(), time.monotonic()
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = build(texts, (), embedder, folder, {}, Clock(), reader=embedder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = sum(path.stat().st_size for path in report.folder.rglob("*") if path.is_file())
    row = {
        "seconds": time.monotonic() - began,
        "embedded": report.embedded,
        "peak": peak // 1024,
        "base": base // 1024,
        "disk": size // 1_000_000,
    }
    print(json.dumps(row))


def queries(folder: Path, count: int) -> tuple[float, float]:
    """Return median and 95th percentile, in milliseconds, of a question to all four searches."""
    current = current_folder(folder)
    assert current is not None
    index, embedder = Index(current), SeededEmbedder()
    times = []
    for passage in index.passages[:: max(1, count // QUERIES)]:
        vector = embedder.queries([passage.text])[0]
        began = time.perf_counter()
        index.vectors.nearest("passages", vector, 50)
        index.vectors.nearest("sentences", vector, 50)
        index.passage_keywords.scores(passage.text)
        index.sentence_keywords.scores(passage.text)
        times.append((time.perf_counter() - began) * 1000)
    times = sorted(times[5:] or times)
    return times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]


def encoder() -> str:
    """Return the real encoder's throughput on passages of the guide's length."""
    from assistant.archive.embedding import load_embedder

    embedder = load_embedder(None, Path(tempfile.gettempdir()) / "exit-weights")
    texts = [f"{passage.text} {passage.text}" * 2 for passage in passages(128)]
    embedder.passages(texts[:8])
    began = time.monotonic()
    embedder.passages(texts)
    return f"Encoder: {len(texts) / (time.monotonic() - began):.1f} passages of about 600 characters a second."


def measure(count: int) -> list[tuple[str, dict[str, float]]]:
    """Build, change 1 %, break off and go on; return a row for each."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="exit-size-") as name:
        folder = Path(name) / "index"
        rows.append(("first build", _run(folder, count, 0)))
        rows.append(("1 % changed", _run(folder, count, 1)))
        _run(folder, count, 2, stop_after=rows[-1][1]["seconds"] / 2)
        rows.append(("again, after a build broken off half-way", _run(folder, count, 2)))
        median, slow = queries(folder, count)
        rows.append(("query", {"median": median, "p95": slow}))
    return rows


def _run(
    folder: Path, count: int, edition: int, stop_after: float | None = None
) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.stress.at_size", "build"]
    with subprocess.Popen(
        [*command, str(folder), str(count), str(edition)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=stop_after)
        except subprocess.TimeoutExpired:
            process.kill()
            return {}
    found: dict[str, float] = json.loads(said)
    return found


def table(count: int, rows: Sequence[tuple[str, dict[str, float]]]) -> str:
    """Return the rows as Markdown."""
    lines = [
        f"{count} passages, {2 * count} sentences, seeded vectors.",
        "",
        "| build | seconds | texts embedded | peak memory, MB | before it, MB | on disk, MB |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in rows:
        if "seconds" in row:
            cells = [row[key] for key in ("embedded", "peak", "base", "disk")]
            lines.append(f"| {name} | {row['seconds']:.0f} | {' | '.join(map(str, cells))} |")
        else:
            lines += ["", f"Query: median {row['median']:.0f} ms, p95 {row['p95']:.0f} ms."]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run one build, or measure everything."""
    if arguments[:1] == ["build"]:
        child(Path(arguments[1]), int(arguments[2]), int(arguments[3]))
        return 0
    numbers = [int(argument) for argument in arguments if argument.isdigit()]
    count = numbers[0] if numbers else COUNT
    print(encoder() if "--encoder" in arguments else table(count, measure(count)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
