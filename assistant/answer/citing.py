"""The stamp: prove every statement against its passage and build its citation; withhold the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as percent

from assistant.domain import Citation, Passage
from assistant.language import collapse

_WHOLE = 180  # characters up to which a text fragment carries the whole quote
_EDGE = 7  # words at either end of a longer one


@dataclass(frozen=True)
class Statement:
    """Something we want to say, tied to the passage that must prove it."""

    quote: str
    passage: Passage


def prove(statements: Iterable[Statement]) -> tuple[Citation, ...]:
    """Return a numbered citation for every statement whose quote is verbatim in its passage.

    The others are withheld, and so are words that no longer apply. Statements from one passage share a
    number; white space is not compared.
    """
    numbers: dict[str, int] = {}
    proven = []
    today = date.today()
    for statement in statements:
        if statement.passage.lapsed(today) or not is_verbatim(statement.quote, statement.passage):
            continue
        number = numbers.setdefault(statement.passage.id, len(numbers) + 1)
        address = deep_link(statement.passage, statement.quote)
        proven.append(Citation(number, statement.passage, statement.quote, address))
    return tuple(proven)


def is_verbatim(quote: str, passage: Passage) -> bool:
    """Tell whether a quote stands word for word in a passage."""
    wanted = collapse(quote)
    return bool(wanted) and wanted in collapse(passage.text)


def deep_link(passage: Passage, quote: str) -> str | None:
    """Return the address that opens on the quote: `#page=n`, or a text fragment where the page is known."""
    if passage.url is None or not passage.exact_url:
        return passage.url
    if passage.page is not None:
        return f"{passage.url}#page={passage.page}"
    if "lovdata.no" in passage.url:
        return passage.url  # the address already names the §
    separator = ":~:" if "#" in passage.url else "#:~:"
    return f"{passage.url}{separator}text={_fragment(collapse(quote), _before(passage, quote))}"


def _fragment(text: str, before: str) -> str:
    """Return a text directive [https://wicg.github.io/scroll-to-text-fragment/]: whole, or first and last words."""
    words = text.split(" ")
    prefix = f"{_encode(before)}-," if before and len(text) < 40 else ""
    if len(text) <= _WHOLE or len(words) <= 2 * _EDGE:
        return prefix + _encode(text)
    return f"{_encode(' '.join(words[:_EDGE]))},{_encode(' '.join(words[-_EDGE:]))}"


def _encode(text: str) -> str:
    # The dash separates prefix and suffix in a text directive, so it must be escaped as well.
    return percent(text, safe="").replace("-", "%2D")


def _before(passage: Passage, quote: str) -> str:
    """Return the last words before a quote, to tell a short one from its doubles on the page."""
    before = collapse(passage.text).partition(collapse(quote))[0].split()
    return " ".join(before[-3:])
