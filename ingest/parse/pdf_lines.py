"""Pieces of text joined into lines: each line is cells with wide gaps between them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.parse.pdf_ink import Fragment
from ingest.parse.plain import one_line

# All in type sizes. Superscripts rise a third; cells of a table may be half a line apart.
SAME_LINE = 0.42
WORD_GAP = 0.16
CELL_GAP = 1.1
RAISED = 0.15
SMALL = 0.8
SPACE = 0.25
BULLET = re.compile(r"[•·–▪◦●■□➢✓*-] ")
# A raised number stands between these until it is known whether it is a footnote's mark.
MARK_START, MARK_END = "\ue000", "\ue001"


@dataclass(frozen=True)
class Cell:
    """Text on one baseline without a wide gap in it, or (`row`) a table row divided by tabs."""

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool = False
    row: bool = False


@dataclass(frozen=True)
class Line:
    """The cells on one baseline, from left to right; never empty."""

    cells: tuple[Cell, ...]

    @property
    def y(self) -> float:
        """Give the baseline."""
        return self.cells[0].y

    @property
    def text(self) -> str:
        """Give the whole line."""
        return " ".join(cell.text for cell in self.cells)

    @property
    def size(self) -> float:
        """Give the largest type on the line."""
        return max(cell.size for cell in self.cells)


def lines_of(fragments: Iterable[Fragment]) -> list[Line]:
    """Gather fragments into lines, from the top of the page downwards."""
    lines: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda piece: -piece.y):
        if lines and _same_line(lines[-1], fragment):
            lines[-1].append(fragment)
        else:
            lines.append([fragment])
    cells = (tuple(_cells(sorted(line, key=lambda piece: piece.x))) for line in lines)
    return [Line(found) for found in cells if found]


def _same_line(line: list[Fragment], fragment: Fragment) -> bool:
    """Tell whether a fragment stands on the line, or is raised above it."""
    largest = max(line, key=lambda piece: piece.size)
    size = max(largest.size, fragment.size)
    return abs(largest.y - fragment.y) <= SAME_LINE * size


def _cells(pieces: list[Fragment]) -> Iterator[Cell]:
    """Cut a line where the gap is wide; a blank piece is a space, however narrow, or a gap."""
    group: list[Fragment] = []
    end, blank = 0.0, False
    for piece in pieces:
        if not piece.text.strip():
            blank = True
            continue
        if group and piece.x - end > CELL_GAP * max(piece.size, group[-1].size):
            yield _cell(group)
            group = []
        group.append(replace(piece, text=f" {piece.text}") if blank else piece)
        blank = False
        blanks = len(piece.text) - len(piece.text.rstrip())
        end = piece.end - blanks * SPACE * piece.size
    if group:
        yield _cell(group)


def _cell(group: list[Fragment]) -> Cell:
    """Join neighbours, with a space where the gap is a word's."""
    size = max(piece.size for piece in group)
    baseline = next(piece.y for piece in group if piece.size == size)
    text, end = "", group[0].x
    for piece in group:
        apart = piece.x - end > WORD_GAP * piece.size
        if text and apart and not text[-1].isspace() and not piece.text[0].isspace():
            text += " "
        raised = piece.y - baseline > RAISED * size and piece.size <= SMALL * size
        digits = piece.text.strip()
        text += f"{MARK_START}{digits}{MARK_END}" if raised and digits.isdigit() else piece.text
        end = piece.end
    letters = sum(len(piece.text) for piece in group)
    bold = sum(len(piece.text) for piece in group if piece.bold) > 0.9 * letters
    return Cell(one_line(text), group[0].x, end, baseline, size, bold)
