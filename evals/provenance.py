"""What the numbers were made with: stored beside them, so that a run can be repeated."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.settings import Settings
from evals.cases import CaseFile

_MANIFEST = ("built", "corpus_sha256", "fingerprint", "format", "passages", "sentences", "doors")


def provenance(
    assistant: Assistant,
    settings: Settings,
    files: Iterable[CaseFile],
    options: Mapping[str, object],
) -> dict[str, Any]:
    """Return date, revision, weights, adapters, index, fusion weights, options and case files."""
    retriever = assistant.retriever
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision(Path(__file__).parent),
        "embedder": retriever.embedder.fingerprint if retriever else None,
        "signal": type(assistant.signal).__name__ if assistant.signal else None,
        "adapters": {
            "routing": folder_hash(settings.corpus_dir / "routing" / "adapter"),
            "regression": folder_hash(settings.data_dir / "signal"),
            "questions": folder_hash(settings.corpus_dir / "questions" / "adapter"),
        },
        "index": {
            key: retriever.index.manifest.get(key) for key in _MANIFEST if retriever is not None
        },
        "weights": asdict(retriever.weights) if retriever else None,
        "options": dict(options),
        "files": [
            {"name": f.path.name, "schema": f.schema, "cases": f.count, "sha256": f.sha256}
            for f in files
        ],
    }


def revision(folder: Path) -> str | None:
    """Return the git revision, with «+» when files differ from it; None outside a checkout."""
    try:
        head = _git(folder, "rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git(folder, "status", "--porcelain", "-uno") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def folder_hash(folder: Path) -> str | None:
    """Return one hash over the files of a folder, names included; None when it is not there."""
    if not folder.is_dir():
        return None
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
