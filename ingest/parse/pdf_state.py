"""Whether the pages of a PDF can be used: read at all, with text, and with known letters."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.parse.document import ParseProblem
from ingest.parse.pdf_ink import Sheet

# A page of fewer letters than this, with a picture on it, is a scan with at most a stamp.
FEWEST_LETTERS = 20
PICTURED_SHARE = 0.5
FAILED_SHARE = 0.5
# What stands for a letter that has no place in Unicode: /g12, (cid:12), private use, the mark �.
NO_LETTER = re.compile(r"/[A-Za-z]{1,3}\d{1,5}|\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08]")
UNREADABLE_SHARE = 0.2


def readable(found: Sequence[Sheet | None]) -> tuple[list[Sheet], tuple[str, ...]]:
    """Give all sheets, the useless ones emptied, and notes on which; raises ParseProblem.

    None stands for a page that could not be read. Problems: damaged, scanned, unreadable, empty.
    """
    sheets = [sheet or Sheet(place + 1, ()) for place, sheet in enumerate(found)]
    failed = [place + 1 for place, sheet in enumerate(found) if sheet is None]
    pictures = [sheet.number for sheet in sheets if sheet.pictured and not _has_text(sheet)]
    garbled = [sheet.number for sheet in sheets if _is_garbled(sheet)]
    useless = {*failed, *pictures, *garbled}
    usable = [sheet for sheet in sheets if sheet.number not in useless and _letters(sheet)]
    if len(failed) > FAILED_SHARE * len(sheets):
        raise ParseProblem("damaged")
    if not usable or len(pictures) > PICTURED_SHARE * len(sheets):
        raise ParseProblem("unreadable" if garbled else "scanned" if pictures else "empty")
    notes = (
        _note("er skadet og kunne ikke leses", failed),
        _note("er bilder uten tekst og er ikke med", pictures),
        _note("har tegn som ikke kan leses, og er ikke med", garbled),
    )
    kept = [replace(sheet, fragments=()) if sheet.number in useless else sheet for sheet in sheets]
    return kept, tuple(note for note in notes if note)


def _letters(sheet: Sheet) -> int:
    """Count the characters on a page, blanks left out."""
    return sum(len("".join(fragment.text.split())) for fragment in sheet.fragments)


def _has_text(sheet: Sheet) -> bool:
    """Tell a page of text from a picture of one."""
    return _letters(sheet) >= FEWEST_LETTERS


def _is_garbled(sheet: Sheet) -> bool:
    """Tell whether many characters stand for no letter."""
    text = "".join(fragment.text for fragment in sheet.fragments)
    lost = sum(len(match) for match in NO_LETTER.findall(text))
    return lost > UNREADABLE_SHARE * max(1, len(text))


def _note(what: str, numbers: Sequence[int]) -> str:
    """Say which pages; an empty text when there are none."""
    if not numbers:
        return ""
    listed = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
    return f"Side {listed} {what}."
