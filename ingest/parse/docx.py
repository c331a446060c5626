"""Word files to documents. The only file that knows python-docx."""

import re
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document as WordFile
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError
from docx.styles.style import ParagraphStyle
from docx.styles.styles import Styles as WordStyles

from ingest.parse.document import Document, ParseProblem, declared_language
from ingest.parse.docx_body import Body, Styles, body_parts, spoken_lines
from ingest.parse.docx_package import check_package
from ingest.parse.docx_words import WORD
from ingest.parse.plain import one_line, read_limited
from ingest.parse.sections import Heading, gather
from ingest.parse.xml_safe import parse_xml

LARGEST = 50_000_000
HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
# Home-made heading styles stand below the true ones.
MADE_STYLE = re.compile(r"overskrift|heading|tittel|rubrik|^title", re.IGNORECASE)
MADE_LEVEL = 9
CONTENTS_NAME = re.compile(r"toc\b|innhold|table of figures", re.IGNORECASE)
MOST_ANCESTORS = 10
MADE_UP_TITLE = "Word Document"
# lxml's errors are syntax errors; and damaged files lack parts that python-docx counts on.
FOREIGN_ERRORS = (
    OpcError,
    XmlchemyError,
    BadZipFile,
    SyntaxError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)


def read_docx(path: Path) -> Document:
    """Read a Word file of at most 50 MB; raises ParseProblem."""
    data = read_limited(path, LARGEST)
    check_package(data)
    try:
        word = docx.Document(BytesIO(data))
        title, language, day = _facts(word)
        body = Body(parse_xml(word.part.blob)[0], _styles(word.styles), _notes(word))
        parts = list(body_parts(body))
    except FOREIGN_ERRORS as error:
        raise ParseProblem("malformed") from error
    headings = [part for part in parts if isinstance(part, Heading)]
    named = [heading.text for heading in headings if heading.level == 0]
    candidates = [*named, title, *(heading.text for heading in headings), path.stem]
    title = next(filter(None, candidates))
    sections = gather(parts, title)
    if not sections:
        raise ParseProblem("empty")
    return Document(title, language, day, sections)


def _facts(word: WordFile) -> tuple[str, str | None, str | None]:
    """Read title, the language of the default style, and the day of the last change."""
    languages = [entry.get(f"{WORD}val") for entry in word.styles.element.iter(f"{WORD}lang")]
    language = declared_language(next((language for language in languages if language), None))
    relations = word.part.package.rels.values()
    # Where the file says nothing of itself, python-docx makes up a title and a date of today.
    if not any(relation.reltype.endswith("/core-properties") for relation in relations):
        return "", language, None
    stated = word.core_properties
    title = "" if stated.title == MADE_UP_TITLE else one_line(stated.title)
    return title, language, stated.modified.date().isoformat() if stated.modified else None


def _styles(styles: WordStyles) -> Styles:
    """Find out what each paragraph style is for, from its name and the styles it is based on."""
    paragraphs = [style for style in styles if isinstance(style, ParagraphStyle)]
    levels = {style.style_id: level for style in paragraphs if (level := _level(style)) is not None}
    lists = {style.style_id for style in paragraphs if _has(style, "numPr")} - levels.keys()
    contents = {style.style_id for style in paragraphs if CONTENTS_NAME.search(style.name or "")}
    return Styles(levels, frozenset(lists), frozenset(contents))


def _level(style: ParagraphStyle) -> int | None:
    """Give a style's heading level; the document's title has 0."""
    for ancestor in _line_of(style):
        name = ancestor.name or ""
        found = HEADING_NAME.match(name)
        if found or name == "Title":
            return int(found.group(1)) if found else 0
        outline = ancestor.element.find(f"{WORD}pPr/{WORD}outlineLvl")
        if outline is not None and outline.get(f"{WORD}val", "9") in set("012345678"):
            return int(outline.get(f"{WORD}val")) + 1
    return MADE_LEVEL if MADE_STYLE.search(style.name or "") else None


def _has(style: ParagraphStyle, name: str) -> bool:
    """Tell whether a style, or one it is based on, sets a property."""
    return any(part.element.find(f"{WORD}pPr/{WORD}{name}") is not None for part in _line_of(style))


def _line_of(style: ParagraphStyle) -> list[ParagraphStyle]:
    """Give a style and those it is based on; damaged files may go in circles."""
    line = [style]
    while len(line) < MOST_ANCESTORS and isinstance(line[-1].base_style, ParagraphStyle):
        line.append(line[-1].base_style)
    return line


def _notes(word: WordFile) -> dict[str, str]:
    """Read foot- and endnotes, by the keys that the body refers to them with."""
    notes: dict[str, str] = {}
    for relation in word.part.rels.values():
        for kind in ("footnote", "endnote"):
            if not relation.is_external and relation.reltype.endswith(f"/{kind}s"):
                for note in parse_xml(relation.target_part.blob).iter(f"{WORD}{kind}"):
                    text = one_line(spoken_lines(note))
                    if text:
                        key = f"{kind} {note.get(f'{WORD}id')}"
                        notes[key] = f"{len(notes) + 1} {text}"
    return notes
