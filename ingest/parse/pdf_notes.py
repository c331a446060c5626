"""Footnotes kept apart from the text, and their marks taken out of it."""

import re
from collections.abc import Sequence

from ingest.parse.pdf_lines import MARK_END, MARK_START, Cell, Line

SMALLER = 0.92
MOST_UNLABELLED = 5
MARK = re.compile(f"{MARK_START}(\\d+){MARK_END}")
LABEL = re.compile(f"(?:{MARK_START}(\\d{{1,3}}){MARK_END}|(\\d{{1,3}})(?=\\s)) ?")


def split_notes(lines: Sequence[Line], size: float) -> tuple[list[Line], list[Line]]:
    """Divide a page's lines into text and the small print at its end, footnotes mostly."""
    first = len(lines)
    while first and not lines[first - 1].cells[0].row and lines[first - 1].size < SMALLER * size:
        first -= 1
    small = len(lines) - first
    labelled = any(LABEL.match(line.text) for line in lines[first:])
    if not first or (small > MOST_UNLABELLED and not labelled):
        return list(lines), []
    return list(lines[:first]), list(lines[first:])


def note_texts(lines: Sequence[Line]) -> list[list[str]]:
    """Group the lines of a page's footnotes, each beginning with its label and a space."""
    notes: list[list[str]] = []
    for line in lines:
        label = LABEL.match(line.text)
        if label or not notes:
            notes.append([])
        text = f"{label[1] or label[2]} {line.text[label.end() :]}" if label else line.text
        notes[-1].append(without_marks(text, frozenset()))
    return notes


def labels_of(lines: Sequence[Line]) -> frozenset[str]:
    """Give the labels of a page's footnotes."""
    found = (LABEL.match(line.text) for line in lines)
    return frozenset(label[1] or label[2] for label in found if label)


def unmarked(line: Line, labels: frozenset[str]) -> Line:
    """Take the footnote marks out of a line."""
    cells = (
        Cell(
            without_marks(cell.text, labels),
            cell.x,
            cell.end,
            cell.y,
            cell.size,
            cell.bold,
            cell.row,
        )
        for cell in line.cells
    )
    return Line(tuple(cells))


def without_marks(text: str, labels: frozenset[str]) -> str:
    """Drop raised numbers that are footnote marks; the 2 of m² and the like stays.

    A mark has a footnote on the page, or follows a word of three letters or a punctuation mark.
    """

    def keep(found: re.Match[str]) -> str:
        before = text[: found.start()]
        is_mark = found[1] in labels or re.search(r"(?:[^\W\d_]{3}|[.,;:)»”?!])$", before)
        return "" if is_mark else found[1]

    return MARK.sub(keep, text)
