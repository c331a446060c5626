"""Parsers in a child process: the same result, and nothing a file does reaches further."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import pytest

from ingest.parse.act import Act
from ingest.parse.chooser import Kind
from ingest.parse.document import Block, Document, ParseProblem, Section
from ingest.parse.guarded import read_act_guarded, read_guarded
from ingest.parse.lovdata import read_act
from ingest.parse.lovdata_markdown import read_act_markdown
from ingest.parse.pdf import read_pdf
from ingest.parse.wire import packed, unpacked
from tests.ingest.parse.making import docx, line, paragraph, pdf
from tests.ingest.parse.samples import SAMPLES, TODAY, all_text, needs_samples

ROOT = Path(__file__).parents[3]


def written(folder: Path, name: str, data: bytes) -> Path:
    """Write a file."""
    file = folder / name
    file.write_bytes(data)
    return file


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", pdf([line(50, 700, "Ring koordinatoren i kommunen på dagtid, «først».")])),
        ("docx", docx(paragraph("Ring koordinatoren i kommunen på dagtid, «først»."))),
        ("markdown", "# Å ringe\n\nRing koordinatoren i kommunen på dagtid, «først».".encode()),
        (
            "html",
            "<html><body><main><h1>Å ringe</h1><p>Ring koordinatoren i kommunen på dagtid, «først»."
            "</p></main></body></html>".encode(),
        ),
    ],
)
def test_every_kind_of_file_is_read_in_a_child_process(
    tmp_path: Path, kind: Kind, data: bytes
) -> None:
    document = read_guarded(kind, written(tmp_path, "ålesund rutine", data))
    assert "Ring koordinatoren i kommunen på dagtid, «først»." in all_text(document)


@needs_samples
def test_the_child_gives_the_very_same_document_and_act() -> None:
    file = SAMPLES / "pdf" / "to-spalter-forvaltningsloven-13.pdf"
    assert read_guarded("pdf", file) == read_pdf(file)
    act = SAMPLES / "lovdata" / "nl-19610616-015.xml"
    assert read_act_guarded(act, TODAY) == read_act(act, TODAY)
    as_text = SAMPLES / "lover" / "LOV-2009-06-19-44.md"
    assert read_act_guarded(as_text, TODAY) == read_act_markdown(as_text, TODAY)
    assert read_guarded("lovdata", act).title == read_act(act, TODAY).title


@needs_samples
def test_a_problem_comes_through_with_its_advice() -> None:
    with pytest.raises(ParseProblem) as caught:
        read_guarded("pdf", SAMPLES / "pdf" / "skann-norsk-uten-tekstlag.pdf")
    assert caught.value.code == "scanned"
    assert "OCR" in caught.value.advice


@needs_samples
def test_a_file_that_takes_too_long_is_given_up_on_time() -> None:
    began = time.monotonic()
    with pytest.raises(ParseProblem) as caught:
        read_guarded("pdf", SAMPLES / "pdf" / "noark5-spesifikasjon-161-sider.pdf", seconds=0.5)
    assert caught.value.code == "timeout"
    assert time.monotonic() - began < 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_the_child_cannot_take_more_memory_than_its_share(tmp_path: Path) -> None:
    file = written(tmp_path, "rutine.md", b"# Rutine\n\nRing koordinatoren.")
    code = f"from ingest.parse.child import main; main(['markdown', {str(file)!r}])"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; bytearray(3 * 1024**3)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "MemoryError" in done.stderr


def test_a_small_file_that_swells_without_end_is_stopped(tmp_path: Path) -> None:
    # 70 MB of drawing in 100 kB, just below what pypdf itself refuses.
    file = written(tmp_path, "svulmer.pdf", pdf(["0 0 m " * 11_500_000]))
    assert file.stat().st_size < 150_000
    with pytest.raises(ParseProblem) as caught:
        read_guarded("pdf", file, seconds=4)
    assert caught.value.code in {"timeout", "too_large"}


def test_a_child_that_dies_without_a_word_is_a_problem_with_the_file(tmp_path: Path) -> None:
    unknown = cast(Kind, "ukjent")
    with pytest.raises(ParseProblem) as caught:
        read_guarded(unknown, written(tmp_path, "fil", b"Tekst."))
    assert caught.value.code == "damaged"


@needs_samples
def test_a_document_an_act_and_a_problem_come_back_as_they_went() -> None:
    block = Block("table_row", "Æ\tø\u2028å", 3)
    document = Document("T", None, None, (Section(("H",), (block,), "a", None),), ("note",))
    assert unpacked(packed(document).encode("ascii")) == document
    act = read_act(SAMPLES / "lovdata" / "nl-20250620-093.xml", TODAY)
    back = unpacked(packed(act).encode("ascii"))
    assert isinstance(back, Act) and back == act
    with pytest.raises(ParseProblem) as caught:
        unpacked(packed(ParseProblem("scanned", "Prøv OCR.")).encode())
    assert (caught.value.code, caught.value.advice) == ("scanned", "Prøv OCR.")
    with pytest.raises(ValueError, match="no document"):
        unpacked(b"{}")
