"""Acts as Markdown, made by others of Lovdata's data: second best, where the raw is missing."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ingest.parse.act import ADDRESS, Act, ActSection, is_in_force, is_repealed, split_history
from ingest.parse.document import ParseProblem, declared_language
from ingest.parse.markdown_text import plain, split_head
from ingest.parse.plain import decode, one_line, read_limited

LARGEST = 10_000_000
GDPR_ACT = "lov/2018-06-15-38"
HEADING = re.compile(r"(#{1,6})\s+(.*)")
# «### § 5.Teieplikt»: one rendering has no space after the full stop.
SECTION = re.compile(
    r"(?:§+\s*|(?P<word>Artikkel|Art)\s+)(?P<number>\d[\d-]*(?:\s?[a-zæøå])?)\.?\s*(.*)"
)
NOTE = re.compile(r"(?:\[\^)?(\d{1,2})(?:\]:)?\s+(?=[A-ZÆØÅ(§])(.*)")
NUMBERED = re.compile(r"\(\d{1,2}\)\s")
NEXT_LEDD = re.compile(r"(?<=[.:;»)])\s*(?=\(\d{1,2}\)\s)")
LISTED = re.compile(r"\s*(?:\d{1,3}[.)]|[-*]|[a-zæøå][.)])\s+\S")
LOOSE_POINT = re.compile(r"(?<=\S) (?=[.,;:)](?:\s|$))")


def read_act_markdown(path: Path, today: date) -> Act:
    """Read either of the two public renderings; `today` decides what is in force.

    List marks are lost in one of them, so «bokstav b» cannot be found. Raises ParseProblem.
    """
    text = decode(read_limited(path, LARGEST)).replace("\r\n", "\n")
    fields, body = split_head(text)
    reference = fields.get("ref_id") or fields.get("identifier", "").lower().replace("lov-", "lov/")
    if not re.fullmatch(r"(?:lov|forskrift|for)[/-]\d{4}-\d{2}-\d{2}(?:-\d+)?", reference):
        raise ParseProblem("wrong_type")
    url = f"{ADDRESS}NL/{reference}"
    notices, sections = _read(body, url)
    if not sections:
        raise ParseProblem("empty")
    last_change = fields.get("last_change_in_force")
    stated = fields.get("date_in_force", "")
    return Act(
        id=reference.upper().replace("/", "-"),
        title=fields.get("title", ""),
        short_title=re.split(r"\s+–\s+", fields.get("short_title", ""))[0],
        language=declared_language(fields.get("lang") or fields.get("language")) or "nb",
        in_force=is_in_force(stated, last_change, today),
        in_force_text=stated,
        last_change=last_change,
        notices=notices,
        sections=sections,
        url=url,
    )


def _read(body: str, url: str) -> tuple[tuple[str, ...], tuple[ActSection, ...]]:
    """Give the notices under the title, and the sections, of the text below the YAML head."""
    headings: list[tuple[int, str]] = []
    sections: list[ActSection] = []
    notices: tuple[str, ...] = ()
    for level, title, lines in _blocks(body):
        headings = [heading for heading in headings if heading[0] < level]
        found = SECTION.fullmatch(title)
        if level < 2:
            notices = tuple(_ledd(lines))
        elif found:
            path = tuple(text for _, text in headings)
            sections.append(_section(found, path, lines, url))
        else:
            path = tuple(text for _, text in headings)
            headings.append((level, title))
            ledd = tuple(_ledd([line for line in lines if not line.startswith(">")]))
            sections += [ActSection("", title, ledd, path, url)] if ledd else []
    return notices, tuple(sections)


def _blocks(body: str) -> Iterator[tuple[int, str, list[str]]]:
    """Cut the text at its headings: level, heading, and the lines below it."""
    level, title = 0, ""
    lines: list[str] = []
    for line in body.split("\n"):
        heading = HEADING.fullmatch(line)
        if heading:
            yield level, title, lines
            level, title, lines = len(heading[1]), one_line(plain(heading[2])), []
        else:
            lines.append(line.rstrip())
    yield level, title, lines


def _section(found: re.Match[str], path: tuple[str, ...], lines: list[str], url: str) -> ActSection:
    """Read one §."""
    told = " ".join(_clean(line[1:]) for line in lines if line.startswith(">"))
    notes = tuple(_clean(line) for line in lines if NOTE.fullmatch(line))
    labels = {note.split()[0] for note in notes}
    body = [line for line in lines if not line.startswith(">") and not NOTE.fullmatch(line)]
    ledd = tuple(_without_marks(text, labels) for text in _ledd(body))
    title = _without_marks(_clean(found[3]), labels)
    history, pending = split_history(told)
    number = f"Artikkel {found['number']}" if found["word"] else found["number"]
    repealed = is_repealed(title, ledd, history)
    address = url + _place(found, url)
    return ActSection(number, title, ledd, path, address, repealed, history, pending, notes)


def _place(found: re.Match[str], url: str) -> str:
    """Give the end of a section's address; articles have one only in the act that holds GDPR."""
    if found["word"]:
        return f"/gdpr/a{found['number']}" if url.endswith(GDPR_ACT) else ""
    return f"/§{found['number'].replace(' ', '')}"


def _ledd(lines: list[str]) -> Iterator[str]:
    """Give the ledd: paragraphs, with the list that follows a colon, cut at printed numbers."""
    paragraphs: list[str] = []
    numbered = any(NUMBERED.match(line) for line in lines)
    for line in (line for line in lines if line.strip()):
        if paragraphs and (LISTED.match(line) or (numbered and not NUMBERED.match(line))):
            paragraphs[-1] += f"\n{line.strip()}"
        else:
            paragraphs.append(line)
    for paragraph in paragraphs:
        for ledd in NEXT_LEDD.split(paragraph):
            yield "\n".join(_clean(line) for line in ledd.split("\n"))


def _clean(text: str) -> str:
    """Undo Markdown and the spaces that links have left before full stops."""
    return re.sub(r"(?<=\w)§", " §", LOOSE_POINT.sub("", one_line(plain(text))))


def _without_marks(text: str, labels: set[str]) -> str:
    """Take the mark of a footnote off the end of a heading or a sentence."""
    for label in labels:
        text = re.sub(rf"(?<=[.,»)]) {label}(?=\s|$)|(?<=[a-zæøå)]){label}$", "", text)
    return text
