"""Which parser a file is for: judged by its content, and held against what it was declared to be."""

import re
import zipfile
from io import BytesIO
from typing import Literal

from ingest.parse.document import ParseProblem
from ingest.parse.docx_package import FOREIGN_ERRORS, MAIN_PART

Kind = Literal["pdf", "html", "docx", "markdown", "lovdata"]

PDF_HEAD, ZIP_HEAD = b"%PDF-", b"PK\x03\x04"
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A Word file with a password is an old-style container that holds this name.
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
LOVDATA = re.compile(rb"""class=["'](?:documentHeader|data-document-key-info)["']""")
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|main|article|div|p|h1)\b", re.IGNORECASE)
MARKUP_START = re.compile(rb"\s*<(?:!|\?xml|[a-z])", re.IGNORECASE)
NAMES: dict[Kind, str] = {
    "pdf": "PDF",
    "html": "en nettside",
    "docx": "et Word-dokument",
    "markdown": "ren tekst",
    "lovdata": "en lov fra Lovdata",
}
DECLARED: dict[str, tuple[Kind, ...]] = {
    "application/pdf": ("pdf",),
    ".pdf": ("pdf",),
    "text/html": ("html", "lovdata"),
    "application/xhtml+xml": ("html", "lovdata"),
    ".html": ("html", "lovdata"),
    ".htm": ("html", "lovdata"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    ".docx": ("docx",),
    "text/markdown": ("markdown",),
    "text/plain": ("markdown",),
    ".md": ("markdown",),
    ".markdown": ("markdown",),
    ".txt": ("markdown",),
    "application/xml": ("lovdata", "html"),
    "text/xml": ("lovdata", "html"),
    ".xml": ("lovdata", "html"),
}


def choose(data: bytes, declared: str | None) -> Kind:
    """Choose the parser; `declared` is a content type or a suffix such as `.pdf`, or None.

    Raises ParseProblem: wrong_type when content and declaration disagree or no parser fits,
    encrypted for a Word file with a password, empty for nothing at all.
    """
    kind = _by_content(data)
    known = DECLARED.get((declared or "").split(";")[0].strip().lower())
    if known and kind not in known:
        advice = (
            f"Filen skulle være {NAMES[known[0]]}, men innholdet er {NAMES[kind]}. "
            "Kontroller adressen eller filnavnet."
        )
        raise ParseProblem("wrong_type", advice)
    return kind


def _by_content(data: bytes) -> Kind:
    """Judge by the first bytes, and for text by its marks."""
    if not data.strip():
        raise ParseProblem("empty")
    if PDF_HEAD in data[:1024]:
        return "pdf"
    if data.startswith(ZIP_HEAD):
        return _office(data)
    if data.startswith(OLE_HEAD):
        if LOCKED_OFFICE in data:
            raise ParseProblem("encrypted")
        raise ParseProblem("wrong_type", "Gammelt Office-format. Lagre filen på nytt som .docx.")
    if data.startswith(b"{\\rtf") or (b"\x00" in data[:4096] and not data.startswith(TEXT_MARKS)):
        raise ParseProblem("wrong_type", "Filtypen kan ikke leses. Lagre som PDF eller .docx.")
    return _text(data)


def _office(data: bytes) -> Kind:
    """Tell a Word file from other zip files."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = set(package.namelist())
    except FOREIGN_ERRORS as error:
        raise ParseProblem("damaged") from error
    if MAIN_PART not in names:
        raise ParseProblem("wrong_type", "Zip-filen er ikke et Word-dokument.")
    return "docx"


def _text(data: bytes) -> Kind:
    """Tell acts, web pages and plain text apart."""
    if LOVDATA.search(data[:20_000]):
        return "lovdata"
    if MARKUP_START.match(data.removeprefix(TEXT_MARKS[0])) and HTML.search(data[:20_000]):
        return "html"
    if data.lstrip().startswith(b"<?xml"):
        raise ParseProblem("wrong_type", "XML av ukjent slag kan ikke leses.")
    return "markdown"
