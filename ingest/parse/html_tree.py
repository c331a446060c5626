"""The page as a tree, made ready for the extractor: what is cut, unfolded, and named."""

from typing import NamedTuple, TypeAlias

from lxml.html import HtmlElement

from ingest.parse.plain import one_line

Tree: TypeAlias = HtmlElement

LABEL = "translate(concat(@id, ' ', @class), 'COKIENST', 'cokienst')"
CUT = (
    "//nav | //dialog | //noscript | //template | //select | //form | //footer | //header"
    " | //*[@role='navigation' or @role='search' or @role='dialog' or @role='alertdialog'"
    " or @role='banner' or @role='contentinfo' or @role='menu']"
    f" | //*[contains({LABEL}, 'cookie') or contains({LABEL}, 'consent')]"
)
# ASP.NET wraps whole pages in a form, and some themes put «cookie» in the class of the body.
HOLDS_CONTENT = "boolean(.//main | .//article | .//h1 | ancestor-or-self::article)"
HEADINGS = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6 | //summary"
# A table without headings and with a single row or column only places things side by side.
LAYOUT_TABLES = (
    "//table[not(.//th) and not(caption) and (@role='presentation' or @role='none'"
    " or count(.//tr) < 2 or not(.//tr[count(td) > 1]) or .//table)]"
)
BOLD_PARAGRAPHS = "//p[count(*) = 1 and (strong or b) and not(ancestor::li or ancestor::td)]"
LONGEST_BOLD_HEADING = 80
LONGEST_STATED = 2000
FEWEST_LINKS = 5
LINKED_SHARE = 0.6
BOX_LINKED_SHARE = 0.3


class Link(NamedTuple):
    """A link on a list page: its words, and its address as written there."""

    text: str
    address: str


def words(element: Tree) -> str:
    """Give all text inside an element, on one line."""
    return one_line("".join(element.itertext()))


def prepare(root: Tree) -> None:
    """Change the tree in place: cut what is not content, and unfold what the extractor loses."""
    for element in root.xpath(CUT):
        if element.getparent() is not None and not element.xpath(HOLDS_CONTENT):
            element.drop_tree()
    # trafilatura's clean-up of what a page says of itself takes time with the square of its length.
    for stated in root.xpath(f"//meta[string-length(@content) > {LONGEST_STATED}]"):
        stated.drop_tree()
    # A box beside the text may hold what matters most; the extractor drops every one of them.
    for box in root.xpath("//main//aside | //article//aside"):
        if _is_prose(box):
            box.tag = "div"
    # Folded boxes keep their heading in a button, and the extractor drops buttons.
    for heading in root.xpath(HEADINGS):
        for button in heading.xpath(".//button"):
            button.drop_tag()
    for table in root.xpath(LAYOUT_TABLES):
        for part in table.xpath(".//tr | .//td | .//tbody"):
            part.tag = "div"
        table.tag = "div"
    for paragraph in root.xpath(BOLD_PARAGRAPHS):
        if _is_bold_heading(paragraph):
            paragraph.tag = "h6"


def _is_prose(box: Tree) -> bool:
    """Tell a fact box from a box of links, tags and contacts."""
    linked = sum(len(words(link)) for link in box.xpath(".//a"))
    sentences = any(words(part).endswith((".", "!")) for part in box.xpath(".//p"))
    return sentences and linked < BOX_LINKED_SHARE * len(words(box))


def _is_bold_heading(paragraph: Tree) -> bool:
    """Tell whether a paragraph is one short bold line with ordinary text after it."""
    text, following = words(paragraph), paragraph.getnext()
    whole = text == words(paragraph[0]) and not paragraph.xpath(".//br")
    if not whole or len(text) > LONGEST_BOLD_HEADING or text.endswith((".", ",", ":", "!", ";")):
        return False
    if following is None or following.tag not in {"p", "ul", "ol", "table", "div", "dl"}:
        return False
    return bool(text) and words(following) != "" and not following.xpath("self::p[count(*)=1]/b")


def anchors(root: Tree) -> list[tuple[str, str]]:
    """List (heading text, anchor) in page order for the headings that have one."""
    found = ((words(heading), _anchor(heading)) for heading in root.xpath(HEADINGS))
    return [(text, anchor) for text, anchor in found if text and anchor]


def _anchor(heading: Tree) -> str:
    """Find the id of a heading, of what is in it, or of the box that it opens; else empty."""
    inside = heading.xpath("@id | .//*/@id | .//a/@name")
    opened = heading.xpath(".//@aria-controls")
    return str(next(iter([*inside, *opened, *_box(heading)]), ""))


def _box(heading: Tree) -> list[str]:
    """Give the id of the box whose first element is the heading."""
    parent = heading.getparent()
    if parent is None or parent.tag not in {"section", "div", "details", "article"}:
        return []
    return [parent.get("id")] if parent[0] is heading and parent.get("id") else []


def link_texts(root: Tree) -> frozenset[str]:
    """Give the words of every link on the page, the very short ones left out."""
    return frozenset(text for link in root.xpath("//a[@href]") if len(text := words(link)) > 2)


def linked_headings(root: Tree) -> tuple[Link, ...]:
    """List the headings below the first level that are wholly a link."""
    links = root.xpath("//h2[.//a/@href] | //h3[.//a/@href] | //h4[.//a/@href]")
    found = (Link(words(heading), heading.xpath("string(.//a/@href)")) for heading in links)
    return tuple(link for link in found if link.text)


def is_list_page(root: Tree) -> bool:
    """Tell whether a page is a list of other pages: most of its headings lead away."""
    headings = root.xpath("//h2 | //h3 | //h4")
    links = [link for link in linked_headings(root) if not link.address.startswith("#")]
    return len(links) >= FEWEST_LINKS and len(links) >= LINKED_SHARE * len(headings)
