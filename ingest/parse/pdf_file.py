"""The only file that knows pypdf: opens a PDF, names what is wrong, and reads page after page."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    Destination,
    NameObject,
    NullObject,
    TextStringObject,
)

from ingest.parse.document import ParseProblem
from ingest.parse.pdf_ink import Bookmark, Sheet
from ingest.parse.pdf_pen import Pen
from ingest.parse.pdf_widths import WORD_SPACE
from ingest.parse.plain import iso_date, one_line

MOST_PAGES = 2000
# pypdf's manual: broken files may raise other exceptions than its own. These have been seen.
FOREIGN_ERRORS = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
SHOWING = {b"Tj", b"TJ", b"'", b'"'}
STAND_STILL = ([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], b"cm")
# Gaps between words in justified text were 160 to 370 thousandths, kerning below 35.
WORD_GAP = 130.0
MOST_BOOKMARKS = 2000


@dataclass(frozen=True)
class PdfFacts:
    """What the file says of itself."""

    title: str
    language: str | None
    date: str | None
    bookmarks: tuple[Bookmark, ...]
    pages: int


class PdfFile:
    """An open PDF; raises ParseProblem when it is locked, damaged or too long."""

    def __init__(self, data: bytes) -> None:
        """Open the file, with the empty password where it is encrypted."""
        try:
            self._reader = PdfReader(BytesIO(data), strict=False)
            if self._reader.is_encrypted and not self._reader.decrypt(""):
                raise ParseProblem("encrypted")
            self._count = len(self._reader.pages)
        except DependencyError as error:
            raise ParseProblem("encrypted") from error
        except FOREIGN_ERRORS as error:
            raise ParseProblem("damaged") from error
        if self._count > MOST_PAGES:
            raise ParseProblem("too_many_pages")
        if not self._count:
            raise ParseProblem("damaged")

    def facts(self) -> PdfFacts:
        """Read title, language, date and outline; what cannot be read is left out."""
        try:
            stated = self._reader.metadata or {}
            title = one_line(str(stated.get("/Title") or ""))
            day = iso_date(str(stated.get("/ModDate") or stated.get("/CreationDate") or ""))
            language = self._reader.root_object.get("/Lang")
        except FOREIGN_ERRORS:
            title, day, language = "", None, None
        return PdfFacts(
            title, str(language) if language else None, day, self._bookmarks(), self._count
        )

    def _bookmarks(self) -> tuple[Bookmark, ...]:
        """Flatten the outline; a broken one counts as none."""
        try:
            return tuple(islice(self._walk(self._reader.outline, 1), MOST_BOOKMARKS))
        except FOREIGN_ERRORS:
            return ()

    def _walk(self, entries: list[object], level: int) -> Iterator[Bookmark]:
        """Give the entries of one level, each followed by those below it."""
        for entry in entries:
            if isinstance(entry, list):
                yield from self._walk(entry, level + 1)
            elif isinstance(entry, Destination) and entry.title:
                page = self._reader.get_destination_page_number(entry)
                if page is not None:
                    yield Bookmark(level, one_line(str(entry.title)), page + 1)

    def sheets(self) -> Iterator[Sheet | None]:
        """Read the pages in order; None stands for a page that cannot be read."""
        for number in range(1, self._count + 1):
            try:
                yield self._sheet(number)
            except FOREIGN_ERRORS:
                yield None

    def _sheet(self, number: int) -> Sheet:
        """Read one page, turned upright, and let go of what pypdf keeps of it."""
        page = self._reader.pages[number - 1]
        if page.rotation:
            page.transfer_rotation_to_content()
        pen = Pen()
        if page.get("/Contents") is not None:
            content = ContentStream(page["/Contents"], self._reader, "bytes")
            content.operations = list(_apart(content.operations))
            page[NameObject("/Contents")] = content
            page.extract_text(visitor_operand_before=pen.before, visitor_text=pen.text)
            page[NameObject("/Contents")] = NullObject()
        return Sheet(
            number,
            float(page.mediabox.height),
            pen.fragments(),
            tuple(pen.strokes.rules),
            _has_picture(page),
        )


def _apart(operations: list[tuple[Any, bytes]]) -> Iterator[tuple[Any, bytes]]:
    """Make pypdf report each shown piece by itself: it hands over its text at every `cm`."""
    for operands, operator in operations:
        if operator == b"TJ" and operands and isinstance(operands[0], list):
            yield [ArrayObject(_spaced(operands[0]))], operator
        else:
            yield operands, operator
        if operator in SHOWING:
            yield STAND_STILL


def _spaced(pieces: list[Any]) -> Iterator[Any]:
    """Put a space where the pen jumps by the width of one between strings."""
    for piece in pieces:
        if isinstance(piece, (int, float)) and -piece >= WORD_GAP:
            yield TextStringObject(WORD_SPACE)
        yield piece


def _has_picture(page: PageObject) -> bool:
    """Tell whether a page holds an image, as a scan does."""
    try:
        resources = page.get("/Resources")
        objects = resources.get_object().get("/XObject") if resources is not None else None
        found = objects.get_object().values() if objects is not None else ()
        return any(item.get_object().get("/Subtype") == "/Image" for item in found)
    except FOREIGN_ERRORS:
        return False
