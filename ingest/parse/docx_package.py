"""The outside of a Word file: a zip that must not unpack to too much or hold XML traps."""

import zipfile
import zlib
from io import BytesIO

from ingest.parse.document import ParseProblem

LARGEST_UNPACKED = 200_000_000
LARGEST_PART = 100_000_000
MOST_PARTS = 5_000
# Word's own XML packs to a tenth or a thirtieth; a bomb packs to a thousandth.
MOST_TIMES = 150
SMALL_PART = 1_000_000
MAIN_PART = "word/document.xml"
XML_TRAPS = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
ENCRYPTED_FLAG = 0x1
FOREIGN_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def check_package(data: bytes) -> None:
    """Raise ParseProblem for a zip that is damaged, locked, a bomb, or no Word file."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            _check_sizes(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_xml(package.read(part))
    except FOREIGN_ERRORS as error:
        raise ParseProblem("damaged") from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what unpacks to too much, before anything is unpacked."""
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise ParseProblem("encrypted")
    if MAIN_PART not in {part.filename for part in parts}:
        raise ParseProblem("wrong_type")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise ParseProblem("too_large")
    for part in parts:
        bomb = part.file_size > SMALL_PART and part.file_size > MOST_TIMES * part.compress_size
        if bomb or part.file_size > LARGEST_PART:
            raise ParseProblem("too_large")


def _check_xml(content: bytes) -> None:
    """Refuse entity definitions: Word writes none, and they can grow without end."""
    if any(trap in content for trap in XML_TRAPS):
        raise ParseProblem("malformed")
