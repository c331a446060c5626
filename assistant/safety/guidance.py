"""Load and check the fixed texts of corpus/escalation; sign-off and integrity. Standard library only."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.domain import CATEGORIES, Contact, Guidance, SignOff
from assistant.errors import GuidanceError, StorageError

LANGUAGES = ("nb", "nn", "en")
EMERGENCY_BOX, WANTS_OUT = "nodboks", "vil_ut"
CONFIDENCES = ("V", "V3", "G", "H", "G/H", "V3/H", "V/H")
REVIEW_AFTER = timedelta(days=365)
SIGN_OFF_FILE = "godkjenninger.json"
FORBIDDEN = "02180"  # looks obsolete; never shown (facts A5)

# A phone number as people write it: a short emergency number or groups of digits, maybe with +47.
_NUMBER = re.compile(
    r"(?<![\d§.,/-])(?<!§[ \u00a0])(?:\+47 ?)?\d(?:[ \u00a0]?\d){2,7}(?![\d/]|[ \u00a0]?\d| ?%)"
)
_YEARS = re.compile(r"(?:19|20)\d\d$")
_MUST_CHECK = {"nb": "må kontrolleres", "nn": "må kontrollerast", "en": "must be verified"}


class Shelf:
    """Every guidance text, checked; look one up by category or id."""

    def __init__(self, guidances: Mapping[str, Guidance]) -> None:
        """Keep the guidances by id; raise GuidanceError if a category or fixed card is missing."""
        self._by_id = dict(guidances)
        self._by_category = {c: g for g in self._by_id.values() for c in g.categories}
        for category in CATEGORIES:
            if category not in self._by_category:
                raise GuidanceError(
                    "corpus/escalation", f"mangler tekst for kategorien «{category}»."
                )
        for card in (EMERGENCY_BOX, WANTS_OUT):
            if card not in self._by_id:
                raise GuidanceError("corpus/escalation", f"mangler teksten «{card}».")

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
    """
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not files:
        raise GuidanceError(folder, "ingen veiledningstekster. Hent mappa fra kodelageret på nytt.")
    approvals = read_sign_offs(sign_off_dir)
    guidances: dict[str, Guidance] = {}
    for file in files:
        guidance = _load(file, approvals, today or date.today())
        if guidance.id in guidances:
            raise GuidanceError(file, f"id «{guidance.id}» er brukt to ganger.")
        guidances[guidance.id] = guidance
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


def read_sign_offs(folder: Path) -> dict[str, SignOff]:
    """Return the latest sign-off per guidance id; none recorded yet is an empty dict."""
    path = folder / SIGN_OFF_FILE
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {
            row["id"]: SignOff(row["name"], row["role"], row["date"], row["sha256"]) for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GuidanceError(path, f"kan ikke leses ({error}). Rett eller slett fila.") from error


def sign_off(guidance: Guidance, name: str, role: str, folder: Path, today: date) -> SignOff:
    """Record that a professional approved the text as it stands; return the record.

    Raises GuidanceError for an empty name or role, StorageError when the record cannot be written.
    """
    if not name.strip() or not role.strip():
        raise GuidanceError(guidance.id, "godkjenning trenger både navn og rolle.")
    record = SignOff(name.strip(), role.strip(), today.isoformat(), whole_hash(guidance.sha256))
    path = folder / SIGN_OFF_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        rows.append({"id": guidance.id, **record.__dict__})
        beside = path.with_suffix(".ny")
        beside.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise StorageError(f"Får ikke skrevet {path} ({error.strerror}).") from error
    return record


def whole_hash(hashes: Mapping[str, str]) -> str:
    """Return one hash over the texts of all languages."""
    return sha256("".join(hashes[language] for language in LANGUAGES))


def phone_numbers(text: str) -> set[str]:
    """Return the phone numbers written in a text, as written."""
    return {match for match in _NUMBER.findall(text) if not _YEARS.match(match)}


def _load(file: Path, approvals: Mapping[str, SignOff], today: date) -> Guidance:
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GuidanceError(file, f"kan ikke leses ({error}).") from error
    try:
        texts = {language: str(raw["text"][language]) for language in LANGUAGES}
        titles = {language: str(raw["title"][language]) for language in LANGUAGES}
        contacts = {language: _contacts(raw, language) for language in LANGUAGES}
        identity, categories = str(raw["id"]), tuple(raw["categories"])
    except (KeyError, TypeError) as error:
        raise GuidanceError(file, f"mangler feltet {error}.") from error
    for language in LANGUAGES:
        _check(file, language, texts[language], contacts[language])
    hashes = {language: sha256(texts[language]) for language in LANGUAGES}
    approval = approvals.get(identity)
    valid = approval is not None and approval.sha256 == whole_hash(hashes)
    overdue = (
        valid and approval is not None and today - date.fromisoformat(approval.date) > REVIEW_AFTER
    )
    return Guidance(
        identity,
        categories,
        titles,
        texts,
        contacts,
        hashes,
        "godkjent" if valid else "utkast",
        overdue,
        approval if valid else None,
    )


def _contacts(raw: Mapping[str, Any], language: str) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            id=row["id"],
            name=row["name"][language],
            phone=row["phone"],
            hours=row.get("hours", {}).get(language),
            source=row["source"],
            checked=str(raw["version"]),
            confidence=row["confidence"],
        )
        for row in raw.get("contacts", ())
    )


def _check(file: Path, language: str, text: str, contacts: tuple[Contact, ...]) -> None:
    """Raise GuidanceError unless text and contact list agree on every number."""
    if len(text) < 40:
        raise GuidanceError(file, f"teksten på {language} er tom eller avkuttet.")
    if FORBIDDEN in text:
        raise GuidanceError(file, f"teksten på {language} har {FORBIDDEN}, som ikke skal vises.")
    written = phone_numbers(text)
    listed = {contact.phone for contact in contacts}
    if written != listed:
        odd = ", ".join(sorted(str(number) for number in written ^ listed))
        raise GuidanceError(file, f"tekst ({language}) og kontaktliste er ikke enige om: {odd}.")
    for contact in contacts:
        if contact.confidence not in CONFIDENCES:
            raise GuidanceError(file, f"ukjent sikkerhet «{contact.confidence}» for {contact.id}.")
        if contact.must_be_checked and not _marked(text, str(contact.phone), _MUST_CHECK[language]):
            raise GuidanceError(
                file,
                f"{contact.phone} ({language}) mangler «{_MUST_CHECK[language]}» ved nummeret.",
            )


def _marked(text: str, phone: str, mark: str) -> bool:
    """Tell whether the mark follows every occurrence of a number within a few words."""
    starts = [match.end() for match in re.finditer(re.escape(phone), text)]
    return all(mark in text[end : end + len(mark) + 12] for end in starts)
