"""Headings of a PDF: those of its outline found again in the text, else larger or bold lines."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.parse.hyphens import joined, vocabulary
from ingest.parse.pdf_ink import Bookmark
from ingest.parse.pdf_lines import BULLET, Line
from ingest.parse.sections import Heading

Found = dict[int, Heading | None]

FEWEST_BOOKMARKS = 3
MOST_LINES = 4
LONGEST = 220
LARGER = 1.12
DEEPEST_BY_SIZE = 4
NUMBERED = re.compile(r"(?:kapittel|del|vedlegg|tillegg|chapter|part|appendix)?[0-9a-zæøå]{0,8}")
CHAPTER = re.compile(r"(?:Kapittel|Del|Vedlegg|Tillegg|Chapter|Part|Appendix)\s+\w{1,4}", re.I)


def find_headings(pages: Sequence[list[Line]], marks: Sequence[Bookmark], size: float) -> Found:
    """Map the first line of each heading, by identity, to the heading, and its other lines to None.

    `pages` hold lines in reading order; `size` is the body's type size in points.
    """
    found = _by_outline(pages, marks) if len(marks) >= FEWEST_BOOKMARKS else {}
    lines = [line for page in pages for line in page]
    levels = _levels(lines, found, size)
    deepest = max(
        [*levels.values(), *(heading.level for heading in found.values() if heading)], default=0
    )
    largest = max(levels, default=0)
    for group in _groups(lines, found):
        step = round(lines[group[0]].size)
        unlisted = found and LARGER * size < step < largest and step not in levels
        if not unlisted and _is_heading(lines, group, size):
            _note(found, lines, group, levels.get(step, 1 if step > largest else deepest + 1))
    return found


def _by_outline(pages: Sequence[list[Line]], marks: Sequence[Bookmark]) -> Found:
    """Find each entry on its page, or on the next, where some programs' entries point too early."""
    found: Found = {}
    for mark in marks:
        for lines in pages[mark.page - 1 : mark.page + 1]:
            span = _span(lines, _squashed(mark.title), found)
            if span is not None:
                _note(found, lines, span, mark.level)
                break
    return found


def _span(lines: Sequence[Line], title: str, found: Found) -> range | None:
    """Find the lines that make up a title, whatever number stands before it."""
    for start in range(len(lines)):
        text = ""
        for end in range(start, min(start + MOST_LINES, len(lines))):
            if id(lines[end]) in found or lines[end].cells[0].row:
                break
            text += _squashed(lines[end].text)
            if text.endswith(title) and NUMBERED.fullmatch(text.removesuffix(title)):
                above = start and CHAPTER.fullmatch(lines[start - 1].text)
                return range(start - 1 if above else start, end + 1)
    return None


def _squashed(text: str) -> str:
    """Give letters and digits only, since outlines lose spaces."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _note(found: Found, lines: Sequence[Line], span: Iterable[int], level: int) -> None:
    """Note the lines of one heading."""
    texts = [lines[place].text for place in span]
    first, *others = span
    found[id(lines[first])] = Heading(level, joined(texts, vocabulary(())))
    for place in others:
        found[id(lines[place])] = None


def _levels(lines: Sequence[Line], found: Found, size: float) -> dict[int, int]:
    """Map type sizes to levels: as the outline has them, else the largest highest."""
    known: dict[int, int] = {}
    for line in lines:
        heading = found.get(id(line))
        if heading and _large(line, size):
            known.setdefault(round(line.size), heading.level)
    if known:
        return known
    sizes = sorted({round(line.size) for line in lines if _large(line, size)}, reverse=True)
    return {step: place + 1 for place, step in enumerate(sizes[:DEEPEST_BY_SIZE])}


def _groups(lines: Sequence[Line], found: Found) -> Iterator[range]:
    """Give runs of lines set alike; a heading may go on at the top of the next column."""
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and id(lines[end]) not in found and _alike(lines[start], lines[end]):
            end += 1
        if id(lines[start]) not in found:
            yield range(start, end)
        start = end


def _large(line: Line, size: float) -> bool:
    """Tell whether a line is set larger than the body."""
    return line.size > LARGER * size and not line.cells[0].row


def _alike(one: Line, other: Line) -> bool:
    """Tell whether two lines are set alike."""
    same = abs(one.size - other.size) < 0.5 and _bold(one) == _bold(other)
    return same and not (one.cells[0].row or other.cells[0].row)


def _bold(line: Line) -> bool:
    """Tell whether a whole line is bold."""
    return all(cell.bold for cell in line.cells)


def _is_heading(lines: Sequence[Line], group: range, size: float) -> bool:
    """Tell whether like lines are a heading: large, or bold with a line beginning below them."""
    first, last = lines[group[0]], lines[group[-1]]
    text = " ".join(lines[place].text for place in group)
    if len(group) > MOST_LINES or len(text) > LONGEST or not re.search(r"[^\W\d_]{2}", text):
        return False
    if _large(first, size):
        return True
    after = lines[group.stop] if group.stop < len(lines) else None
    if (
        not _bold(first)
        or BULLET.match(text)
        or first.size < 0.95 * size
        or after is None
        or after.cells[0].row
    ):
        return False
    return len(group) < MOST_LINES and abs(after.cells[0].x - last.cells[0].x) < size
