"""Headings and blocks, in the order they were read, gathered into sections."""

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.parse.document import Block, Section


@dataclass(frozen=True)
class Heading:
    """A heading as read: level 1 is the highest; the anchor is an id in the page, if it has one."""

    level: int
    text: str
    anchor: str | None = None


def gather(parts: Iterable[Heading | Block], title: str) -> tuple[Section, ...]:
    """Gather blocks under the path of headings above them.

    A heading that repeats the document's title is no part of the path, and a section without
    blocks is left out (its heading stays in the path of those below it).
    """
    path: list[Heading] = []
    sections: list[Section] = []
    blocks: list[Block] = []
    for part in parts:
        if isinstance(part, Block):
            blocks.append(part)
            continue
        _close(sections, path, blocks)
        blocks = []
        path = [heading for heading in path if heading.level < part.level]
        if part.text and part.text.casefold() != title.casefold():
            path.append(part)
    _close(sections, path, blocks)
    return tuple(sections)


def _close(sections: list[Section], path: list[Heading], blocks: list[Block]) -> None:
    """Add the section that ends here, if it holds anything."""
    kept = tuple(block for block in blocks if block.text)
    if kept:
        headings = tuple(heading.text for heading in path)
        sections.append(Section(headings, kept, path[-1].anchor if path else None))
