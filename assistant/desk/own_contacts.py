"""The municipality's own contacts, EXIT_LOCAL_DIR/contacts.toml: checked, for a person typed them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from assistant.desk.contacts import Record, rows
from assistant.domain import LOCAL, Contact
from assistant.errors import CorpusError
from assistant.language import fold

FILE = "contacts.toml"
_SOURCE = "kommunens egne kontakter"
_NEEDED, _OPTIONAL = ("id", "name", "phone", "checked"), ("hours", "url")
_DIGITS = re.compile(
    r"[0-9]{3}|[0-9]{5}|[0-9]{6}|[0-9]{8}|\+[0-9]{8,15}"
)  # Norwegian, or with a country
_OBSOLETE = "02180"  # facts A5: never shown before a human has tried it


def load_own(local_dir: Path | None) -> tuple[Record, ...]:
    """Read the file if there is one; raise CorpusError naming the contact that is not whole."""
    if local_dir is None:
        return ()
    file = local_dir / FILE
    try:
        if not file.exists():
            return ()
    except OSError as error:
        raise CorpusError(file, f"kan ikke leses ({error.strerror}).") from error
    found: dict[str, Record] = {}
    for number, row in rows(file):
        fault = _fault(row)
        if fault is None and row["id"] in found:
            fault = f"har samme «id» som en annen: «{row['id']}»."
        if fault is not None:
            raise CorpusError(file, f"kontakt nummer {number} {fault}")
        found[row["id"]] = _record(row)
    return tuple(found.values())


def _fault(row: dict[str, Any]) -> str | None:
    """Return what is wrong with a contact, in words that follow «kontakt nummer 1», or None."""
    if unknown := row.keys() - {*_NEEDED, *_OPTIONAL, "names"}:
        return f"har ukjente felt: {', '.join(sorted(unknown))}."
    for field in (*_NEEDED, *(row.keys() & set(_OPTIONAL))):
        if not isinstance(row.get(field), str) or not row[field].strip():
            return f"mangler «{field}», som må være tekst i anførselstegn."
    names = row.get("names")
    if not isinstance(names, list) or not names:
        return "mangler «names», ei liste med det folk kaller tjenesten."
    if not all(isinstance(name, str) and fold(name).strip() for name in names):
        return "har et navn i «names» som ikke er tekst."
    return _phone_fault(row["phone"]) or _day_fault(row["checked"])


def _phone_fault(phone: str) -> str | None:
    digits = re.sub(r"\s", "", phone)
    if digits.removeprefix("+47") == _OBSOLETE:
        return f"har nummeret {_OBSOLETE}, som trolig er nedlagt og ikke vises. Skriv det som gjelder nå."
    if not _DIGITS.fullmatch(digits):
        return (
            f"har telefonnummeret «{phone}». Skriv bare siffer og mellomrom: 3, 5, 6 eller 8 siffer, "
            "eller + og landkoden først."
        )
    return None


def _day_fault(text: str) -> str | None:
    try:
        day = date.fromisoformat(text.strip())
        if day.isoformat() != text.strip():
            raise ValueError(text)
    except ValueError:
        return f"har «checked» = «{text}». Skriv dagen nummeret ble kontrollert, som 2026-11-29."
    return f"er kontrollert {day}, som ikke er kommet." if day > date.today() else None


def _record(row: dict[str, Any]) -> Record:
    said = {field: row[field].strip() for field in (*_NEEDED, *_OPTIONAL) if field in row}
    contact = Contact(
        id=said["id"],
        name=said["name"],
        phone=said["phone"],
        hours=said.get("hours"),
        source=_SOURCE,
        checked=said["checked"],
        confidence=LOCAL,
        url=said.get("url"),
    )
    return Record(contact, tuple(fold(name).strip() for name in row["names"]))
