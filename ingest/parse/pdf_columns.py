"""Reading order: text in columns is read down one column before the next."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from ingest.parse.pdf_lines import Cell, Line

FEWEST_LINES = 4
# Columns of prose hold whole phrases; columns of a table hold words and numbers.
PROSE = 18
SLACK = 3.0


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Give the lines of a page, from the top, in the order a person reads them."""
    for gutter in _candidates(lines):
        ordered = _split(lines, gutter)
        if ordered is not None:
            return ordered
    return list(lines)


def _candidates(lines: Sequence[Line]) -> list[float]:
    """Find where a second column may begin: many cells start there, well inside the page."""
    cells = [cell for line in lines for cell in line.cells if not cell.row]
    if not cells:
        return []
    left, right = min(cell.x for cell in cells), max(cell.end for cell in cells)
    starts = Counter(round(cell.x) for cell in cells)
    inside = [
        (count, start)
        for start, count in starts.items()
        if count >= FEWEST_LINES and left + 0.2 * (right - left) < start < right - 0.15 * right
    ]
    return [start - SLACK for _, start in sorted(inside, reverse=True)[:4]]


def _split(lines: Sequence[Line], gutter: float) -> list[Line] | None:
    """Read each band of lines between wide ones column by column; None if no band is columns."""
    ordered: list[Line] = []
    band: list[Line] = []
    found = False
    for line in [*lines, None]:
        if line is not None and not any(cell.x < gutter < cell.end for cell in line.cells):
            band.append(line)
            continue
        columns = _columns(band, gutter)
        found = found or columns is not None
        ordered += columns if columns is not None else band
        band = []
        if line is not None:
            ordered.append(line)
    return ordered if found else None


def _columns(band: Sequence[Line], gutter: float) -> list[Line] | None:
    """Divide a band at the gutter, if both sides are prose, and order each side in turn."""
    left = _side(band, gutter, False)
    right = _side(band, gutter, True)
    if not (_is_prose(left) and _is_prose(right)):
        return None
    return [*in_reading_order(left), *in_reading_order(right)]


def _side(band: Sequence[Line], gutter: float, after: bool) -> list[Line]:
    """Give the parts of lines on one side of the gutter."""
    sides = (tuple(cell for cell in line.cells if (cell.x > gutter) is after) for line in band)
    return [Line(cells) for cells in sides if cells]


def _is_prose(lines: Sequence[Line]) -> bool:
    """Tell a column of text from a column of a table."""
    cells: list[Cell] = [cell for line in lines for cell in line.cells]
    if len(lines) < FEWEST_LINES or len(cells) > 1.5 * len(lines):
        return False
    return median(len(cell.text) for cell in cells) >= PROSE
