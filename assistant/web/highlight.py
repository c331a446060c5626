"""Mark the quoted words inside the text they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.web.escaping import shown

_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters that stand for the mark while text is cut


def highlighted(text: str, quotes: Iterable[str]) -> str:
    """Return a text as paragraphs with every quote marked; white space in quotes is not compared."""
    text = text.replace(_OPEN, "").replace(_CLOSE, "")
    for quote in sorted(set(quotes), key=len, reverse=True):
        words = r"\s+".join(re.escape(word) for word in quote.replace("\u00a0", " ").split())
        text = re.sub(words, lambda match: f"{_OPEN}{match.group()}{_CLOSE}", text, count=1)
    return "".join(_paragraphs(text))


def _paragraphs(text: str) -> Iterator[str]:
    depth = 0
    for line in text.split("\n"):
        body = _OPEN * min(depth, 1) + line
        depth += line.count(_OPEN) - line.count(_CLOSE)
        body += _CLOSE * min(depth, 1)
        if line.strip():
            yield f"<p>{_marked(body)}</p>"


def _marked(line: str) -> str:
    """Return a line's HTML; marks inside marks count as one."""
    parts, depth = [], 0
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", line):
        if piece == _OPEN:
            parts.append("<mark>" if depth == 0 else "")
            depth += 1
        elif piece == _CLOSE:
            depth = max(0, depth - 1)
            parts.append("</mark>" if depth == 0 else "")
        else:
            parts.append(shown(piece))
    return "".join(parts)
