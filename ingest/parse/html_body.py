"""What the extractor kept of a page, as headings and blocks in reading order."""

import re
from collections.abc import Iterator

from ingest.parse.document import Block
from ingest.parse.html_tree import Tree, words
from ingest.parse.plain import tidy
from ingest.parse.sections import Heading

# The extractor gives no level to what was a fold-out's summary.
UNKNOWN_LEVEL = "h4"
OWN_BLOCKS = {"list", "table", "head"}


def body_parts(body: Tree, places: list[tuple[str, str]]) -> Iterator[Heading | Block]:
    """Give headings (with the anchors noted for them, in page order) and blocks, in order."""
    remaining = list(places)
    for part in _walk(body):
        yield _with_anchor(part, remaining) if isinstance(part, Heading) else part


def _with_anchor(heading: Heading, remaining: list[tuple[str, str]]) -> Heading:
    """Take the next anchor noted for this text, so that a repeated heading gets its own."""
    for place in remaining:
        if place[0] == heading.text:
            remaining.remove(place)
            return Heading(heading.level, heading.text, place[1])
    return heading


def _walk(element: Tree) -> Iterator[Heading | Block]:
    """Give the parts inside an element, loose text between them included."""
    yield from _paragraphs(element.text or "")
    for child in element:
        if child.tag == "head":
            level = int((child.get("rend") or UNKNOWN_LEVEL)[1:])
            yield Heading(level, words(child))
        elif child.tag == "list":
            yield from _items(child)
        elif child.tag == "table":
            yield from _rows(child)
        elif _holds(child, *OWN_BLOCKS):
            yield from _walk(child)
        else:
            yield from _paragraphs(_inline(child))
        yield from _paragraphs(_flow(child.tail))


def _holds(element: Tree, *tags: str) -> bool:
    """Tell whether an element has one of these inside."""
    return next(element.iter(*tags), None) is not None


def _items(items: Tree) -> Iterator[Heading | Block]:
    """Give one block for each list item; a term and its definition are one item."""
    term = ""
    for item in items:
        if _holds(item, "head"):
            yield from _walk(item)
        elif (item.get("rend") or "").startswith("dt"):
            term = _inline(item) + "\n"
        else:
            yield Block("item", tidy(term + _inline(item)))
            term = ""
            for child in item.iter("list", "table"):
                if child.getparent() is item:
                    yield from _items(child) if child.tag == "list" else _rows(child)
    yield Block("item", tidy(term))


def _rows(table: Tree) -> Iterator[Block]:
    """Give one block for each table row, its cells divided by a tab."""
    for row in table.iter("row"):
        cells = (tidy(_inline(cell, all_of_it=True)).replace("\n", " ") for cell in row)
        yield Block("table_row", "\t".join(cells).strip())


def _paragraphs(text: str) -> Iterator[Block]:
    """Give a paragraph for each piece between empty lines."""
    for piece in re.split(r"\n\s*\n", text):
        yield Block("paragraph", tidy(piece))


def _inline(element: Tree, all_of_it: bool = False) -> str:
    """Give the text of an element; only a `<br>` or a paragraph's end is a line break."""
    pieces = [_flow(element.text)]
    for child in element:
        if child.tag == "lb":
            pieces.append("\n")
        elif all_of_it or child.tag not in OWN_BLOCKS:
            pieces.append(_inline(child, all_of_it))
            pieces.append("\n" if child.tag in {"p", "item", "quote"} else "")
        pieces.append(_flow(child.tail))
    return "".join(pieces)


def _flow(text: str | None) -> str:
    """Take the line breaks out of text, which in a page mean no more than a space."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")
