"""Cut documents into passages of about 600 characters, never across a section or page, or through a sentence."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.domain import Passage, Sentence, Source
from assistant.language import collapse, sentences
from ingest.parse.document import Block, Document, Section

TARGET = 600  # characters: measured best between 512-character windows and whole sections
LONGEST = 1000  # a paragraph above this is split between its sentences
_BETWEEN = "\u241e"  # marks sentence ends for the splitter; occurs in no text


def passages(document: Document, source: Source, start: int = 0) -> Iterator[Passage]:
    """Yield the passages of a document in reading order, numbered from `start`.

    A passage's id depends on source, headings, text and occurrence only, so unchanged
    passages keep theirs from one ingest to the next.
    """
    seen: Counter[str] = Counter()
    position = start
    for section in document.sections:
        for group in _groups(section.blocks):
            text = "\n".join(block.text for block in group)
            content = "\x1f".join((source.id, *section.headings, text))
            seen[content] += 1
            yield Passage(
                id=f"{source.id}-{_digest(f'{content}{seen[content]}')}",
                source_id=source.id,
                source_title=source.title,
                authority=source.authority,
                headings=section.headings,
                text=text,
                sentences=tuple(_sentences(group)),
                position=position,
                language=document.language or source.language,
                url=section.url or source.url,
                exact_url=section.url is not None,
                page=group[0].page,
                date=document.date,
            )
            position += 1


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _groups(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    """Yield runs of blocks of one page that together are about TARGET characters long."""
    group: list[Block] = []
    size = 0
    for block in _short(blocks):
        full = bool(group) and size + len(block.text) > TARGET and not _leads_in(group[-1])
        # A passage is cited by one page, so its words must all stand there.
        if full or (group and block.page != group[-1].page):
            yield tuple(group)
            group, size = [], 0
        group.append(block)
        size += len(block.text)
    if group:
        yield tuple(group)


def _leads_in(block: Block) -> bool:
    return block.kind == "paragraph" and block.text.rstrip().endswith(":")


def _short(blocks: Iterable[Block]) -> Iterator[Block]:
    """Split paragraphs above LONGEST between their sentences; drop empty blocks."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=TARGET, chunk_overlap=0, separators=[_BETWEEN], keep_separator=False
    )
    for block in blocks:
        text = block.text.strip()
        if len(text) <= LONGEST:
            if text:
                yield Block(block.kind, text, block.page)
            continue
        for piece in splitter.split_text(_BETWEEN.join(sentences(text))):
            yield Block(block.kind, piece.replace(_BETWEEN, " "), block.page)


def _sentences(group: Iterable[Block]) -> Iterator[Sentence]:
    lead_in = ""
    for block in group:
        for sentence in [block.text] if block.kind == "table_row" else sentences(block.text):
            yield Sentence(sentence, lead_in if block.kind == "item" else "")
        if block.kind != "item":
            lead_in = block.text.split("\n")[-1] if _leads_in(block) else ""


def sections_of(document: Document) -> list[Section]:
    """Return the sections that hold text."""
    return [
        section for section in document.sections if any(collapse(b.text) for b in section.blocks)
    ]
