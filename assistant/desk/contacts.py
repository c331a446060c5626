"""Human-checked contact records; the right body's number or none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from assistant.domain import Contact
from assistant.errors import CorpusError
from assistant.language import fold

# A municipality writes the name of its service once, and people bend it.
_ENDING = r"(?:s|en|a|et|n|ne|ene|ane|ar|er|e|ens|as|ets)?"
_SHORT = 3  # letters of a name that is not bent: «navn» is not Nav
CHECKED = "2026-11-22"  # the day the facts were compiled


@dataclass(frozen=True)
class Record:
    """A contact, the names people use for it, and the guide's own words if it gives the number."""

    contact: Contact
    names: tuple[str, ...]  # folded
    guide_quote: str | None = None


class Contacts:
    """Finds the records that a question names."""

    def __init__(self, records: tuple[Record, ...]) -> None:
        """Keep the records."""
        self._records = records

    def named_in(self, question: str) -> tuple[Record, ...]:
        """Return the bodies a question names, in its order; a longer name hides one inside it."""
        folded = f" {fold(question)} "
        found: list[tuple[int, int, Record]] = []
        for record in self._records:
            for name in record.names:
                bent = record.contact.is_local and len(name) > _SHORT
                ending = _ENDING if bent else ""
                for match in re.finditer(rf"(?<!\w){re.escape(name)}{ending}(?!\w)", folded):
                    found.append((match.start(), match.end(), record))
        widest = [
            (start, record)
            for start, end, record in found
            if not any(s <= start and end <= e and e - s > end - start for s, e, _ in found)
        ]
        return tuple(
            dict.fromkeys(record for _, record in sorted(widest, key=lambda pair: pair[0]))
        )


def load_contacts(file: Path, own: tuple[Record, ...] = ()) -> Contacts:
    """Read corpus/contacts.toml; raise CorpusError naming the record that is not whole.

    The municipality's own follow after, each under every name that the corpus has for its body: where
    both name one, the corpus's record knows what the guide says of its number.
    """
    records = [_record(file, number, row) for number, row in rows(file)] if file.is_file() else []
    return Contacts((*records, *(_under_all_names(record, records) for record in own)))


def _under_all_names(own: Record, records: Iterable[Record]) -> Record:
    shared = (record.names for record in records if set(record.names) & set(own.names))
    return replace(own, names=tuple(dict.fromkeys(chain(own.names, *shared))))


def rows(file: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return the [[contact]] tables of a file, numbered from 1; raise CorpusError."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))  # editors on Windows mark it
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(file, f"kan ikke leses ({error}).") from error
    found = raw.get("contact", [])
    whole = isinstance(found, list) and all(isinstance(row, dict) for row in found)
    if not whole or raw.keys() - {"contact"}:
        raise CorpusError(file, "hver kontakt må stå under sin egen linje [[contact]].")
    return list(enumerate(found, start=1))


def _record(file: Path, number: int, row: dict[str, Any]) -> Record:
    try:
        contact = Contact(
            id=row["id"],
            name=row["name"],
            phone=row.get("phone"),
            hours=row.get("hours"),
            source=row["source"],
            checked=CHECKED,
            confidence=row["confidence"],
            url=row.get("url"),
        )
        return Record(contact, tuple(fold(name) for name in row["names"]), row.get("guide_quote"))
    except (KeyError, TypeError) as error:
        raise CorpusError(file, f"kontakt nummer {number} er ikke hel: {error}.") from error
