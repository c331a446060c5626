"""Word files: headings however they were made, lists, tables and notes; and files that bite."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from ingest.parse.document import Document, ParseProblem
from ingest.parse.docx import read_docx
from tests.ingest.parse.making import WORD, docx, paragraph, table
from tests.ingest.parse.samples import (
    SAMPLES,
    all_text,
    blocks,
    headings_of,
    needs_samples,
    places,
)

HARSTAD = "harstad-plan-likestilling-mangfold.docx"
NOARK = "noark5-kravspesifikasjon.docx"
CATALOGUE = "noark5-vedlegg1-metadatakatalog.docx"
LOGGING = "noark5-vedlegg3-logging.docx"


def made(tmp_path: Path, data: bytes) -> Document:
    """Read a Word file made of these bytes."""
    file = tmp_path / "rutine.docx"
    file.write_bytes(data)
    return read_docx(file)


def refused(tmp_path: Path, data: bytes) -> str:
    """Write a file that must be refused, and give the code."""
    with pytest.raises(ParseProblem) as caught:
        made(tmp_path, data)
    return caught.value.code


@needs_samples
@pytest.mark.parametrize(
    ("file", "heading", "words"),
    [
        (
            HARSTAD,
            "PLAN FOR LIKESTILLING, MANGFOLD OG MOT DISKRIMINERING",
            "Denne handlingsplan er et strategisk styrende dokument for Harstad kommune",
        ),
        (
            HARSTAD,
            "ANSVAR",
            "Partssammensatt utvalg for adm. og likestilling er kommunens utvalg for denne plan",
        ),
        (
            HARSTAD,
            "GYLDIGHET OG FRISTER",
            "Planen gjøres gjeldende fra 28.05.2014 og målene skal oppnås",
        ),
        (
            NOARK,
            "Innledning",
            "Noark er en norsk standard for arkivdanning og dokumentasjonsforvaltning, som er utviklet",
        ),
        (
            NOARK,
            "Skjerming",
            "Skjerming benyttes til å skjerme registrerte opplysninger eller enkeltdokumenter",
        ),
        (
            NOARK,
            "Periodisering (kontrollert tidsskille)",
            "Ved fysisk arkivering har det ofte vært ønskelig å skille ut",
        ),
        (
            CATALOGUE,
            "Metadatakatalog",
            "Ved utarbeidelsen av metadata i Noark 5 er det tatt utgangspunkt i",
        ),
        (CATALOGUE, "Metadatakatalog", "Globalt unik identifikasjon av arkivenheten (UID)."),
        (
            CATALOGUE,
            "Metadatakatalog",
            "Entydig identifikasjon av klassen innenfor klassifikasjonssystemet.",
        ),
        (
            LOGGING,
            "Oversikt over metadata hvor det skal logges at det gjøres endringer i innholdet",
            "Når verdiene for noen sentrale metadataelementer blir endret, skal dette logges",
        ),
        (LOGGING, "Oversikt over metadata", "Ved endring etter status Avsluttet"),
        (LOGGING, "Oversikt over metadata", "presedens"),
    ],
)
def test_the_words_of_a_real_file_stand_under_their_heading(
    file: str, heading: str, words: str
) -> None:
    document = read_docx(SAMPLES / "docx" / file)
    found = places(document, words)
    assert found
    assert any(heading in headings_of(document, section) for section, _ in found)


@needs_samples
def test_one_cell_tables_are_headings_and_symbol_bullets_are_items() -> None:
    document = read_docx(SAMPLES / "docx" / HARSTAD)
    section, block = places(document, "Nulltoleranse for trakassering på arbeidsplassen")[0]
    assert section.headings == ("BESKYTTELSE MOT TRAKASSERING OG DISKRIMINERING", "MÅL:")
    assert (block.kind, block.text[:14]) == ("item", "Nulltoleranse ")


@needs_samples
def test_the_typed_table_of_contents_and_the_author_are_left_out() -> None:
    text = all_text(read_docx(SAMPLES / "docx" / NOARK))
    assert "1.2.1 Standardens virkeområde" not in text
    assert "INNHOLD" not in text
    assert "Eilertsen" not in all_text(read_docx(SAMPLES / "docx" / HARSTAD))


@needs_samples
def test_footnotes_follow_the_paragraph_that_refers_to_them() -> None:
    document = read_docx(SAMPLES / "docx" / NOARK)
    notes = [block.text for _, block in blocks(document) if block.kind == "footnote"]
    assert len(notes) == 16
    assert notes[0].startswith("1 I arkivforskriften fra 1998")


@needs_samples
def test_a_merged_row_holds_each_field_once() -> None:
    document = read_docx(SAMPLES / "docx" / CATALOGUE)
    rows = [block.text for _, block in blocks(document) if block.kind == "table_row"]
    assert rows[0] == "Nr\tM001\tNavn\tsystemID"


def test_bold_lines_outline_levels_lists_and_insertions_are_understood(tmp_path: Path) -> None:
    inserted = "<w:ins><w:r><w:t>satt inn</w:t></w:r></w:ins>"
    taken_out = "<w:moveFrom><w:r><w:t> flyttet</w:t></w:r></w:moveFrom>"
    box = f"<w:r><w:txbxContent>{paragraph('I en boks')}</w:txbxContent></w:r>"
    body = (
        paragraph("Rutine", '<w:outlineLvl w:val="0"/>')
        + paragraph("Hvem ringer", run="<w:b/>")
        + f"<w:p><w:r><w:t>Tekst </w:t></w:r>{inserted}{taken_out}{box}</w:p>"
        + paragraph("Ring Nav", "<w:numPr/>")
        + "<w:sdt><w:sdtContent>" + paragraph("I en ramme") + "</w:sdtContent></w:sdt>"
    )  # fmt: skip
    document = made(tmp_path, docx(body))
    (section,) = document.sections
    assert (document.title, section.headings) == ("Rutine", ("Hvem ringer",))
    assert [(b.kind, b.text) for b in section.blocks] == [
        ("paragraph", "Tekst satt inn"),
        ("paragraph", "I en boks"),
        ("item", "Ring Nav"),
        ("paragraph", "I en ramme"),
    ]


def test_a_field_merged_downwards_repeats_its_text(tmp_path: Path) -> None:
    start = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("Nav")
    goes_on = "<w:tcPr><w:vMerge/></w:tcPr><w:p/>"
    document = made(tmp_path, docx(table([(start, "ringe"), (goes_on, "skrive")])))
    assert [b.text for _, b in blocks(document)] == ["Nav\tringe", "Nav\tskrive"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = docx(paragraph("Hei"), {"word/media/stor.bin": b"\x00" * 30_000_000})
    assert refused(tmp_path, bomb) == "too_large"


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    data = bytearray(docx(paragraph("Hei " * 5000)))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (50).to_bytes(4, "little")
    assert refused(tmp_path, bytes(data)) in {"damaged", "malformed"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["word/document.xml", "customXml/item1.xml"])
def test_an_xml_bomb_is_refused_in_any_part(tmp_path: Path, encoding: str, part: str) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY e0 "ha">{entities}]>'
        f'<w:document xmlns:w="{WORD}"><w:body>{paragraph("&e11;")}</w:body></w:document>'
    )
    data = docx(paragraph("Hei"), {part: bomb.encode(encoding)})
    assert refused(tmp_path, data) == "malformed"


def test_other_zip_files_damaged_ones_and_empty_ones_are_named(tmp_path: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    assert refused(tmp_path, packed.getvalue()) == "wrong_type"
    assert refused(tmp_path, docx(paragraph("Hei"))[:-40]) == "damaged"
    assert refused(tmp_path, docx(paragraph(""))) == "empty"
    assert refused(tmp_path, docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000)) == "malformed"
