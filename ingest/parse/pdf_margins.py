"""What stands around the text: line numbers in the margin, running heads and feet, page numbers."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.parse.pdf_ink import Fragment, Sheet
from ingest.parse.pdf_lines import Line

FEWEST_LINE_NUMBERS = 10
FEWEST_RUNNING = 3
# Running heads and feet lie within this part of the text's height, among the outermost lines.
EDGE = 0.13
OUTERMOST = 4
SAME_PLACE = 3.0
LONGEST_HEAD = 100
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
    found: set[Fragment] = set()
    unsure: list[Fragment] = []
    for sheet in sheets:
        small = [piece for piece in sheet.fragments if _is_small_number(piece, size)]
        text = [piece for piece in sheet.fragments if _is_running(piece, size)]
        if len(text) < FEWEST_RUNNING:
            unsure += small
            continue
        # Facing pages may have margins of different width, so each is measured by itself.
        starts = Counter(round(piece.x) for piece in text)
        left = min(x for x, count in starts.items() if count > 1 or len(starts) == len(text))
        right = max(piece.end for piece in text)
        found.update(piece for piece in small if piece.end < left or piece.x > right)
    if len(found) < FEWEST_LINE_NUMBERS:
        return set()
    places = {round(piece.x) for piece in found}
    return found | {piece for piece in unsure if round(piece.x) in places}


def _is_small_number(piece: Fragment, size: float) -> bool:
    """Tell whether a piece is a number in small type."""
    return piece.text.strip().isdigit() and piece.size < 0.85 * size


def _is_running(piece: Fragment, size: float) -> bool:
    """Tell whether a piece is a long stretch in the body's type."""
    return abs(piece.size - size) < 0.3 and len(piece.text) > 20


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Drop the lines at the edges of pages that repeat from page to page, or are page numbers."""
    # The outermost lines of the document, not the sheet: a sheet may be larger than the page.
    top = max((lines[0].y for lines in pages if lines), default=0.0)
    bottom = min((lines[-1].y for lines in pages if lines), default=0.0)
    edge_height = EDGE * (top - bottom)
    edges = [_edges(lines, top - edge_height, bottom + edge_height) for lines in pages]
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


def _edges(lines: list[Line], head_from: float, foot_to: float) -> list[Line]:
    """Give the outermost lines in the head and foot of a page."""
    head = [line for line in lines[:OUTERMOST] if line.y >= head_from]
    foot = [line for line in lines[-OUTERMOST:] if line.y <= foot_to and line not in head]
    return head + foot


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
    if len(line.text) > LONGEST_HEAD:
        return False
    if ALONE.fullmatch(line.text) or ROMAN.fullmatch(line.text):
        return True
    words = line.text.split()
    if len(line.cells) > 1 and (ROMAN.fullmatch(words[0]) or ROMAN.fullmatch(words[-1])):
        return True
    return any(number - index in shifts for number in _outer_numbers(line))
