"""Find personal data in what a person typed, so that it can be flagged and masked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language import visible

_ELEVEN = re.compile(r"(?<!\d)(\d{6})[ .-]?(\d{5})(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
_PHONE = re.compile(r"(?<![\d§])(?:\+47[ ]?|0047[ ]?)?[2-9]\d(?:[ ]?\d){6}(?![\d])")
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Numbers that belong to public bodies, not persons.
_PUBLIC = {
    "22586000",
    "55553333",
    "23305000",
    "22400040",
    "80033321",
    "22591300",
    "47809050",
    "23950000",
}


@dataclass(frozen=True)
class Found:
    """A stretch of text that looks like personal data."""

    kind: str  # "fødselsnummer", "telefonnummer" or "e-postadresse"
    start: int
    end: int


def find(text: str) -> tuple[Found, ...]:
    """Return national identity numbers (checksum proven), phone numbers and e-mail addresses, in order."""
    found = [
        Found("fødselsnummer", m.start(), m.end())
        for m in _ELEVEN.finditer(text)
        if is_national_id(m[1] + m[2])
    ]
    found += [Found("e-postadresse", m.start(), m.end()) for m in _EMAIL.finditer(text)]
    taken = [(f.start, f.end) for f in found]
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())[-8:]
        overlaps = any(match.start() < end and start < match.end() for start, end in taken)
        if digits not in _PUBLIC and not overlaps:
            found.append(Found("telefonnummer", match.start(), match.end()))
    return tuple(sorted(found, key=lambda f: f.start))


def mask(text: str) -> str:
    """Return the text with everything that looks like personal data replaced."""
    text = visible(text)
    for found in reversed(find(text)):
        text = f"{text[: found.start]}[{found.kind}]{text[found.end :]}"
    return text


def is_national_id(digits: str) -> bool:
    """Tell whether eleven digits are a fødselsnummer, D-number or synthetic number (month +40, +65, +80)."""
    day, month = int(digits[:2]) % 40, int(digits[2:4])
    if not 1 <= day <= 31 or not any(1 <= month - offset <= 12 for offset in (0, 40, 65, 80)):
        return False
    numbers = [int(digit) for digit in digits]
    for weights, place in ((_FIRST, 9), (_SECOND, 10)):
        check = -sum(w * n for w, n in zip(weights, numbers, strict=False)) % 11
        if check != numbers[place]:
            return False
    return True
