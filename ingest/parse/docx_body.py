"""The body of a Word file as headings and blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.parse.document import Block
from ingest.parse.docx_words import WORD, is_bold, references, spoken, text_boxes
from ingest.parse.plain import one_line, tidy
from ingest.parse.sections import Heading

LONGEST_STYLED, LONGEST_HEADING = 250, 120
BODY_LEVEL = 9
# Below every level of true heading styles: headings by home-made means, and those under them.
MADE_BOX, MADE_BOX_UNDER, MADE_BOLD = 10, 11, 12
CONTENTS_TITLES = {"innhold", "innhald", "innholdsfortegnelse", "contents"}
BULLET = "•"


@dataclass(frozen=True)
class Styles:
    """What the paragraph styles mean, by style id: heading levels, list styles, contents styles."""

    levels: Mapping[str, int]
    lists: frozenset[str]
    contents: frozenset[str]


@dataclass(frozen=True)
class Body:
    """A Word file's body with what is needed to read it; notes by key, label and text."""

    element: Element
    styles: Styles
    notes: Mapping[str, str]


def body_parts(body: Body) -> Iterator[Heading | Block]:
    """Give headings and blocks in order; footnotes follow the paragraph that refers to them."""
    yield from _parts(body.element, body)


def _parts(element: Element, body: Body) -> Iterator[Heading | Block]:
    """Give the parts of a container; content controls and the like are looked into."""
    for child in element:
        if child.tag == f"{WORD}p":
            yield from _paragraph(child, body)
        elif child.tag == f"{WORD}tbl":
            yield from _table(child, body)
        elif child.tag not in {f"{WORD}del", f"{WORD}moveFrom", f"{WORD}sectPr"}:
            yield from _parts(child, body)


def _paragraph(paragraph: Element, body: Body) -> Iterator[Heading | Block]:
    """Give a paragraph as heading, list item or text, then its text boxes and notes."""
    style = _value(paragraph, "pStyle")
    text = tidy(spoken(paragraph))
    level = _level(paragraph, style, text, body.styles)
    if style in body.styles.contents or text.casefold() in CONTENTS_TITLES:
        return
    if level is not None:
        yield Heading(level, one_line(text))
    elif text.startswith(BULLET):
        yield Block("item", text.lstrip(f"{BULLET} "))
    elif text:
        listed = style in body.styles.lists or paragraph.find(f"{WORD}pPr/{WORD}numPr") is not None
        yield Block("item" if listed else "paragraph", text)
    for box in text_boxes(paragraph):
        yield from _parts(box, body)
    for key in references(paragraph):
        if key in body.notes:
            yield Block("footnote", body.notes[key])


def _level(paragraph: Element, style: str, text: str, styles: Styles) -> int | None:
    """Find the heading level of a paragraph: its style's, its own, or that of a lone bold line."""
    if not text or len(text) > LONGEST_STYLED:
        return None
    if style in styles.levels:
        return styles.levels[style]
    # Writers give whole paragraphs a level by mistake, and bold to whole sentences.
    if len(text) > LONGEST_HEADING or "\n" in text or text.endswith((".", ",", ";", "!")):
        return None
    own = _value(paragraph, "outlineLvl")
    if own.isdigit() and int(own) < BODY_LEVEL:
        return int(own) + 1
    numbered = paragraph.find(f"{WORD}pPr/{WORD}numPr") is not None
    return MADE_BOLD if is_bold(paragraph) and not numbered else None


def _table(table: Element, body: Body) -> Iterator[Heading | Block]:
    """Give one block for each row; a table of a single cell is a heading or a box around text."""
    rows = list(_children(table, "tr"))
    fields = [field for row in rows for field in _children(row, "tc")]
    if len(fields) == 1:
        text = one_line(spoken_lines(fields[0]))
        if 0 < len(text) <= LONGEST_HEADING and not text.endswith("."):
            yield Heading(MADE_BOX_UNDER if text.endswith(":") else MADE_BOX, text)
        else:
            yield from _parts(fields[0], body)
        return
    above: dict[int, str] = {}
    for row in rows:
        yield Block("table_row", "\t".join(_fields(row, above)).strip("\t"))
    for key in references(table):
        if key in body.notes:
            yield Block("footnote", body.notes[key])


def _fields(row: Element, above: dict[int, str]) -> Iterator[str]:
    """Give the fields of a row; one that is merged with the field above repeats its text."""
    column = 0
    for field in _children(row, "tc"):
        merged = field.find(f"{WORD}tcPr/{WORD}vMerge")
        goes_on = merged is not None and merged.get(f"{WORD}val") != "restart"
        text = above.get(column, "") if goes_on else one_line(spoken_lines(field))
        above[column] = text
        yield text
        span = field.find(f"{WORD}tcPr/{WORD}gridSpan")
        width = span.get(f"{WORD}val", "1") if span is not None else "1"
        column += int(width) if width.isdigit() else 1


def spoken_lines(element: Element) -> str:
    """Give the paragraphs of a container, one a line."""
    return "\n".join(spoken(paragraph) for paragraph in element.iter(f"{WORD}p"))


def _children(element: Element, name: str) -> Iterator[Element]:
    """Give the rows of a table or the fields of a row, those in content controls too."""
    for child in element:
        if child.tag == f"{WORD}{name}":
            yield child
        elif child.tag in {f"{WORD}sdt", f"{WORD}sdtContent", f"{WORD}ins", f"{WORD}customXml"}:
            yield from _children(child, name)


def _value(paragraph: Element, name: str) -> str:
    """Give a value from the paragraph's properties, or an empty text."""
    found = paragraph.find(f"{WORD}pPr/{WORD}{name}")
    return found.get(f"{WORD}val", "") if found is not None else ""
