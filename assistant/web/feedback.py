"""Keep readers' verdicts on answers in SQLite, on this machine only."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant import privacy
from assistant.contract import whole
from assistant.errors import StorageError

FILE = "feedback.sqlite3"
_WAIT = 1.0  # seconds to wait for another writer
_TABLE = """CREATE TABLE IF NOT EXISTS feedback (
    time TEXT NOT NULL, outcome TEXT NOT NULL, useful INTEGER NOT NULL, reason TEXT NOT NULL,
    passage_ids TEXT NOT NULL, language TEXT NOT NULL, question TEXT)"""


@dataclass(frozen=True)
class Feedback:
    """One verdict; the question is there only when the reader chose to attach it."""

    outcome: str
    useful: bool
    reason: str
    passage_ids: tuple[str, ...]
    language: str
    question: str | None = None


def save(data_dir: Path, feedback: Feedback) -> None:
    """Store a verdict, the question masked; raise StorageError when the file cannot be written."""
    masked = whole(privacy.mask(feedback.question)) if feedback.question else None
    row = (
        datetime.now(UTC).isoformat(timespec="seconds"),
        feedback.outcome,
        int(feedback.useful),
        feedback.reason,
        json.dumps(feedback.passage_ids),
        feedback.language,
        masked,
    )
    path = data_dir / FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_WAIT)) as database, database:
            database.execute(_TABLE)
            database.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"får ikke skrevet {path.name} ({error}).") from error
