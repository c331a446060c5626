"""Markdown files to documents: headings, paragraphs, lists, tables, quotes and footnotes."""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.parse.document import Block, BlockKind, Document, ParseProblem, declared_language
from ingest.parse.markdown_text import plain, split_head, without_comments
from ingest.parse.plain import BROKEN, BROKEN_NOTE, decode, iso_date, one_line, read_limited, tidy
from ingest.parse.sections import Heading, gather

LARGEST = 10_000_000
HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*(?:\{#([\w-]+)\})?\s*")
ITEM = re.compile(r"\s*(?:[-*+•]\s+(.*)|(\d{1,3}[.)]\s+.*))")
QUOTED = re.compile(r"\s*(?:>\s?)+")
ROW = re.compile(r"\s*\|(.*)\|\s*")
RULE = re.compile(r"\s*\|?[\s:|-]*-{3,}[\s:|-]*\|?\s*|\s*(?:\*\s*){3,}|\s*(?:_\s*){3,}")
NOTE = re.compile(r"\[\^([^\]]{1,20})\]:\s*(.*)")
FENCE = re.compile(r"\s*(?:```|~~~)")
UNDERLINE = re.compile(r"(=+|-+)\s*")
TITLES = ("title", "tittel", "short_title")
LANGUAGES = ("lang", "language", "språk", "sprak")
DATES = ("date", "dato", "sist_oppdatert", "oppdatert", "updated", "last_change_in_force")


def read_markdown(path: Path) -> Document:
    """Read a Markdown or plain text file of at most 10 MB; raises ParseProblem."""
    data = read_limited(path, LARGEST)
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ParseProblem("wrong_type")
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    fields, body = split_head(text)
    parts = list(markdown_parts(body))
    first = next((part.text for part in parts if isinstance(part, Heading)), "")
    title = _field(fields, TITLES) or first or path.stem
    sections = gather(parts, title)
    if not sections:
        raise ParseProblem("empty")
    notes = (BROKEN_NOTE,) if BROKEN in text else ()
    language = declared_language(_field(fields, LANGUAGES))
    return Document(title, language, iso_date(_field(fields, DATES)), sections, notes)


def _field(fields: dict[str, str], names: tuple[str, ...]) -> str:
    """Give the first of the fields that is there."""
    return next((fields[name] for name in names if fields.get(name)), "")


def markdown_parts(body: str) -> Iterator[Heading | Block]:
    """Give the headings and blocks of a text in order."""
    open_block = _Open()
    fenced = False
    for line in [*without_comments(body).split("\n"), ""]:
        if FENCE.match(line):
            yield from open_block.close()
            fenced = not fenced
        elif fenced:
            open_block.add(line, "paragraph")
        else:
            yield from _line(line, open_block)
    yield from open_block.close()


class _Open:
    """The block under way: its kind and the lines it has so far."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self.kind: BlockKind = "paragraph"
        self.lines: list[str] = []

    def add(self, line: str, kind: BlockKind) -> None:
        """Take a line; two spaces or a backslash at its end make a line break."""
        self.kind = kind if not self.lines else self.kind
        broken = line.endswith(("  ", "\\"))
        self.lines.append(line.rstrip("\\").strip() + ("\n" if broken else " "))

    def close(self) -> Iterator[Block]:
        """Give the block under way, if there is one."""
        text = tidy(plain("".join(self.lines)))
        self.lines = []
        if text:
            yield Block(self.kind, text)


def _line(line: str, block: _Open) -> Iterator[Heading | Block]:
    """Read one line outside code."""
    heading, item, note = HEADING.fullmatch(line), ITEM.fullmatch(line), NOTE.fullmatch(line)
    row = ROW.fullmatch(line)
    if UNDERLINE.fullmatch(line) and len(block.lines) == 1 and block.kind == "paragraph":
        text = one_line(plain(block.lines.pop()))
        yield Heading(1 if line.startswith("=") else 2, text)
    elif not line.strip() or RULE.fullmatch(line):
        yield from block.close()
    elif heading:
        yield from block.close()
        yield Heading(len(heading[1]), one_line(plain(heading[2])), heading[3])
    elif row:
        yield from block.close()
        fields = re.split(r"(?<!\\)\|", row[1])
        yield Block("table_row", "\t".join(one_line(plain(field)) for field in fields).strip())
    elif item:
        yield from block.close()
        block.add(item[1] or item[2], "item")
    elif note:
        yield from block.close()
        block.add(f"{note[1]} {note[2]}", "footnote")
    else:
        block.add(QUOTED.sub("", line, count=1), "paragraph")
