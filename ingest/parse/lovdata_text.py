"""The words of an act: list marks restored, rows of tables kept, footnote marks taken out."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.parse.plain import one_line

# A list without printed marks.
DASH = "–"
BLOCKS = {"p", "caption", "table"}
LEFT_OUT = ("footnotereference", "changesToParent", "footnotes")


def has_class(part: Element, *names: str) -> bool:
    """Tell whether an element has one of the classes."""
    return bool(set(names) & set(part.get("class", "").split()))


def words(part: Element) -> str:
    """Give all text inside an element on one line, lists with their marks."""
    return one_line(ledd_text(part))


def ledd_text(part: Element) -> str:
    """Give the text of a ledd: list items on lines of their own with marks, rows with tabs."""
    return tidy_rows("".join(_pieces(part)))


def tidy_rows(text: str) -> str:
    """Tidy each line, and each field of a row by itself, so that the tabs stay."""
    lines = ("\t".join(one_line(field) for field in line.split("\t")) for line in text.split("\n"))
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _pieces(part: Element) -> Iterator[str]:
    """Give pieces of text in order."""
    yield part.text or ""
    for place, child in enumerate(part):
        if not has_class(child, *LEFT_OUT):
            yield "\n" if _begins_line(part, child, place) else ""
            yield from _inside(child)
            yield "\n" if child.tag in BLOCKS else ""
        yield child.tail or ""


def _begins_line(part: Element, child: Element, place: int) -> bool:
    """Tell whether an element stands on a line of its own; a list item's text follows its mark."""
    if child.tag == "article":
        return part.tag != "li" and not (has_class(part, "listArticle") and place == 0)
    return child.tag in BLOCKS or child.tag in {"br", "li", "tr"}


def _inside(child: Element) -> Iterator[str]:
    """Give a child's text, with the mark of a list item, or the fields of a row."""
    if child.tag == "li":
        yield f"{child.get('data-name') or DASH} "
    if child.tag == "tr":
        yield "\t".join(one_line("".join(_pieces(field))) for field in child)
    else:
        yield from _pieces(child)
