"""PDF files that cannot be read: each is a named problem with advice, never an empty success."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.parse.document import ADVICE, ParseProblem
from ingest.parse.pdf import read_pdf
from tests.ingest.parse.making import assembled, line, pdf
from tests.ingest.parse.samples import SAMPLES, all_text, needs_samples

IMAGE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
    b" /BitsPerComponent 8 /Length 1 >>\nstream\n\x00\nendstream"
)


def problem(path: Path) -> ParseProblem:
    """Read a file that must be refused."""
    with pytest.raises(ParseProblem) as caught:
        read_pdf(path)
    return caught.value


def refused(tmp_path: Path, data: bytes) -> str:
    """Write a file that must be refused, and give the code."""
    file = tmp_path / "feil.pdf"
    file.write_bytes(data)
    return problem(file).code


@needs_samples
@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("kryptert-krever-passord.pdf", "encrypted"),
        ("skadd-avkuttet.pdf", "damaged"),
        ("skadd-bare-hode.pdf", "damaged"),
        ("skann-norsk-uten-tekstlag.pdf", "scanned"),
        ("skann-to-spalter-engelsk.pdf", "scanned"),
        ("skrift-uten-tegnkart-type3.pdf", "unreadable"),
    ],
)
def test_a_real_file_that_cannot_be_read_is_named_with_advice(file: str, code: str) -> None:
    found = problem(SAMPLES / "pdf" / file)
    assert found.code == code
    assert found.advice in ADVICE.values()


def test_a_file_of_nothing_and_a_file_of_something_else_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"") == "empty"
    assert refused(tmp_path, b"<html><body>404</body></html>") == "wrong_type"


def test_pages_without_text_or_picture_are_empty(tmp_path: Path) -> None:
    assert refused(tmp_path, pdf(["", ""])) == "empty"


def test_a_missing_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert problem(tmp_path / "borte.pdf").code == "damaged"


def test_too_many_pages_are_refused_before_they_are_read(tmp_path: Path) -> None:
    assert refused(tmp_path, pdf(["BT ET"] * 2001)) == "too_many_pages"


def test_too_large_a_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, pdf([line(50, 700, "ord")]) + b"\x00" * 50_000_000) == "too_large"


def test_a_page_tree_that_goes_in_a_circle_ends(tmp_path: Path) -> None:
    circle = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
    ]
    assert refused(tmp_path, assembled(circle)) in {"damaged", "empty"}


def test_an_outline_that_goes_in_a_circle_leaves_the_text_readable(tmp_path: Path) -> None:
    outline = [
        b"<< /Type /Outlines /First 9 0 R /Last 9 0 R /Count 1 >>",
        b"<< /Title (Om og om igjen) /Parent 8 0 R /Next 9 0 R /Dest [6 0 R /Fit] >>",
    ]
    file = tmp_path / "ring.pdf"
    made = pdf([line(50, 700, "Teksten er der.")], catalog="/Outlines 8 0 R", more=outline)
    file.write_bytes(made)
    assert "Teksten er der." in all_text(read_pdf(file))


def test_a_form_that_draws_itself_ends(tmp_path: Path) -> None:
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 5"
        b" /Resources << /XObject << /X 8 0 R >> >> >>\nstream\n/X Do\nendstream"
    )
    page = line(50, 700, "Teksten er der.") + " /X Do"
    made = pdf([page], more=[form]).replace(
        b"/F2 4 0 R >> >>", b"/F2 4 0 R >> /XObject << /X 8 0 R >> >>"
    )
    file = tmp_path / "seg-selv.pdf"
    file.write_bytes(made)
    assert "Teksten er der." in all_text(read_pdf(file))


def test_a_page_that_unpacks_without_end_is_left_out_and_noted(tmp_path: Path) -> None:
    words = line(50, 700, "Første side er helt vanlig, med nok bokstaver på seg.")
    bomb = "0 0 m " * 20_000_000
    file = tmp_path / "bombe.pdf"
    file.write_bytes(pdf([words, bomb, words]))
    document = read_pdf(file)
    assert document.notes == ("Side 2 er skadet og kunne ikke leses.",)
    assert {block.page for section in document.sections for block in section.blocks} == {1, 3}


def test_a_picture_among_pages_of_text_is_noted(tmp_path: Path) -> None:
    words = line(50, 700, "En side med vanlig tekst, og nok av den til å telle.")
    made = pdf([words, "", words], more=[IMAGE]).replace(
        b"/Parent 2 0 R /MediaBox [0 0 595 842] /Resources 5 0 R  /Contents 9 0 R",
        b"/Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 12 0 R >> >>",
    )
    file = tmp_path / "bilde.pdf"
    file.write_bytes(made)
    assert read_pdf(file).notes == ("Side 2 er bilder uten tekst og er ikke med.",)
