"""Web pages to documents: the main content only, without menus, banners and footers."""

from pathlib import Path

from trafilatura import bare_extraction, load_html

from ingest.parse.document import Block, Document, ParseProblem, Section, declared_language
from ingest.parse.html_body import body_parts
from ingest.parse.html_tree import (
    Link,
    Tree,
    anchors,
    is_list_page,
    link_texts,
    linked_headings,
    prepare,
)
from ingest.parse.plain import BROKEN, BROKEN_NOTE, decode, one_line, read_limited
from ingest.parse.sections import Heading, gather

LARGEST = 20_000_000
FOREIGN_ERRORS = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RecursionError,
    AssertionError,
)
LIST_ADVICE = "Siden er en liste med lenker. Legg inn sidene den peker på, hver for seg."
EMPTY_ADVICE = (
    "Siden har ingen brødtekst uten skriptet sitt, bare menyer. "
    "Finn en side eller en fil som har teksten i seg."
)
FEWEST_WORDS = 5
MENU_LINKS = 5
MENU_SHARE = 0.5
# The date a page states itself; guessing from any number on the page gave wrong dates.
DATE_SEARCH = {"extensive_search": False, "original_date": False}


def read_html(path: Path) -> Document:
    """Read a saved web page; raises ParseProblem (empty for list pages and pages of menus only)."""
    text = decode(read_limited(path, LARGEST))
    root = _parse(text)
    if is_list_page(root):
        raise ParseProblem("empty", LIST_ADVICE)
    language = declared_language(root.get("lang"))
    places, links = anchors(root), link_texts(root)
    prepare(root)
    title, date, body = _extract(root)
    kept = (part for part in body_parts(body, places) if not _is_menu(part, links))
    sections = gather(kept, title)
    _require_prose(sections, title)
    notes = (BROKEN_NOTE,) if BROKEN in text else ()
    return Document(title or path.stem, language, date, sections, notes)


def _is_menu(part: Heading | Block, links: frozenset[str]) -> bool:
    """Tell whether a block is many links in a row; that is what is left of an empty page."""
    inside = [text for text in links if text in part.text]
    return len(inside) >= MENU_LINKS and sum(map(len, inside)) > MENU_SHARE * len(part.text)


def _require_prose(sections: tuple[Section, ...], title: str) -> None:
    """Refuse a page with hardly a word besides its title."""
    text = " ".join(block.text for section in sections for block in section.blocks)
    if len(text.replace(title, " ").split()) < FEWEST_WORDS:
        raise ParseProblem("empty", EMPTY_ADVICE)


def read_links(path: Path) -> tuple[Link, ...]:
    """Give the linked headings of a list page, so that a person can choose what to add."""
    return linked_headings(_parse(decode(read_limited(path, LARGEST))))


def _parse(text: str) -> Tree:
    """Parse leniently, as a browser would."""
    try:
        root: Tree | None = load_html(text)
    except FOREIGN_ERRORS as error:
        raise ParseProblem("malformed") from error
    if root is None:
        raise ParseProblem("empty", EMPTY_ADVICE)
    return root


def _extract(root: Tree) -> tuple[str, str | None, Tree]:
    """Find title, date and main content."""
    try:
        found = bare_extraction(
            root,
            include_comments=False,
            favor_recall=True,
            with_metadata=True,
            date_extraction_params=DATE_SEARCH,
        )
    except FOREIGN_ERRORS as error:
        raise ParseProblem("malformed") from error
    if found is None or isinstance(found, dict) or found.body is None:
        raise ParseProblem("empty", EMPTY_ADVICE)
    return one_line(found.title or ""), found.date, found.body
