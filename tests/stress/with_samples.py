"""The guide's own questions with and without every sample document in the index; prints a Markdown table.

`python -m tests.stress.with_samples [SAMPLES]`. The samples lie beside the checkout; each is read as a
document of the municipality's own, which puts the most text that has nothing to do with exit work beside
the guide.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.local import SUFFIXES

# One for each kind of document, and one for the guide.
QUESTIONS = {
    "a PDF page": "Hva er Noark en norsk standard for?",
    "a web page": "Hva er åpningstidene på Husebybadet?",
    "a Word file": "Hva sier Harstads plan for likestilling og mangfold om ansvar?",
    "a §": "Hva sier forvaltningsloven § 13 b?",
    "the guide": "Hva er exit-arbeid?",
}
_SHOWN = 110  # characters of a quote
ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


def copies(samples: Path, documents: Path) -> int:
    """Copy every sample that can be read as a document, not what tells of them; return how many."""
    files = [
        path
        for path in sorted(samples.rglob("*"))
        if path.suffix in SUFFIXES and path.name != "README.md"
    ]
    for path in files:
        to = documents / path.relative_to(samples)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    return len(files)


def run(
    arguments: Sequence[str], data: Path, local: Path | None
) -> subprocess.CompletedProcess[str]:
    """Run the product with its data and local documents in these folders."""
    environment = {**os.environ, "EXIT_DATA_DIR": str(data)}
    environment.pop("EXIT_LOCAL_DIR", None)
    if local is not None:
        environment["EXIT_LOCAL_DIR"] = str(local)
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def figures(data: Path, local: Path | None, files: Sequence[str]) -> dict[str, float]:
    """Return every figure of the answers, recall among them, over the index in `data`."""
    done = run(["eval", "answers", "--json", "--data", *files], data, local)
    if not done.stdout:
        raise SystemExit(done.stderr)
    (section,) = json.loads(done.stdout)["sections"].values()
    return {name: figure["value"] for name, figure in section["figures"].items()}


def answers(folder: Path, data: Path, local: Path) -> list[tuple[str, str, str]]:
    """Return for each kind of document the question and what the answer leads with."""
    asked, replied = folder / "asked.jsonl", folder / "replied.jsonl"
    rows = [{"id": kind, "question": question} for kind, question in QUESTIONS.items()]
    asked.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    run(["batch", str(asked), str(replied)], data, local)
    found = []
    for line in replied.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        first = next(iter(row["replies"][0]["citations"]), None)
        page = f", side {first['page']}" if first and first["page"] else ""
        told = f"{first['label']}{page}: «{first['quote'][:_SHOWN]}»" if first else "not found"
        found.append((row["id"], QUESTIONS[row["id"]], " ".join(told.split())))
    return found


def main(arguments: Sequence[str]) -> int:
    """Measure before and after, and fail when recall is lower with the samples in the index."""
    samples = Path(arguments[0]) if arguments else SHARED / "samples"
    files = [str(path) for path in sorted((ROOT / "evals" / "data").glob("questions_*.jsonl"))]
    files += [str(path) for path in sorted((SHARED / "evals").glob("qa_*.jsonl"))]
    with tempfile.TemporaryDirectory(prefix="exit-samples-") as name:
        data, local = Path(name) / "data", Path(name) / "local"
        read = copies(samples, local / "documents")
        rows, told = [], []
        for folder in (None, local):
            began = time.monotonic()
            done = run(["ingest", "--json"], data, folder)
            told.append((json.loads(done.stdout), time.monotonic() - began))
            rows.append(figures(data, folder, files))
        quoted = answers(Path(name), data, local)
    before, after = rows
    print(f"{read} sample documents as local ones; {len(files)} files of questions.\n")
    for what, (report, seconds) in zip(("Without", "With"), told, strict=True):
        print(f"{what} them: {summary(report)}, read and indexed in {seconds:.0f} s.")
    print("\n| figure | without the samples | with them |\n|---|---|---|")
    for figure in before:
        print(f"| {figure} | {before[figure]:.3f} | {after[figure]:.3f} |")
    print("\n| from | question | the answer leads with |\n|---|---|---|")
    for row in quoted:
        print(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |")
    return int(any(after[f] < before[f] for f in ("recall@1", "recall@5")))


def summary(report: dict[str, Any]) -> str:
    """Return the counts of an ingest in words."""
    return ", ".join(f"{report[key]} {key}" for key in ("passages", "embedded") if key in report)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
