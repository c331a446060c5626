"""The only file that knows pypdf: opens a PDF, names what is wrong, and reads page after page."""

import logging
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ContentStream, Destination, NameObject, NullObject

from ingest.parse.document import ParseProblem
from ingest.parse.pdf_ink import Bookmark, PdfFacts, Sheet
from ingest.parse.pdf_pen import Pen, apart
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
MOST_BOOKMARKS = 2000
# pypdf warns about every odd font; what matters is said by ParseProblem.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


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
            stated: Mapping[str, object] = self._reader.metadata or {}
            title = one_line(str(stated.get("/Title") or ""))
            day = iso_date(str(stated.get("/ModDate") or stated.get("/CreationDate") or ""))
            language = self._reader.root_object.get("/Lang")
        except FOREIGN_ERRORS:
            title, day, language = "", None, None
        return PdfFacts(title, str(language) if language else None, day, self._bookmarks())

    def _bookmarks(self) -> tuple[Bookmark, ...]:
        """Flatten the outline; a broken one counts as none."""
        try:
            return tuple(islice(self._walk(self._reader.outline, 1), MOST_BOOKMARKS))
        except FOREIGN_ERRORS:
            return ()

    def _walk(self, entries: Sequence[object], level: int) -> Iterator[Bookmark]:
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
        """Read one page, and let go of what pypdf keeps of it."""
        page = self._reader.pages[number - 1]
        pen = Pen()
        if page.get("/Contents") is not None:
            content = ContentStream(page["/Contents"], self._reader, "bytes")
            content.operations = list(apart(content.operations))
            page[NameObject("/Contents")] = content
            page.extract_text(visitor_operand_before=pen.before, visitor_text=pen.text)
            page[NameObject("/Contents")] = NullObject()
        return Sheet(
            number,
            pen.fragments(),
            pen.rules(),
            _has_picture(page),
        )


def _has_picture(page: PageObject) -> bool:
    """Tell whether a page holds an image, as a scan does."""
    try:
        resources = page.get("/Resources")
        objects = resources.get_object().get("/XObject") if resources is not None else None
        found = objects.get_object().values() if objects is not None else ()
        return any(item.get_object().get("/Subtype") == "/Image" for item in found)
    except FOREIGN_ERRORS:
        return False
