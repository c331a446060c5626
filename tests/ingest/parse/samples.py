"""Where the real sample documents lie, and how tests look into what was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.parse.document import Block, Document, Section

SAMPLES = (Path(__file__).parents[3] / ".." / "shared" / "samples").resolve()
TODAY = date(2026, 11, 23)

needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the sample documents lie beside the checkout, in ../shared"
)


def words(text: str) -> str:
    """Give text with every run of white space made one space."""
    return " ".join(text.split())


def blocks(document: Document) -> Iterator[tuple[Section, Block]]:
    """Give every block with the section it stands in."""
    for section in document.sections:
        for block in section.blocks:
            yield section, block


def places(document: Document, wanted: str) -> list[tuple[Section, Block]]:
    """Find the blocks that hold the words."""
    return [(s, block) for s, block in blocks(document) if words(wanted) in words(block.text)]


def headings_of(document: Document, section: Section) -> str:
    """Give title and headings of a section as one text."""
    return words(" › ".join((document.title, *section.headings)))


def all_text(document: Document) -> str:
    """Give every word of a document, headings and all."""
    parts = [document.title]
    for section in document.sections:
        parts += [*section.headings, *(block.text for block in section.blocks)]
    return words(" ".join(parts))
