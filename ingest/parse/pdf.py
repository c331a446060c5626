"""PDF files to documents. Read `read_pdf`: the steps from ink on pages to sections, in order."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.parse.document import Document, ParseProblem, declared_language
from ingest.parse.pdf_columns import in_reading_order
from ingest.parse.pdf_file import PdfFile
from ingest.parse.pdf_headings import find_headings
from ingest.parse.pdf_ink import Sheet
from ingest.parse.pdf_lines import Line, lines_of
from ingest.parse.pdf_margins import body_size, line_numbers, without_furniture
from ingest.parse.pdf_notes import labels_of, split_notes, unmarked
from ingest.parse.pdf_state import readable
from ingest.parse.pdf_tables import aligned_rows, tables
from ingest.parse.pdf_text import Page, parts
from ingest.parse.plain import read_limited
from ingest.parse.sections import gather

LARGEST = 50_000_000
HEADER = b"%PDF-"
FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|pptx?|xlsx?|qxd|tmp)$|^untitled|^microsoft word", re.I)


def read_pdf(path: Path) -> Document:
    """Read a PDF of at most 50 MB and 2,000 pages; raises ParseProblem and never gives nothing."""
    data = read_limited(path, LARGEST)
    if HEADER not in data[:1024]:
        raise ParseProblem("wrong_type")
    file = PdfFile(data)
    facts = file.facts()
    sheets, notes = readable(list(file.sheets()))
    size = body_size(sheets)
    pages = _pages(sheets, size)
    headings = find_headings([page.lines for page in pages], facts.bookmarks, size)
    title = facts.title if not FILE_NAME.search(facts.title) else ""
    title = title or next((found.text for found in headings.values() if found), path.stem)
    sections = gather(parts(pages, headings), title)
    if not sections:
        raise ParseProblem("empty")
    return Document(title, declared_language(facts.language), facts.date, sections, notes)


def _pages(sheets: Sequence[Sheet], size: float) -> list[Page]:
    """Take away what stands around the text, and put the rest in reading order."""
    beside = line_numbers(sheets, size)
    bare = [
        replace(sheet, fragments=tuple(f for f in sheet.fragments if f not in beside))
        for sheet in sheets
    ]
    whole = without_furniture([_lines(sheet) for sheet in bare])
    return [_page(sheet.number, lines, size) for sheet, lines in zip(bare, whole, strict=True)]


def _lines(sheet: Sheet) -> list[Line]:
    """Give the lines of a page from the top, rows of drawn tables among them."""
    rows, outside = tables(sheet)
    return sorted([*rows, *lines_of(outside)], key=lambda line: -line.y)


def _page(number: int, lines: Sequence[Line], size: float) -> Page:
    """Set footnotes apart and order the rest."""
    text, notes = split_notes(lines, size)
    labels = labels_of(notes)
    ordered = aligned_rows(in_reading_order(text))
    return Page(number, [unmarked(line, labels) for line in ordered], notes)
