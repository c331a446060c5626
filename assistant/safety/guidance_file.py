"""Read one text of corpus/escalation and check that it is whole, alike in every language, and right in its numbers."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assistant.domain import CATEGORIES, Contact, Guidance, Text
from assistant.errors import GuidanceError

LANGUAGES = ("nb", "nn", "en")
CONFIDENCES = ("V", "V3", "G", "H", "G/H", "V3/H", "V/H")
FORBIDDEN = "02180"  # looks obsolete; never shown (facts A5)

# A phone number as people write it: groups of digits, maybe with +47. How many is checked later.
_NUMBER = re.compile(
    r"(?<![\d§.,/-])(?<!§[ \u00a0])(?:\+47 ?)?\d(?:[ \u00a0]?\d){2,}(?![\d/]|[ \u00a0]?\d| ?%)"
)
_LENGTHS = (3, 5, 6, 8)  # digits, country code apart
_YEARS = re.compile(r"(?:19|20)\d\d$")
_MUST_CHECK = {"nb": "må kontrolleres", "nn": "må kontrollerast", "en": "must be verified"}
_NOT = {"nb": "ikke", "nn": "ikkje", "en": "not"}
_CONTACT_FIELDS = {"id", "name", "phone", "hours", "source", "checked", "confidence"}


def read_all(folder: Path) -> tuple[Guidance, ...]:
    """Return every text of a folder, checked and as yet unsigned, in file order."""
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not files:
        raise GuidanceError(folder, "ingen veiledningstekster. Hent mappa fra kodelageret på nytt.")
    guidances: dict[str, Guidance] = {}
    for file in files:
        guidance = _load(file)
        if guidance.id in guidances:
            raise GuidanceError(file, f"id «{guidance.id}» er brukt to ganger. Gi fila en egen id.")
        guidances[guidance.id] = guidance
    return tuple(guidances.values())


def sha256(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def phone_numbers(text: str) -> set[str]:
    """Return the phone numbers written in a text, as written."""
    return {match for match in _NUMBER.findall(text) if not _YEARS.match(match)}


def table(file: Path, place: str, value: object) -> Mapping[str, object]:
    """Return a value that must be a table; `place` names it in the GuidanceError."""
    if value is None:
        raise GuidanceError(file, f"mangler feltet «{place}». Legg det til.")
    if not isinstance(value, dict):
        raise GuidanceError(file, f"«{place}» må ha navngitte felt, men er {value!r}. Rett det.")
    return value


def words(file: Path, place: str, value: object) -> str:
    """Return a value that must be text and not empty; `place` names it in the GuidanceError."""
    if value is None:
        raise GuidanceError(file, f"mangler feltet «{place}». Legg det til.")
    if not isinstance(value, str):
        raise GuidanceError(
            file, f"«{place}» må være tekst i hermetegn, men er {value!r}. Rett det."
        )
    if not value.strip():
        raise GuidanceError(file, f"«{place}» er tom. Fyll den ut.")
    return value


def day_of(file: Path, place: str, value: object) -> str:
    """Return a date as YYYY-MM-DD; TOML may also hold it as a date of its own."""
    written = value.isoformat() if isinstance(value, date) else words(file, place, value)
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise GuidanceError(
            file, f"«{place}» er «{written}», men må være en dato som 2026-11-22. Rett den."
        ) from error


def _load(file: Path) -> Guidance:
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GuidanceError(
            file, f"kan ikke leses ({error}). Rett fila, eller hent den på nytt."
        ) from error
    identity = words(file, "id", raw.get("id"))
    day_of(file, "version", raw.get("version"))
    titles, texts = _three(file, "title", raw.get("title")), _three(file, "text", raw.get("text"))
    contacts = _contacts(file, raw.get("contacts"))
    for language in LANGUAGES:
        _check(file, language, texts[language], contacts[language])
    _check_alike(file, texts)
    hashes = {language: sha256(texts[language]) for language in LANGUAGES}
    categories = _categories(file, raw.get("categories"))
    return Guidance(identity, categories, titles, texts, contacts, hashes, "utkast")


def _three(file: Path, place: str, value: object) -> Text:
    rows = table(file, place, value)
    return {
        language: words(file, f"{place}.{language}", rows.get(language)) for language in LANGUAGES
    }


def _categories(file: Path, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise GuidanceError(file, "«categories» må være en liste, og kan være tom. Rett den.")
    unknown = [category for category in value if category not in CATEGORIES]
    if unknown:
        raise GuidanceError(file, f"ukjent kategori {unknown}. Velg blant {', '.join(CATEGORIES)}.")
    return tuple(value)


def _contacts(file: Path, rows: object) -> dict[str, tuple[Contact, ...]]:
    if not isinstance(rows, list) or not rows:
        raise GuidanceError(file, "mangler [[contacts]]. Legg til hvert nummer i teksten.")
    read = [_contact(file, f"contacts {number}", row) for number, row in enumerate(rows, start=1)]
    return {language: tuple(contact[language] for contact in read) for language in LANGUAGES}


def _contact(file: Path, place: str, value: object) -> dict[str, Contact]:
    """Return one contact in each language; hours may be left out, but not for one language only."""
    row = table(file, place, value)
    unknown = ", ".join(sorted(set(row) - _CONTACT_FIELDS))
    if unknown:
        raise GuidanceError(
            file, f"ukjent felt i «{place}»: {unknown}. Rett det eller ta det bort."
        )
    identity, phone, source, confidence = (
        words(file, f"{place}.{field}", row.get(field))
        for field in ("id", "phone", "source", "confidence")
    )
    if confidence not in CONFIDENCES:
        raise GuidanceError(
            file,
            f"ukjent sikkerhet «{confidence}» for {identity}. Velg blant {', '.join(CONFIDENCES)}.",
        )
    _check_phone(file, phone)
    name = _three(file, f"{place}.name", row.get("name"))
    hours = _three(file, f"{place}.hours", row["hours"]) if "hours" in row else {}
    checked = day_of(file, f"{place}.checked", row.get("checked"))
    return {
        language: Contact(
            identity, name[language], phone, hours.get(language), source, checked, confidence
        )
        for language in LANGUAGES
    }


def _check_phone(file: Path, phone: str) -> None:
    """Raise GuidanceError unless a number has the digits that Norwegian numbers have."""
    national = re.sub(r"^\+47 ?|[ \u00a0]", "", phone)
    lengths = (8,) if phone.startswith("+") else _LENGTHS
    if not national.isdecimal() or len(national) not in lengths:
        raise GuidanceError(
            file, f"«{phone}» er ikke et telefonnummer: 3, 5, 6 eller 8 sifre. Rett nummeret."
        )


def _check(file: Path, language: str, text: str, contacts: tuple[Contact, ...]) -> None:
    """Raise GuidanceError unless text and contact list agree on every number."""
    if len(text) < 40:
        raise GuidanceError(
            file, f"teksten på {language} er tom eller avkuttet. Skriv hele teksten."
        )
    if FORBIDDEN in text:
        raise GuidanceError(
            file, f"teksten på {language} har {FORBIDDEN}, som ikke skal vises. Ta det bort."
        )
    written = phone_numbers(text)
    for number in sorted(written):
        _check_phone(file, number)
    listed = {contact.phone for contact in contacts}
    if written != listed:
        odd = ", ".join(sorted(str(number) for number in written ^ listed))
        raise GuidanceError(
            file,
            f"tekst ({language}) og kontaktliste er ikke enige om: {odd}. "
            "Rett den av dem som er feil.",
        )
    for contact in contacts:
        if contact.must_be_checked and not _marked(text, str(contact.phone), _MUST_CHECK[language]):
            raise GuidanceError(
                file,
                f"{contact.phone} ({language}) mangler «{_MUST_CHECK[language]}» ved nummeret. "
                "Skriv det i parentes etter nummeret.",
            )


def _check_alike(file: Path, texts: Text) -> None:
    """Raise GuidanceError unless the languages have as many list lines, numbers and bold negations."""
    patterns = {
        "nummererte punkter": r"(?m)^\d+[.)] ",
        "kulepunkter": r"(?m)^[-*] ",
        "telefonnumre": _NUMBER.pattern,
    }
    counts = {
        what: [len(re.findall(pattern, texts[language])) for language in LANGUAGES]
        for what, pattern in patterns.items()
    }
    counts["uthevede «ikke»"] = [
        len(re.findall(rf"(?i)\*\*{_NOT[language]}\b", texts[language])) for language in LANGUAGES
    ]
    for what, found in counts.items():
        if len(set(found)) > 1:
            each = ", ".join(
                f"{n} på {language}" for language, n in zip(LANGUAGES, found, strict=True)
            )
            raise GuidanceError(
                file, f"språkene sier ikke det samme: {what} er {each}. Rett teksten som avviker."
            )


def _marked(text: str, phone: str, mark: str) -> bool:
    """Tell whether the mark follows every occurrence of a number within a few words."""
    starts = [match.end() for match in re.finditer(re.escape(phone), text)]
    return all(mark in text[end : end + len(mark) + 12] for end in starts)
