"""Load and check the fixed texts of corpus/escalation; sign-off and integrity. Standard library only."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.domain import CATEGORIES, Contact, Guidance, SignOff, Text
from assistant.errors import GuidanceError, StorageError

LANGUAGES = ("nb", "nn", "en")
EMERGENCY_BOX, WANTS_OUT = "nodboks", "vil_ut"
CONFIDENCES = ("V", "V3", "G", "H", "G/H", "V3/H", "V/H")
REVIEW_AFTER = timedelta(days=365)
SIGN_OFF_FILE = "godkjenninger.json"
HASH_FILE = "HASHES"
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
_SIGN_OFF_FIELDS = ("id", "name", "role", "date", "sha256")
_HASH_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_HASH_HEAD = "# Checksums of titles, texts and contacts. Renew with renew_hashes: see README.md.\n"


class Shelf:
    """Every guidance text, checked; look one up by category or id."""

    def __init__(self, guidances: Mapping[str, Guidance]) -> None:
        """Keep the guidances by id; raise GuidanceError if a category or fixed card is missing."""
        self._by_id = dict(guidances)
        self._by_category = {c: g for g in self._by_id.values() for c in g.categories}
        for category in CATEGORIES:
            owners = [g.id for g in self._by_id.values() if category in g.categories]
            if not owners:
                raise GuidanceError(
                    "corpus/escalation",
                    f"mangler tekst for kategorien «{category}». Hent mappa på nytt.",
                )
            if len(owners) > 1:
                raise GuidanceError(
                    "corpus/escalation",
                    f"kategorien «{category}» har flere tekster: {', '.join(owners)}. Behold én.",
                )
        for card in (EMERGENCY_BOX, WANTS_OUT):
            if card not in self._by_id:
                raise GuidanceError(
                    "corpus/escalation", f"mangler teksten «{card}». Hent mappa på nytt."
                )

    def for_category(self, category: str) -> Guidance:
        """Return the guidance of a category."""
        return self._by_category[category]

    def __getitem__(self, guidance_id: str) -> Guidance:
        """Return the guidance with an id; raise KeyError if there is none."""
        return self._by_id[guidance_id]

    def __iter__(self) -> Any:
        """Iterate over all guidances."""
        return iter(self._by_id.values())

    @property
    def emergency_box(self) -> Guidance:
        """Return the short box that stands above an ordinary answer at level caution."""
        return self._by_id[EMERGENCY_BOX]


def load_shelf(
    folder: Path, sign_off_dir: Path, *, require_sign_off: bool = False, today: date | None = None
) -> Shelf:
    """Read and check every file of `folder`; raise GuidanceError naming file and fault.

    `sign_off_dir` holds the record of approvals. With `require_sign_off` an unsigned text is a fault.
    Where the folder has a list of checksums, a text that differs from it is a fault too.
    """
    drafts = _read_all(folder)
    _compare(folder / HASH_FILE, drafts)
    approvals, day = read_sign_offs(sign_off_dir), today or date.today()
    guidances = {g.id: _signed(g, approvals.get(g.id), day) for g in drafts}
    unsigned = [g.id for g in guidances.values() if g.status == "utkast" or g.overdue]
    if require_sign_off and unsigned:
        raise GuidanceError(
            folder,
            "EXIT_REQUIRE_SIGNOFF er på, men disse tekstene mangler gyldig godkjenning: "
            f"{', '.join(unsigned)}. Bruk exit-assistent godkjenn.",
        )
    return Shelf(guidances)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def whole_hash(guidance: Guidance) -> str:
    """Return one hash over what a reader is shown: titles, texts and contacts in every language."""
    shown: list[object] = [guidance.id, *guidance.categories]
    for language in LANGUAGES:
        shown += [guidance.title[language], guidance.text[language]]
        shown += [
            [c.id, c.name, c.phone, c.hours, c.source, c.checked, c.confidence]
            for c in guidance.contacts[language]
        ]
    return sha256(json.dumps(shown, ensure_ascii=False))


def renew_hashes(folder: Path) -> None:
    """Write the list of checksums anew, after someone has read the change.

    Raises GuidanceError for a text that does not pass the checks, StorageError when the list cannot be written.
    """
    lines = [f"{whole_hash(guidance)}  {guidance.id}\n" for guidance in _read_all(folder)]
    _write(folder / HASH_FILE, _HASH_HEAD + "".join(lines))


def read_sign_offs(folder: Path) -> dict[str, SignOff]:
    """Return the latest sign-off per guidance id; none recorded yet is an empty dict."""
    rows = _sign_off_rows(folder / SIGN_OFF_FILE)
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
    rows = [*_sign_off_rows(path), {"id": guidance.id, **record.__dict__}]
    _write(path, json.dumps(rows, ensure_ascii=False, indent=1))
    return record


def phone_numbers(text: str) -> set[str]:
    """Return the phone numbers written in a text, as written."""
    return {match for match in _NUMBER.findall(text) if not _YEARS.match(match)}


def _write(path: Path, text: str) -> None:
    """Write a file beside the old one and swap them, so that no reader sees half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".ny")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise StorageError(f"Får ikke skrevet {path} ({error.strerror}).") from error


