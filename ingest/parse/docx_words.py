"""The words of a Word paragraph as Word shows them: insertions in, deletions and codes out."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted and moved text, the field code, and text boxes, which are read by themselves.
LEFT_OUT = {f"{WORD}{name}" for name in ("del", "moveFrom", "instrText", "delText", "txbxContent")}
SIGNS = {
    f"{WORD}tab": " ",
    f"{WORD}br": "\n",
    f"{WORD}cr": "\n",
    f"{WORD}noBreakHyphen": "-",
    f"{WORD}sym": "•",
}


def spoken(element: Element) -> str:
    """Give the text inside an element."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    """Give the pieces of text in order."""
    for child in element:
        if child.tag == f"{WORD}t":
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif child.tag not in LEFT_OUT and child.tag != FALLBACK:
            yield from _pieces(child)


def is_bold(paragraph: Element) -> bool:
    """Tell whether every run that holds text is bold."""
    runs = [run for run in paragraph.iter(f"{WORD}r") if spoken(run).strip()]
    marks = [run.find(f"{WORD}rPr/{WORD}b") for run in runs]
    return bool(runs) and all(
        mark is not None and mark.get(f"{WORD}val") not in {"0", "false"} for mark in marks
    )


def references(paragraph: Element) -> list[str]:
    """Give the keys of the notes that a paragraph refers to: `footnote 2`, `endnote 1`."""
    keys = []
    for kind in ("footnote", "endnote"):
        for mark in paragraph.iter(f"{WORD}{kind}Reference"):
            keys.append(f"{kind} {mark.get(f'{WORD}id')}")
    return keys


def text_boxes(paragraph: Element) -> Iterator[Element]:
    """Give the contents of text boxes, once each: Word writes a second copy for old readers."""
    if paragraph.tag == f"{WORD}txbxContent":
        yield paragraph
    elif paragraph.tag != FALLBACK:
        for child in paragraph:
            yield from text_boxes(child)
