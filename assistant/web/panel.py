"""Draw the panel beside the answer: the cited words highlighted inside the section they stand in."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.archive.retrieval import Retriever
from assistant.domain import Language, Passage
from assistant.language import say
from assistant.web.conversation import Exchange
from assistant.web.escaping import safe_url, shown
from assistant.web.highlight import highlighted


@dataclass(frozen=True)
class View:
    """What the panel shows: one passage, its quotes, and its place among the answer's sources."""

    exchange: int
    passage: Passage
    quotes: tuple[str, ...]
    url: str | None
    number: int = 0  # 0 for the nearest section of an answer without sources
    numbers: tuple[int, ...] = ()


def source_view(exchange: Exchange | None, number: int) -> View | None:
    """Return the view of a numbered source, or None when the conversation no longer has it."""
    sources = exchange.sources if exchange else {}
    if exchange is None or number not in sources:
        return None
    found = sources[number]
    quotes = tuple(citation.quote for citation in found)
    return View(exchange.number, found[0].passage, quotes, found[0].url, number, tuple(sources))


def hit_view(exchange: Exchange | None, place: int) -> View | None:
    """Return the view of a passage that was near but did not answer."""
    hits = exchange.reply.hits if exchange and exchange.reply else ()
    if exchange is None or not 0 <= place < len(hits):
        return None
    passage = hits[place].passage
    return View(exchange.number, passage, (), passage.url)


def panel(view: View | None, retriever: Retriever | None, interface: Language) -> str:
    """Return the panel's HTML, or a line that the source is gone when there is nothing to show."""
    if view is None:
        body = f'<p class="gone">{shown(say(interface, "page.source_gone"))}</p>'
        return _frame("", body, say(interface, "page.panel"), interface)
    passages = _section(view.passage, retriever)
    text = "".join(_passage(passage, view) for passage in passages)
    heading = shown(" › ".join((view.passage.source_title, *view.passage.headings)))
    body = (
        f'<p class="kind">{shown(_kind(view.passage, interface))}</p><p class="path">{heading}</p>'
        f'<div class="section-text" lang="{shown(view.passage.language)}" tabindex="0">{text}</div>'
        f"{_address(view, interface)}"
    )
    return _frame(_pager(view, interface), body, _title(view, interface), interface, view)


def _kind(passage: Passage, interface: Language) -> str:
    """Return how much weight the source carries, and from when its words are: «Lov, per 2026-01-01»."""
    kind = say(interface, f"sources.{passage.authority.name.lower()}")
    return f"{kind}, {say(interface, 'answer.as_of', date=passage.date)}" if passage.date else kind


def _title(view: View, interface: Language) -> str:
    if not view.number:
        return say(interface, "page.nearest_section")
    place = view.numbers.index(view.number) + 1
    return say(interface, "page.source_of", number=place, total=len(view.numbers))


def _frame(pager: str, body: str, title: str, interface: Language, view: View | None = None) -> str:
    where = f' data-exchange="{view.exchange}" data-number="{view.number}"' if view else ""
    close = shown(say(interface, "page.close_panel"))
    return (
        f'<section class="panel" aria-labelledby="panel-title"{where}><div class="panel-head">'
        f'<h2 id="panel-title" tabindex="-1">{shown(title)}</h2>{pager}'
        f'<button type="button" class="icon" data-do="close-panel" aria-label="{close}" title="{close} (Esc)">'
        f'<span aria-hidden="true">×</span></button></div>{body}</section>'
    )


def _pager(view: View, interface: Language) -> str:
    if len(view.numbers) < 2:
        return ""
    place = view.numbers.index(view.number)
    buttons = []
    for name, sign, step in (("previous", "‹", -1), ("next", "›", 1)):
        label = shown(say(interface, f"page.{name}"))
        target = view.numbers[(place + step) % len(view.numbers)]
        buttons.append(
            f'<button type="button" class="icon" data-source="{target}" data-step="{name}" aria-label="{label}" '
            f'title="{label}"><span aria-hidden="true">{sign}</span></button>'
        )
    return "".join(buttons)


def _section(passage: Passage, retriever: Retriever | None) -> Sequence[Passage]:
    known = retriever is not None and passage.id in retriever.index.passage_row
    return retriever.index.section(passage.id) if retriever and known else (passage,)


def _passage(passage: Passage, view: View) -> str:
    quotes = view.quotes if passage.id == view.passage.id else ()
    here = " here" if passage.id == view.passage.id else ""
    return f'<div class="passage{here}">{highlighted(passage.text, quotes)}</div>'


def _address(view: View, interface: Language) -> str:
    address = safe_url(view.url)
    if address is None:
        return f'<p class="address">{shown(say(interface, "page.no_address"))}</p>'
    host = urlsplit(html.unescape(address)).hostname or ""
    text = shown(say(interface, "page.open_public", host=host.removeprefix("www.")))
    note = (
        ""
        if view.passage.exact_url
        else f" <span>{shown(say(interface, 'page.front_page_only'))}</span>"
    )
    page = f", s. {view.passage.page}" if view.passage.page else ""
    return (
        f'<p class="address"><a href="{address}" target="_blank" rel="noopener">{text}{page} '
        f'<span aria-hidden="true">↗</span></a>{note}</p>'
    )
