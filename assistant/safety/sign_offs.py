"""Sign-off of the guidance texts by a professional: who, when, and of which words. Standard library only."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from assistant.domain import Guidance, SignOff
from assistant.errors import GuidanceError
from assistant.safety.guidance_file import day_of, table, words
from assistant.safety.hashes import whole_hash, write_whole

REVIEW_AFTER = timedelta(days=365)
SIGN_OFF_FILE = "godkjenninger.json"
_SIGN_OFF_FIELDS = ("id", "name", "role", "date", "sha256")


def read_sign_offs(folder: Path) -> dict[str, SignOff]:
    """Return the latest sign-off per guidance id; none recorded yet is an empty dict."""
    rows = _rows(folder / SIGN_OFF_FILE)
    return {
        row["id"]: SignOff(row["name"], row["role"], row["date"], row["sha256"]) for row in rows
    }


def sign_off(guidance: Guidance, name: str, role: str, folder: Path, today: date) -> SignOff:
    """Record that a professional approved a guidance as it stands; return the record.

    Raises GuidanceError for an empty name or role, StorageError when the record cannot be written.
    """
    if not name.strip() or not role.strip():
        raise GuidanceError(guidance.id, "godkjenning trenger både navn og rolle.")
    record = SignOff(name.strip(), role.strip(), today.isoformat(), whole_hash(guidance))
    path = folder / SIGN_OFF_FILE
    rows = [*_rows(path), {"id": guidance.id, **record.__dict__}]
    write_whole(path, json.dumps(rows, ensure_ascii=False, indent=1))
    return record


def signed(guidance: Guidance, approval: SignOff | None, today: date) -> Guidance:
    """Return the guidance with its approval, if that is of this very text and not of a day to come."""
    if approval is None or approval.sha256 != whole_hash(guidance):
        return guidance
    age = today - date.fromisoformat(approval.date)
    if age < timedelta(0):
        return guidance
    return replace(guidance, status="godkjent", overdue=age > REVIEW_AFTER, sign_off=approval)


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the recorded approvals, oldest first, each with all its fields and a real date."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise GuidanceError(path, f"kan ikke leses ({error}). Rett eller slett fila.") from error
    if not isinstance(rows, list):
        raise GuidanceError(path, "skal være en liste av godkjenninger. Rett eller slett fila.")
    checked = []
    for number, value in enumerate(rows, start=1):
        row, place = table(path, f"godkjenning {number}", value), f"godkjenning {number}"
        fields = {f: words(path, f"{place}: {f}", row.get(f)) for f in _SIGN_OFF_FIELDS}
        checked.append({**fields, "date": day_of(path, f"{place}: date", fields["date"])})
    return checked
