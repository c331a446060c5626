"""What stands around the text: line numbers in the margin, running heads and feet, page numbers."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ingest.parse.pdf_ink import Fragment, Sheet
from ingest.parse.pdf_lines import Line

FEWEST_LINE_NUMBERS = 10
# Running heads and feet lie within these parts of the page's height, among the outermost lines.
HEAD_ZONE, FOOT_ZONE = 0.86, 0.14
OUTERMOST = 4
SAME_PLACE = 3.0
ROMAN = re.compile(r"[ivxl]{1,7}")
ALONE = re.compile(r"(?:side|page|s\.)?\W*\d{1,4}(?:\W*(?:av|of|/)\W*\d{1,4})?\W*", re.IGNORECASE)


def body_size(sheets: Sequence[Sheet]) -> float:
    """Find the type size that most letters are set in."""
    letters: Counter[float] = Counter()
    for sheet in sheets:
        for fragment in sheet.fragments:
            letters[round(fragment.size, 1)] += len(fragment.text.strip())
    return letters.most_common(1)[0][0] if letters else 0.0


def line_numbers(sheets: Sequence[Sheet], size: float) -> set[Fragment]:
    """Find the small numbers beside the text, where there are enough of them to be line numbers."""
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    for fragment in _running_text(sheets, size):
        starts[round(fragment.x)] += 1
        ends[round(fragment.end)] += 1
    if not starts:
        return set()
    left, right = starts.most_common(1)[0][0], max(ends)
    found = {
        fragment
        for sheet in sheets
        for fragment in sheet.fragments
        if fragment.text.strip().isdigit()
        and fragment.size < 0.85 * size
        and (fragment.end < left or fragment.x > right)
    }
    return found if len(found) >= FEWEST_LINE_NUMBERS else set()


def _running_text(sheets: Sequence[Sheet], size: float) -> Iterator[Fragment]:
    """Give the long pieces in the body's type."""
    for sheet in sheets:
        for fragment in sheet.fragments:
            if abs(fragment.size - size) < 0.3 and len(fragment.text) > 20:
                yield fragment


def without_furniture(pages: Sequence[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Drop the lines at the edges of pages that repeat from page to page, or are page numbers."""
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    repeated = _repeated(edges)
    shifts = _shifts(edges)
    kept = []
    for index, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
        dropped = {
            id(line)
            for line in edge
            if _is_repeated(line, repeated) or _is_numbered(line, index, shifts)
        }
        kept.append([line for line in lines if id(line) not in dropped])
    return kept


def _edges(lines: list[Line], height: float) -> list[Line]:
    """Give the outermost lines in the head and foot of a page."""
    head = [line for line in lines[:OUTERMOST] if line.y > HEAD_ZONE * height]
    foot = [line for line in lines[-OUTERMOST:] if line.y < FOOT_ZONE * height]
    return [*head, *(line for line in foot if line not in head)]


def _key(line: Line) -> str:
    """Give a line's text with every number alike."""
    return re.sub(r"\d+", "#", line.text.casefold())


def _repeated(edges: Sequence[list[Line]]) -> dict[str, list[float]]:
    """Map the texts that stand on at least three pages (two of two) to their places."""
    places: dict[str, list[float]] = defaultdict(list)
    for edge in edges:
        for line in edge:
            places[_key(line)].append(line.y)
    needed = max(2, min(3, len(edges)))
    return {key: found for key, found in places.items() if len(found) >= needed}


def _is_repeated(line: Line, repeated: dict[str, list[float]]) -> bool:
    """Tell whether the same text stands at the same height on another page."""
    return sum(abs(y - line.y) < SAME_PLACE for y in repeated.get(_key(line), ())) > 1


def _shifts(edges: Sequence[list[Line]]) -> set[int]:
    """Find by how much printed page numbers differ from the count of sheets, where three agree."""
    shifts: Counter[int] = Counter()
    for index, edge in enumerate(edges):
        shifts.update({number - index for line in edge for number in _outer_numbers(line)})
    return {shift for shift, count in shifts.items() if count >= 3}


def _outer_numbers(line: Line) -> list[int]:
    """Give the first and the last word of a line, if they are numbers."""
    words = line.text.split()
    return [int(word) for word in {words[0], words[-1]} if re.fullmatch(r"[0-9]{1,4}", word)]


def _is_numbered(line: Line, index: int, shifts: set[int]) -> bool:
    """Tell whether a line at the edge is a page number, or a running head that carries one."""
    if ALONE.fullmatch(line.text) or ROMAN.fullmatch(line.text):
        return True
    words = line.text.split()
    if len(line.cells) > 1 and (ROMAN.fullmatch(words[0]) or ROMAN.fullmatch(words[-1])):
        return True
    return any(number - index in shifts for number in _outer_numbers(line))
