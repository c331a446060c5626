"""Markdown: the municipality's own routines, and the guide as it lies in the corpus."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.parse.document import Document, ParseProblem
from ingest.parse.markdown import read_markdown
from tests.ingest.parse.samples import all_text, blocks

GUIDE = Path(__file__).parents[3] / "corpus" / "guide"

ROUTINE = """---
tittel: Rutine for bekymring
språk: nn
dato: 3.2.2025
---
<!-- et notat -->
# Rutine for bekymring

Ring **koordinatoren** på [Nav](https://nav.no) `55 00`.
Same avsnitt, ny linje.\\
Ny linje som skal stå.

## Hvem gjør hva {#hvem}

- Skolen *melder*
  og følger opp
- Nav
1. Først dette

| Hvem | Når |
|------|-----|
| Vakta | heile **døgnet** |

> Sitat frå ei lov.[^1]

[^1]: Sjå lova § 5.

Overskrift med strek
--------------------
snake_case_ord og 2 * 3 * 4 står som dei er.
"""


def made(tmp_path: Path, data: bytes) -> Document:
    """Read a Markdown file made of these bytes."""
    file = tmp_path / "rutine.md"
    file.write_bytes(data)
    return read_markdown(file)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_routine_is_read_with_its_head_headings_lists_and_tables(
    tmp_path: Path, line_end: str
) -> None:
    document = made(tmp_path, ROUTINE.replace("\n", line_end).encode())
    assert (document.title, document.language, document.date) == (
        "Rutine for bekymring",
        "nn",
        "2025-02-03",
    )
    assert [(section.headings, section.anchor) for section in document.sections] == [
        ((), None),
        (("Hvem gjør hva",), "hvem"),
        (("Overskrift med strek",), None),
    ]
    assert [(block.kind, block.text) for _, block in blocks(document)] == [
        (
            "paragraph",
            "Ring koordinatoren på Nav 55 00. Same avsnitt, ny linje.\nNy linje som skal stå.",
        ),
        ("item", "Skolen melder og følger opp"),
        ("item", "Nav"),
        ("item", "1. Først dette"),
        ("table_row", "Hvem\tNår"),
        ("table_row", "Vakta\theile døgnet"),
        ("paragraph", "Sitat frå ei lov."),
        ("footnote", "1 Sjå lova § 5."),
        ("paragraph", "snake_case_ord og 2 * 3 * 4 står som dei er."),
    ]


def test_two_spaces_at_a_line_end_break_the_line(tmp_path: Path) -> None:
    ((_, block),) = blocks(made(tmp_path, b"Telefon:  \n55 00\nhele tida"))
    assert block.text == "Telefon:\n55 00 hele tida"


@pytest.mark.skipif(not GUIDE.is_dir(), reason="the guide is not in the corpus yet")
def test_every_word_of_the_guide_in_the_corpus_is_kept() -> None:
    for file in sorted(GUIDE.glob("0*.md")):
        text = all_text(read_markdown(file))
        for line in file.read_text("utf-8").splitlines():
            bare = " ".join(line.split("<!--")[0].lstrip("#- ").split())
            assert bare in text, (file.name, bare)


def test_files_that_are_not_text_or_hold_nothing_are_named(tmp_path: Path) -> None:
    for data, code in ((b"\x00\x01\x02abc", "wrong_type"), (b"# Bare en overskrift\n", "empty")):
        with pytest.raises(ParseProblem) as caught:
            made(tmp_path, data)
        assert caught.value.code == code


@pytest.mark.parametrize("mark", ["<!--", "[", "**", "`", "_", "> ", "*a", "[^", "!["])
def test_marks_without_end_take_no_time_and_lose_no_words(tmp_path: Path, mark: str) -> None:
    began = time.process_time()
    document = made(tmp_path, f"Foran {mark * 50_000} bak".encode())
    assert time.process_time() - began < 2
    text = all_text(document)
    assert "Foran" in text and "bak" in text
