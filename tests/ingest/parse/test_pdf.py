"""PDF files: the words of a page, in the order a person reads them, with page and heading."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ingest.parse.document import Document
from ingest.parse.pdf import read_pdf
from tests.ingest.parse.making import line, pdf, rule
from tests.ingest.parse.samples import (
    SAMPLES,
    all_text,
    blocks,
    headings_of,
    needs_samples,
    places,
    words,
)

NOARK = "noark5-spesifikasjon-161-sider.pdf"
TABLES = "noark5-vedlegg2-tabeller.pdf"
LOGGING = "noark5-vedlegg3-logging.pdf"
KJONN = "kjonn-og-akademia-introduksjon.pdf"
COLUMNS = "to-spalter-forvaltningsloven-13.pdf"


@cache
def sample(name: str) -> Document:
    """Read a sample once for all tests; it cannot be changed."""
    return read_pdf(SAMPLES / "pdf" / name)


def made(tmp_path: Path, *pages: str, catalog: str = "", page: str = "") -> Document:
    """Read a PDF made of these pages."""
    file = tmp_path / "laget.pdf"
    file.write_bytes(pdf(pages, catalog, page))
    return read_pdf(file)


def texts(document: Document) -> list[tuple[str, str]]:
    """Give kind and text of every block."""
    return [(block.kind, block.text) for _, block in blocks(document)]


@needs_samples
@pytest.mark.parametrize(
    ("file", "page", "heading", "wanted"),
    [
        (NOARK, 2, "", "faller inn under unntakene i åndsverkslovens § 14, og er ikke opphavs"),
        (NOARK, 17, "1 Innledning", "Noark er en norsk standard for arkivdanning og"),
        (NOARK, 21, "1.4 Noark 5 brukt i dok", "og vedlikeholde bevis på og informasjon"),
        (NOARK, 41, "2.7 Dok", "Det skal finnes en funksjon/tjeneste for å arkivere en eller"),
        (NOARK, 131, "B.1.2 Metadata for arkivskaper", "1-M forekomster av arkivskaper grupperes"),
        (TABLES, 1, "Metadata gruppert på objekter", "I denne oversikten blir metadata i Noark 5"),
        (TABLES, 9, "Metadata for dokumentflyt", "0-M forekomster av dokumentflyt grupperes"),
        (TABLES, 23, "D. Metadata som ikke", "Disse metadataene inngår ikke i arkivstrukturen"),
        (LOGGING, 1, "Oversikt over metadata", "Når verdiene for noen sentrale metadataelementer"),
        (LOGGING, 1, "Oversikt", "mappe M020 tittel Ved endring etter status Avsluttet"),
        (LOGGING, 2, "Oversikt", "bevaring og kassasjon M453 kassasjonshjemmel Ved endring"),
        (KJONN, 1, "Introduksjon", "Femti år etter den store utdanningsrevolusjonen, der kvinner"),
        (KJONN, 1, "Introduksjon", "førte dette til behov for å utvikle nye nasjonale initiativer"),
        (KJONN, 5, "I: Hvordan skal vi", "Kapitlene i den første delen av denne boken diskuterer"),
        (COLUMNS, 1, "§ 13. (taushetsplikt).", "plikter å hindre at andre får adgang eller"),
        (COLUMNS, 1, "§ 13. (taushetsplikt).", "Taushetsplikten gjelder også etter at"),
        (COLUMNS, 2, "§ 13 c.", "Vedkommende forvaltningsorgan skal sørge for at taushetsplikten"),
        ("kryptert-tomt-passord-rc4.pdf", 1, "", "pdf encryption test"),
        ("kryptert-tomt-passord-aes256.pdf", 1, "", "pdf encryption test"),
    ],
)
def test_the_words_of_a_real_file_stand_on_their_page_under_their_heading(
    file: str, page: int, heading: str, wanted: str
) -> None:
    found = places(sample(file), wanted)
    headings = [headings_of(sample(file), section) for section, b in found if b.page == page]
    assert len(headings) == 1
    assert heading in headings[0]


@needs_samples
def test_margin_line_numbers_are_gone_from_a_whole_report() -> None:
    text = all_text(sample(NOARK))
    assert "i internasjonale standarder som ISO 15489" in text
    assert "samsvar166" not in text
    assert "166 Dokumentasjonsforvaltning" not in text


@needs_samples
def test_running_heads_page_numbers_and_contents_are_gone() -> None:
    for name, gone in (
        (NOARK, ("NOARK 5 BRUKT I DOKUMENTASJONSFORVALTNINGEN", ". . . .", "fra forrige side")),
        (TABLES, ("side 6 av 23", "Versjon 5.0 beta", "Arkivverket 06.12")),
        (COLUMNS, ("Side 1 av 2", "Utdrag til prøvebruk")),
    ):
        for words_gone in gone:
            assert words_gone not in all_text(sample(name)), words_gone
    paragraphs = {block.text for _, block in blocks(sample(KJONN))}
    assert not {"introduksjon", "kjønn og akademia", "12", "15"} & paragraphs


@needs_samples
def test_footnotes_are_kept_apart_and_their_marks_do_not_stick_to_a_law() -> None:
    notes = [block for _, block in blocks(sample(NOARK)) if block.kind == "footnote"]
    assert (notes[0].page, notes[0].text[:24]) == (2, "1 «Lover, forskrifter, r")
    assert "§ 141" not in all_text(sample(NOARK))


@needs_samples
def test_words_divided_at_line_ends_are_whole_but_meant_hyphens_stay() -> None:
    text = all_text(sample(KJONN))
    for whole in ("doktorgrad", "omsorgs- og husarbeid", "EFTA-domstolen", "BALANSE-programmet"):
        assert whole in text, whole
    assert "følge." in all_text(sample(COLUMNS)), "divided over a page break"


@needs_samples
def test_columns_that_lie_across_each_other_in_the_file_are_read_one_by_one() -> None:
    text = all_text(sample(COLUMNS))
    assert "kan kreve skriftlig erklæring om at de kjenner og vil respektere reglene." in text
    order = [text.index(f"§ 13 {letter}. (") for letter in "abcdefg"]
    assert order == sorted(order)


@needs_samples
def test_the_table_of_a_pdf_reads_like_that_of_the_word_file_it_was_made_from() -> None:
    from ingest.parse.docx import read_docx

    word = read_docx(SAMPLES / "docx" / "noark5-vedlegg3-logging.docx")
    rows = [
        [words(block.text) for _, block in blocks(document) if block.kind == "table_row"]
        for document in (sample(LOGGING), word)
    ]
    assert len(rows[0]) == len(rows[1]) == 51
    assert sum(one == other for one, other in zip(*rows, strict=True)) >= 47


def prose(start: int, count: int) -> list[str]:
    """Give lines of running text, each with words of its own."""
    return [
        f"linje {n} med ord som fyller ut hele bredden av en spalte"
        for n in range(start, start + count)
    ]


def test_two_columns_set_across_in_one_text_object_are_read_in_order(tmp_path: Path) -> None:
    across = "BT /F1 9 Tf 50 700 Td "
    for left, right in zip(prose(1, 12), prose(101, 12), strict=True):
        across += f"({left}) Tj 260 0 Td ({right}) Tj -260 -12 Td "
    text = all_text(made(tmp_path, across + "ET"))
    numbers = [int(word) for word in text.split() if word.isdigit()]
    assert numbers == [*range(1, 13), *range(101, 113)]


def test_a_title_over_two_columns_comes_first(tmp_path: Path) -> None:
    content = [line(50, 780, "En tittel som går over hele bredden av siden", 20)]
    for row, (left, right) in enumerate(zip(prose(1, 8), prose(101, 8), strict=True)):
        content += [line(310, 700 - 12 * row, right, 9), line(50, 700 - 12 * row, left, 9)]
    document = made(tmp_path, "\n".join(content))
    assert document.sections[0].headings == ()
    assert document.title == "En tittel som går over hele bredden av siden"
    numbers = [int(word) for word in all_text(document).split() if word.isdigit()]
    assert numbers == [*range(1, 9), *range(101, 109)]


def test_a_drawn_table_is_read_row_by_row_with_its_wrapped_fields_whole(tmp_path: Path) -> None:
    content = [rule(50, y, 500, y) for y in (600, 570, 530)]
    content += [rule(x, 530, x, 600) for x in (50, 150, 500)]
    content += [line(55, 580, "Hvem"), line(155, 580, "Ansvar")]
    content += [
        line(55, 555, "Skolen"),
        line(155, 555, "melder fra til"),
        line(155, 543, "barnevernet"),
    ]
    assert texts(made(tmp_path, "\n".join(content))) == [
        ("table_row", "Hvem\tAnsvar"),
        ("table_row", "Skolen\tmelder fra til barnevernet"),
    ]


def test_a_table_without_lines_is_read_row_by_row(tmp_path: Path) -> None:
    content = [line(50, 700, "Her står det hvem du kan ringe til i kommunen:")]
    for row, (who, number) in enumerate((("Vakta", "55 00"), ("Legen", "55 11"), ("Nav", "55 33"))):
        content += [line(50, 670 - 15 * row, who), line(300, 670 - 15 * row, number)]
    assert texts(made(tmp_path, "\n".join(content)))[1:] == [
        ("table_row", "Vakta\t55 00"),
        ("table_row", "Legen\t55 11"),
        ("table_row", "Nav\t55 33"),
    ]


def test_bold_lines_and_large_lines_are_headings_at_their_levels(tmp_path: Path) -> None:
    content = [
        line(50, 760, "Rutine for bekymring", 22),
        line(50, 720, "Første steg", 14),
        line(50, 700, "Ring koordinatoren samme dag som du blir bekymret."),
        line(50, 670, "Hvem som ringer", 10, "F2"),
        line(50, 655, "Den som først ser noe, ringer også først, og skriver det ned."),
    ]
    document = made(tmp_path, "\n".join(content))
    assert document.title == "Rutine for bekymring"
    assert [section.headings for section in document.sections] == [
        ("Første steg",),
        ("Første steg", "Hvem som ringer"),
    ]


def test_a_paragraph_goes_on_over_the_page_and_keeps_the_page_it_began_on(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        line(50, 100, "Første side slutter midt i en setning som går over på neste,"),
        line(50, 780, "og den ender her. Så begynner en ny."),
    )
    ((_, block),) = blocks(document)
    assert block.page == 1
    assert block.text.endswith("over på neste, og den ender her. Så begynner en ny.")


def test_a_page_lying_on_its_side_is_read_upright_tables_and_all(tmp_path: Path) -> None:
    upright = [rule(50, y, 500, y) for y in (600, 570, 530)]
    upright += [rule(x, 530, x, 600) for x in (50, 150, 500)]
    upright += [line(55, 580, "Hvem"), line(155, 580, "Ansvar"), line(55, 550, "Skolen")]
    turned = "q 0 1 -1 0 700 0 cm\n" + "\n".join(upright) + "\nQ"
    rows = [("table_row", "Hvem\tAnsvar"), ("table_row", "Skolen")]
    assert texts(made(tmp_path, turned, page="/Rotate 90")) == rows
    assert texts(made(tmp_path, turned)) == rows


def test_the_square_metre_keeps_its_two(tmp_path: Path) -> None:
    raised = (
        "BT /F1 10 Tf 1 0 0 1 50 700 Tm (Huset er 80 m) Tj /F1 6 Tf 1 0 0 1 116 704 Tm (2) Tj ET"
    )
    assert "80 m2" in all_text(made(tmp_path, raised))


def test_a_script_in_a_file_is_never_run_and_its_words_never_read(tmp_path: Path) -> None:
    catalog = "/OpenAction << /S /JavaScript /JS (app.alert\\('hei'\\)) >>"
    document = made(tmp_path, line(50, 700, "Vanlig tekst i en vanlig fil."), catalog=catalog)
    assert texts(document) == [("paragraph", "Vanlig tekst i en vanlig fil.")]
