"""Bytes made into clean text: size held, encoding found, white space and odd letters put right."""

import re
import unicodedata
from datetime import date
from pathlib import Path

from ingest.parse.document import ParseProblem

BROKEN = "\ufffd"
BROKEN_NOTE = f"Noen tegn i kilden er ødelagt og vises som «{BROKEN}»."
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
# Word keeps the bullets and arrows of symbol fonts at these places (Wingdings, Symbol).
SYMBOLS = dict.fromkeys(range(0xF021, 0xF100), "• ") | {0xF020: " ", 0xF0E0: "→", 0xF0E8: "→"}
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\x00"))
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬆ": "st"})


def read_limited(path: Path, limit: int) -> bytes:
    """Read at most `limit` bytes; a larger, empty or unopenable file is a ParseProblem."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise ParseProblem("damaged", f"Filen kan ikke åpnes: {path.name}.") from error
    if len(data) > limit:
        raise ParseProblem("too_large")
    if not data.strip():
        raise ParseProblem("empty")
    return data


def decode(data: bytes) -> str:
    """Decode by byte order mark, else UTF-8, else as declared, else Windows-1252; never fails."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(data)


def _decode_other(data: bytes) -> str:
    """Decode what is not clean UTF-8; UTF-8 with a few broken places stays UTF-8."""
    mended = data.decode("utf-8", "replace")
    broken = mended.count(BROKEN)
    if sum(character > "\x7f" for character in mended) - broken > broken:
        return mended
    found = CHARSET.search(data[:4096])
    declared = found.group(1).decode("ascii").lower() if found else "windows-1252"
    # Browsers read Latin-1 as Windows-1252; and a page that failed as UTF-8 is not UTF-8.
    if declared.startswith(("utf", "iso-8859-1", "latin", "us-ascii", "ascii")):
        declared = "windows-1252"
    try:
        return data.decode(declared, "replace")
    except (LookupError, UnicodeError):
        return data.decode("windows-1252", "replace")


def tidy(text: str) -> str:
    """Clean each line's white space and letters, and drop the lines that are empty."""
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE).translate(LIGATURES))
    text = text.translate(SYMBOLS)
    # LaTeX may set «å» with a second ring on top; the letter has one already.
    text = text.replace("å\u030a", "å").replace("Å\u030a", "Å")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Tidy text and put it on a single line."""
    return " ".join(tidy(text).split())


def iso_date(text: str | None) -> str | None:
    """Find the first year-month-day (`-` or nothing between) or day.month.year, and give it ISO."""
    found = re.search(r"(?<!\d)(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})", text or "") or re.search(
        r"(?<!\d)(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", text or ""
    )
    if not found:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    except ValueError:
        return None
