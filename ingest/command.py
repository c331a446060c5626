"""`exit-assistent ingest`: fetch if asked to, build or only look, and say what is new and what was left out."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.language import say
from assistant.settings import Settings
from ingest.build import Report
from ingest.clock import Clock, Progress
from ingest.corpus import ingest, read_dry
from ingest.freshness import (
    as_rows,
    freshness,
    full_report,
    indexed_passages,
    pointers,
    short_report,
)


def run(options: Namespace, settings: Settings, evals_data: Path) -> int:
    """Run the command; return 1 when something could not be read or fetched.

    With both `hent` and `torr` the copies are fetched, and what they would change is shown before it is live.
    """
    failed = _fetch(settings) if options.hent else []
    before, notes = indexed_passages(settings), pointers(settings.corpus_dir, evals_data)
    if options.torr:
        reading = read_dry(settings, Clock())
        found = freshness(before, reading.passages, notes)
        _tell(options.json, {"news": as_rows(found)}, full_report(found))
        return _say_remarks(failed, [(str(r), r.failed) for r in reading.remarks])
    report = build_index(settings)
    if report.removed:
        print("En tidligere innlesing ble avbrutt. Restene er ryddet bort.", file=sys.stderr)
    manifest = json.loads((report.folder / "manifest.json").read_text(encoding="utf-8"))
    remarks = [(f"{r['title']}: {r['what']}", bool(r["failed"])) for r in manifest["remarks"]]
    found = freshness(before, indexed_passages(settings), notes)
    done = f"Ferdig: {report.passages} avsnitt, {report.embedded} tekster var nye."
    counts = {"passages": report.passages, "embedded": report.embedded}
    news = f"\n{short_report(found)}\n\n{say('nb', 'cli.restart')}" if before else ""
    _tell(options.json, {**counts, "news": as_rows(found) if before else None}, done + news)
    return _say_remarks(failed, remarks)


def build_index(settings: Settings, progress: Progress | None = None) -> Report:
    """Train the fallback signal if it is needed and build the index; raise AssistantError when it fails."""
    from assistant.archive.embedding import load_embedder
    from ingest.fallback import adapter_fits, train_fallback

    embedder = load_embedder(settings.embedding_model, settings.weights_dir)
    progress = progress or Clock()
    if not adapter_fits(settings, embedder):
        train_fallback(settings, embedder, progress)
    return ingest(settings, embedder, progress)


def _fetch(settings: Settings) -> list[str]:
    """Fetch the declared sources; return a line for each that failed."""
    from ingest.fetch import fetch_all

    return fetch_all(settings, lambda line: print(line, file=sys.stderr, flush=True))


def _tell(as_data: bool, rows: dict[str, Any], text: str) -> None:
    print(json.dumps(rows, ensure_ascii=False) if as_data else text)


def _say_remarks(failed: Sequence[str], remarks: Sequence[tuple[str, bool]]) -> int:
    """Print what was left out, failures last; return the exit status."""
    left_out = [line for line, is_failure in remarks if not is_failure]
    failures = [*failed, *(line for line, is_failure in remarks if is_failure)]
    if left_out:
        print("\nIkke tatt med:", *left_out, sep="\n  ", file=sys.stderr)
    if failures:
        print("\nKunne ikke leses eller hentes:", *failures, sep="\n  ", file=sys.stderr)
    return 1 if failures else 0