def _sign_off_rows(path: Path) -> list[dict[str, str]]:
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
        row, place = _table(path, f"godkjenning {number}", value), f"godkjenning {number}"
        fields = {f: _words(path, f"{place}: {f}", row.get(f)) for f in _SIGN_OFF_FIELDS}
        checked.append({**fields, "date": _day(path, f"{place}: date", fields["date"])})
    return checked


def _signed(guidance: Guidance, approval: SignOff | None, today: date) -> Guidance:
    """Return the guidance with its approval, if that is of this very text and not of a day to come."""
    if approval is None or approval.sha256 != whole_hash(guidance):
        return guidance
    age = today - date.fromisoformat(approval.date)
    if age < timedelta(0):
        return guidance
    return replace(guidance, status="godkjent", overdue=age > REVIEW_AFTER, sign_off=approval)


def _compare(path: Path, guidances: Iterable[Guidance]) -> None:
    """Raise GuidanceError if a text was altered, added or lost since the list was made."""
    if not path.is_file():  # another municipality's texts may have no list
        return
    listed = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GuidanceError(path, f"kan ikke leses ({error}). Forny lista.") from error
    for number, line in enumerate(lines, start=1):
        match = _HASH_LINE.fullmatch(line)
        if match:
            listed[match[2]] = match[1]
        elif line and not line.startswith("#"):
            raise GuidanceError(path, "skal ha sjekksum, to mellomrom og id. Forny lista.", number)
    found = {guidance.id: whole_hash(guidance) for guidance in guidances}
    odd = sorted(g for g in {*listed, *found} if listed.get(g) != found.get(g))
    if odd:
        raise GuidanceError(
            path,
            f"disse tekstene er endret, lagt til eller borte siden lista ble laget: {', '.join(odd)}. "
            "Hent dem på nytt, eller les endringen og forny lista (README.md i mappa sier hvordan).",
        )


def _read_all(folder: Path) -> tuple[Guidance, ...]:
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


def _load(file: Path) -> Guidance:
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GuidanceError(
            file, f"kan ikke leses ({error}). Rett fila, eller hent den på nytt."
        ) from error
    identity = _words(file, "id", raw.get("id"))
    _day(file, "version", raw.get("version"))
    titles, texts = _three(file, "title", raw.get("title")), _three(file, "text", raw.get("text"))
    contacts = _contacts(file, raw.get("contacts"))
    for language in LANGUAGES:
        _check(file, language, texts[language], contacts[language])
    _check_alike(file, texts)
    hashes = {language: sha256(texts[language]) for language in LANGUAGES}
    categories = _categories(file, raw.get("categories"))
    return Guidance(identity, categories, titles, texts, contacts, hashes, "utkast")


def _table(file: Path, place: str, value: object) -> Mapping[str, object]:
    if value is None:
        raise GuidanceError(file, f"mangler feltet «{place}». Legg det til.")
    if not isinstance(value, dict):
        raise GuidanceError(file, f"«{place}» må ha navngitte felt, men er {value!r}. Rett det.")
    return value


def _words(file: Path, place: str, value: object) -> str:
    if value is None:
        raise GuidanceError(file, f"mangler feltet «{place}». Legg det til.")
    if not isinstance(value, str):
        raise GuidanceError(
            file, f"«{place}» må være tekst i hermetegn, men er {value!r}. Rett det."
        )
    if not value.strip():
        raise GuidanceError(file, f"«{place}» er tom. Fyll den ut.")
    return value


def _day(file: Path, place: str, value: object) -> str:
    """Return a date as YYYY-MM-DD; TOML may also hold it as a date of its own."""
    written = value.isoformat() if isinstance(value, date) else _words(file, place, value)
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise GuidanceError(
            file, f"«{place}» er «{written}», men må være en dato som 2026-11-22. Rett den."
        ) from error


def _three(file: Path, place: str, value: object) -> Text:
    table = _table(file, place, value)
    return {
        language: _words(file, f"{place}.{language}", table.get(language)) for language in LANGUAGES
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
    row = _table(file, place, value)
    unknown = ", ".join(sorted(set(row) - _CONTACT_FIELDS))
    if unknown:
        raise GuidanceError(
            file, f"ukjent felt i «{place}»: {unknown}. Rett det eller ta det bort."
        )
    identity, phone, source, confidence = (
        _words(file, f"{place}.{field}", row.get(field))
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
    checked = _day(file, f"{place}.checked", row.get("checked"))
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
