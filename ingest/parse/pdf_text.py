"""Lines in reading order made into headings, paragraphs, list items, table rows and footnotes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.parse.document import Block, BlockKind
from ingest.parse.hyphens import joined, vocabulary
from ingest.parse.pdf_headings import Found
from ingest.parse.pdf_lines import BULLET, Line
from ingest.parse.pdf_notes import note_texts
from ingest.parse.plain import one_line
from ingest.parse.sections import Heading

NUMBER = re.compile(r"(?:\d{1,2}[.)]|\(\d{1,2}\)|\(?[a-zæøå]\)|[a-d]\.) ")
CONTENTS_SHARE = 0.4
LEADERS = re.compile(r"(?:\. ?){5,}|…{2,}")
SENTENCE_END = re.compile(r"[.!?:;][»”\")\]]?$")
# In type sizes: how far a first line is set in, and how far the text of a list item may be.
INDENT, HANGING = 0.8, 4.0
USUAL_LEADING, WIDER = 1.2, 1.25


@dataclass(frozen=True)
class Page:
    """What is left of a page when its margins are gone: lines in reading order, and footnotes."""

    number: int
    lines: list[Line]
    notes: list[Line]


def parts(pages: Sequence[Page], headings: Found) -> Iterator[Heading | Block]:
    """Give headings and blocks in order; a paragraph keeps the page it began on."""
    composer = _Composer(pages)
    for page in pages:
        for line in _without_contents(page.lines):
            heading = headings.get(id(line))
            if line.cells[0].row:
                yield from composer.close()
                yield Block("table_row", line.text, page.number)
            elif heading:
                yield from composer.close()
                yield Heading(heading.level, one_line(heading.text))
            elif id(line) not in headings:
                yield from composer.add(line, page.number)
        composer.keep(page)
    yield from composer.close()


class _Composer:
    """The paragraph under way, and the footnotes that wait until it ends."""

    def __init__(self, pages: Sequence[Page]) -> None:
        """Measure the document: its words and the distance of its lines."""
        self._known = vocabulary(line.text for page in pages for line in page.lines)
        self._leading = _leading(pages)
        self._lines: list[Line] = []
        self._page = 0
        self._notes: list[Block] = []

    def add(self, line: Line, page: int) -> Iterator[Block]:
        """Take a line; gives the paragraph before it when the line begins a new one."""
        if self._lines and _starts_anew(self._lines, line, self._leading):
            yield from self.close()
        self._page = self._page if self._lines else page
        self._lines.append(line)

    def keep(self, page: Page) -> None:
        """Take the footnotes of a page that is done."""
        for note in note_texts(page.notes):
            text = one_line(joined(note, self._known))
            self._notes.append(Block("footnote", text, page.number))

    def close(self) -> Iterator[Block]:
        """Give the paragraph under way, and after it the footnotes that waited."""
        if self._lines:
            text = one_line(joined([line.text for line in self._lines], self._known))
            mark = BULLET.match(text)
            kind: BlockKind = "item" if mark or NUMBER.match(text) else "paragraph"
            yield Block(kind, text[mark.end() :] if mark else text, self._page)
        yield from self._notes
        self._lines, self._notes = [], []


def _leading(pages: Sequence[Page]) -> float:
    """Measure the usual distance between lines, in type sizes."""
    steps = [
        (above.y - below.y) / above.size
        for page in pages
        for above, below in zip(page.lines, page.lines[1:], strict=False)
        if abs(above.size - below.size) < 0.5 and 0.9 < (above.y - below.y) / above.size < 2
    ]
    return median(steps) if steps else USUAL_LEADING


def _starts_anew(paragraph: Sequence[Line], line: Line, leading: float) -> bool:
    """Tell whether a line begins a new paragraph or list item."""
    last = paragraph[-1]
    step = (last.y - line.y) / last.size
    if BULLET.match(line.text):
        return True
    if step <= 0 or step > 6:
        return not _goes_on(last, line)
    if step > WIDER * leading or abs(last.size - line.size) > 0.8 or _bold(last) != _bold(line):
        return True
    if NUMBER.match(line.text) and (SENTENCE_END.search(last.text) or _moved(last, line)):
        return True
    return _is_set_in(paragraph, line)


def _goes_on(last: Line, line: Line) -> bool:
    """Tell whether a sentence goes on in the next column or on the next page."""
    if last.text.endswith("-") or not SENTENCE_END.search(last.text):
        return line.text[0].islower() or last.text.endswith(("-", ","))
    return False


def _is_set_in(paragraph: Sequence[Line], line: Line) -> bool:
    """Tell a new first line from lines that hang: those of a list item or a reference."""
    last, first = paragraph[-1], paragraph[0]
    inward = (line.cells[0].x - last.cells[0].x) / line.size
    ended = bool(SENTENCE_END.search(last.text))
    if last.text.endswith("-"):
        return False
    if len(paragraph) > 1:
        hung = paragraph[1].cells[0].x - first.cells[0].x > INDENT * line.size
        return (inward > INDENT and ended) or (hung and inward < -INDENT)
    if BULLET.match(first.text) or NUMBER.match(first.text):
        return inward > HANGING
    return inward > INDENT and ended


def _moved(last: Line, line: Line) -> bool:
    """Tell whether two lines begin at different places."""
    return abs(last.cells[0].x - line.cells[0].x) > INDENT * line.size


def _bold(line: Line) -> bool:
    """Tell whether a whole line is bold."""
    return all(cell.bold for cell in line.cells)


def _without_contents(lines: Sequence[Line]) -> list[Line]:
    """Drop a table of contents: its lines have dotted leaders, and so most lines on its pages."""
    leading = [bool(LEADERS.search(line.text)) for line in lines]
    if sum(leading) > CONTENTS_SHARE * len(lines):
        return []
    return [line for line, dotted in zip(lines, leading, strict=True) if not dotted]
