"""Draw the view of all sources the corpus rests on."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain import Language, Source
from assistant.language import say
from assistant.web.escaping import safe_url, shown


def sources_page(sources: Sequence[Source], language: Language) -> str:
    """Return the table of all sources, law first."""
    names = ("title", "publisher", "year", "authority", "licence", "address")
    headings = [shown(say(language, f"sources.{name}")) for name in names]
    head_row = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    ranked = sorted(sources, key=lambda source: source.authority.rank)
    rows = "".join(_source_row(source, headings, language) for source in ranked)
    return (
        f'<div class="reading wide" lang="{language}"><h2>{shown(say(language, "page.tab_sources"))}</h2>'
        f"<p>{shown(say(language, 'sources.intro', count=len(sources)))}</p>"
        f'<table class="sources-table"><thead><tr>{head_row}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _source_row(source: Source, headings: Sequence[str], language: Language) -> str:
    address = safe_url(source.url)
    title = shown(source.title)
    if address:
        title = f'<a href="{address}" target="_blank" rel="noopener">{title}</a>'
    about = (
        f'<span class="about" lang="nb">{shown(source.description)}</span>'
        if source.description
        else ""
    )
    cells = (
        f'<span lang="{shown(source.language)}">{title}</span>{about}',
        shown(source.publisher),
        shown(source.year or "–"),
        shown(say(language, f"sources.{source.authority.name.lower()}")),
        shown(source.licence),
        shown(say(language, f"sources.{address_standing(source)}")),
    )
    return (
        "<tr>"
        + "".join(f'<td data-label="{h}">{c}</td>' for h, c in zip(headings, cells, strict=True))
        + "</tr>"
    )


def address_standing(source: Source) -> str:
    """Return which of the fixed words says how sure the address is."""
    if source.url is None:
        return "address_missing"
    if "H" in source.confidence:
        return "address_unchecked"
    return {"V": "address_read", "V3": "address_copy"}.get(source.confidence, "address_guide")
