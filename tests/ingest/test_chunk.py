"""A passage stands on one page, so that the page it is cited by is the one its words are on."""

from __future__ import annotations

from pathlib import Path

from assistant.domain import Authority, Source
from ingest.chunk import TARGET, passages
from ingest.parse.document import Block, Document, Section
from ingest.parse.pdf import read_pdf
from tests.ingest.parse.making import line, pdf

SOURCE = Source(
    "a",
    "Kilde",
    "",
    "2026",
    "https://x.no/a.pdf",
    "pdf",
    "nb",
    "",
    Authority.GUIDE,
    "V",
    store=True,
)


def pages(*blocks: Block) -> list[tuple[int | None, str]]:
    document = Document("Kilde", "nb", None, (Section(("Del",), blocks),))
    return [(passage.page, passage.text) for passage in passages(document, SOURCE)]


def test_a_passage_ends_where_its_page_ends() -> None:
    found = pages(
        Block("paragraph", "Først på side én.", 1),
        Block("paragraph", "Så mer på side én.", 1),
        Block("paragraph", "Så på side to.", 2),
    )
    assert found == [(1, "Først på side én.\nSå mer på side én."), (2, "Så på side to.")]


def test_a_list_that_goes_on_overleaf_is_divided_there_too() -> None:
    found = pages(Block("paragraph", "Ta med:", 1), Block("item", "planen", 2))
    assert found == [(1, "Ta med:"), (2, "planen")]


def test_text_without_pages_is_not_divided() -> None:
    assert pages(Block("paragraph", "Én."), Block("paragraph", "To.")) == [(None, "Én.\nTo.")]


def test_each_passage_of_a_pdf_holds_words_of_its_own_page_only(tmp_path: Path) -> None:
    words = ["Koordinatoren ringer foreldrene samme dag.", "Politiet kaller inn til en samtale."]
    (tmp_path / "a.pdf").write_bytes(pdf([line(50, 700, text) for text in words]))
    found = list(passages(read_pdf(tmp_path / "a.pdf"), SOURCE))
    assert [(passage.page, passage.text) for passage in found] == [(1, words[0]), (2, words[1])]


def test_a_long_paragraph_is_divided_between_its_sentences_and_loses_no_word() -> None:
    said = [
        f"Setning nummer {n} handler om samarbeid mellom tjenestene i kommunen." for n in range(40)
    ]
    found = [text for _, text in pages(Block("paragraph", " ".join(said)))]
    assert len(found) > 2 and all(len(text) <= TARGET for text in found)
    assert " ".join(found) == " ".join(said)
    assert all(text.endswith("kommunen.") for text in found)


def test_a_sentence_longer_than_a_passage_is_kept_whole() -> None:
    endless = f"Dette {'og dette ' * 200}er én setning."
    assert [text for _, text in pages(Block("paragraph", endless))] == [endless]
