"""Render the Markdown that our own texts use: headings, paragraphs, lists, quotes, bold and italics.

Everything else is text. The texts of corpus/escalation must come out word for word, which a test proves
against an independent reader.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby

from assistant.web.escaping import safe_url, shown

_HEADING = re.compile(r"(#{1,4}) +(.+?)[ #]*$")
_ORDERED = re.compile(r"(\d{1,3})[.)] +(.*)$")
_BULLET = re.compile(r"[-*] +(.*)$")
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);)"
    r"|\*\*(?P<strong>(?=\S)(?:\\.|[^\\])+?)(?<=\S)\*\*"
    r"|\*(?P<em>(?=\S)(?:\\.|[^\\*])+?)(?<=\S)\*"
    r"|\[(?P<label>[^\]\[]+)\]\((?P<url>https?://[^\s)]+)\)"
    r"|(?P<bare>https?://(?:\\[!-/:-@\[-`{-~]|[^\s\\<>()\[\]«»&])+(?<![.,;:?]))",
    re.DOTALL,
)


def render(markdown: str) -> str:
    """Return the HTML of a Markdown text; nothing in it can become markup of its own."""
    return "\n".join(_blocks(markdown.strip("\n").split("\n")))


def inline(text: str) -> str:
    """Return the HTML of one paragraph's Markdown."""
    parts, end = [], 0
    for match in _INLINE.finditer(text):
        parts += [shown(text[end : match.start()]), _span(match)]
        end = match.end()
    return "".join([*parts, shown(text[end:])])


def _span(match: re.Match[str]) -> str:
    found = match.groupdict()
    if found["escaped"]:
        return shown(found["escaped"])
    if found["entity"]:
        return shown(html.unescape(found["entity"]))
    if found["label"]:
        return _link(found["url"], inline(found["label"]))
    if found["bare"]:
        address = re.sub(r"\\(.)", r"\1", found["bare"])
        return _link(address, shown(address))
    tag = "strong" if found["strong"] else "em"
    return f"<{tag}>{inline(found[tag])}</{tag}>"


def _link(address: str, label: str) -> str:
    return f'<a href="{safe_url(address)}" target="_blank" rel="noopener">{label}</a>'


def _blocks(lines: list[str]) -> Iterator[str]:
    for kind, group in groupby(_kinds(lines), key=lambda pair: pair[0]):
        found = [line for _, line in group]
        if kind == "heading":
            yield from (_heading(line) for line in found)
        elif kind == "quote":
            inner = render("\n".join(line.removeprefix(">").removeprefix(" ") for line in found))
            yield f"<blockquote>{inner}</blockquote>"
        elif kind in ("ordered", "bullet"):
            yield _list(kind, found)
        elif kind == "text":
            yield f"<p>{inline(chr(10).join(line.strip() for line in found))}</p>"


def _kinds(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield every line with its kind; a plain line below a list item belongs to the item."""
    previous = "blank"
    for line in lines:
        kind = _kind(line)
        if kind == "text" and previous in ("ordered", "bullet"):
            kind = previous
        previous = kind
        yield kind, line


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if line.startswith(">"):
        return "quote"
    for kind, pattern in (("heading", _HEADING), ("ordered", _ORDERED), ("bullet", _BULLET)):
        if pattern.match(line):
            return kind
    return "text"


def _heading(line: str) -> str:
    match = _HEADING.match(line)
    if match is None:
        return ""
    level = max(2, len(match[1]))  # the page has the only h1
    return f"<h{level}>{inline(match[2])}</h{level}>"


def _list(kind: str, lines: list[str]) -> str:
    pattern = _ORDERED if kind == "ordered" else _BULLET
    items: list[str] = []
    for line in lines:
        match = pattern.match(line)
        if match:
            items.append(match[match.re.groups])
        else:
            items[-1] += "\n" + line.strip()
    body = "".join(f"<li>{inline(item)}</li>" for item in items)
    if kind == "bullet":
        return f"<ul>{body}</ul>"
    first = _ORDERED.match(lines[0])
    return f'<ol start="{first[1] if first else 1}">{body}</ol>'
