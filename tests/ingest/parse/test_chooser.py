"""The parser is chosen by what a file holds; what it was said to be must agree."""

from __future__ import annotations

import pytest

from ingest.parse.chooser import Kind, choose
from ingest.parse.document import ParseProblem
from tests.ingest.parse.making import docx, line, paragraph, pdf
from tests.ingest.parse.samples import SAMPLES, needs_samples

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = b"<!DOCTYPE html><html><body><p>404 Not Found</p></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@needs_samples
@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("pdf/*.pdf", "pdf"),
        ("html/*.html", "html"),
        ("docx/*.docx", "docx"),
        ("lovdata/**/*.xml", "lovdata"),
        ("lover/**/*.md", "markdown"),
    ],
)
def test_every_sample_is_known_by_its_content_and_its_suffix(pattern: str, kind: Kind) -> None:
    files = sorted(SAMPLES.glob(pattern))
    assert files
    for file in files:
        data = file.read_bytes()
        assert choose(data, None) == choose(data, file.suffix) == kind, file.name


@pytest.mark.parametrize(
    ("data", "declared", "said", "is_really"),
    [
        (PAGE, "application/pdf", "PDF", "en nettside"),
        (PAGE, ".docx", "et Word-dokument", "en nettside"),
        (pdf([line(50, 700, "Hei")]), "text/html; charset=utf-8", "en nettside", "PDF"),
        (docx(paragraph("Hei")), "application/pdf", "PDF", "et Word-dokument"),
        (b"Bare tekst.", "application/pdf", "PDF", "ren tekst"),
    ],
)
def test_content_that_is_not_what_it_was_served_as_is_refused_in_plain_words(
    data: bytes, declared: str, said: str, is_really: str
) -> None:
    with pytest.raises(ParseProblem) as caught:
        choose(data, declared)
    assert caught.value.code == "wrong_type"
    assert f"skulle være {said}, men innholdet er {is_really}" in caught.value.advice


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (OLE, "wrong_type"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04" + bytes(50), "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "wrong_type"),
        (b"{\\rtf1 hei}", "wrong_type"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "wrong_type"),
    ],
)
def test_files_that_no_parser_fits_are_named(data: bytes, code: str) -> None:
    with pytest.raises(ParseProblem) as caught:
        choose(data, None)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "declared", "kind"),
    [
        (b"\xef\xbb\xbf" + PAGE, "text/html", "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "text/html", "html"),
        (b"Ring < 3 ganger <br>", "text/plain", "markdown"),
        ("Æøå".encode("utf-16"), ".txt", "markdown"),
        (docx(paragraph("Hei")), DOCX_TYPE, "docx"),
        (PAGE, "application/octet-stream", "html"),
    ],
)
def test_odd_but_honest_files_are_let_through(data: bytes, declared: str, kind: Kind) -> None:
    assert choose(data, declared) == kind
