"""The sections of an act: each § with its ledd, history and notes, and text outside any §."""

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from ingest.parse.act import ADDRESS, ActSection, is_repealed, split_history
from ingest.parse.lovdata_text import has_class, ledd_text, words

TEXT_CLASSES = ("legalP", "numberedLegalP", "defaultList")
CHANGES, PROPOSED = "document-change", "futureLegalArticle"


def sections_of(part: Element, headings: tuple[str, ...], url: str) -> Iterator[ActSection]:
    """Give the sections inside a chapter in order, then whatever text it has outside of them."""
    loose: list[Element] = []
    for child in part:
        if has_class(child, "section"):
            yield from _chapter(child, headings, url)
        elif has_class(child, "legalArticle"):
            yield _article(child, headings, url)
        elif part.tag != "main" and child.tag not in {"h2", "h3", "h4", "h5"}:
            loose.append(child)
    if any(not has_class(child, "changesToParent", "footnotes") for child in loose):
        yield from _loose(loose, headings, url)


def _chapter(chapter: Element, headings: tuple[str, ...], url: str) -> Iterator[ActSection]:
    """Go into a part, chapter or appendix."""
    title = next((words(child) for child in chapter if re.fullmatch("h[1-6]", child.tag)), "")
    address = chapter.get("data-lovdata-URL")
    yield from sections_of(
        chapter, (*headings, title) if title else headings, ADDRESS + address if address else url
    )


def _article(article: Element, headings: tuple[str, ...], url: str) -> ActSection:
    """Read one §: heading, ledd, history and footnotes."""
    number, title = _heading(article)
    body = [child for child in article if not _is_frame(child)]
    ledd = tuple(text for child in body if (text := ledd_text(child)))
    told = " ".join(words(child) for child in article if has_class(child, "changesToParent"))
    history, pending = split_history(told)
    address = article.get("data-lovdata-URL")
    return ActSection(
        number,
        title,
        ledd,
        headings,
        ADDRESS + address if address else url,
        is_repealed(title, ledd, history),
        history,
        pending,
        _notes(article),
    )


def _heading(article: Element) -> tuple[str, str]:
    """Give number and title of a §; `Artikkel 5` of a treaty keeps its word."""
    found = dict.fromkeys(("legalArticleValue", "legalArticleTitle"), "")
    for span in article.iter("span"):
        for name in found:
            if has_class(span, name) and not found[name]:
                found[name] = words(span)
    number = found["legalArticleValue"].removeprefix("§").strip()
    return number, found["legalArticleTitle"]


def _is_frame(child: Element) -> bool:
    """Tell what stands around the ledd of a §."""
    header = has_class(child, "legalArticleHeader", "futureLegalArticleHeader")
    return header or has_class(child, "changesToParent", "footnotes")


def _notes(part: Element) -> tuple[str, ...]:
    """Give the footnotes at the end of a § or chapter, each with its label."""
    notes = (child for child in part if has_class(child, "footnotes"))
    return tuple(words(note) for footer in notes for note in footer)


def _loose(parts: Sequence[Element], headings: tuple[str, ...], url: str) -> Iterator[ActSection]:
    """Read text outside any §: a preamble, tables, or changes to other acts."""
    ledd = tuple(text for part in parts for text in _loose_texts(part))
    told = " ".join(words(part) for part in parts if has_class(part, "changesToParent"))
    notes = tuple(words(note) for part in parts if has_class(part, "footnotes") for note in part)
    history, pending = split_history(told)
    title = headings[-1] if headings else ""
    yield ActSection("", title, ledd, headings[:-1], url, False, history, pending, notes)
    for part in parts:
        yield from _proposed(part, headings, url)


def _loose_texts(part: Element) -> Iterator[str]:
    """Give the pieces of text outside any §; new sections for other acts are given apart."""
    if has_class(part, CHANGES, "change"):
        for child in part:
            yield from _loose_texts(child)
    elif not _is_frame(part) and not has_class(part, PROPOSED) and (text := ledd_text(part)):
        yield text


def _proposed(part: Element, headings: tuple[str, ...], url: str) -> Iterator[ActSection]:
    """Give the new sections that an act of changes puts into other acts, as things to come."""
    for change in part.iter("article"):
        if has_class(change, "change"):
            told = " ".join(words(child) for child in change if has_class(child, "defaultP"))
            for child in change:
                if has_class(child, PROPOSED):
                    number, title = _heading(child)
                    ledd = tuple(
                        ledd_text(part) for part in child if has_class(part, *TEXT_CLASSES)
                    )
                    yield ActSection(number, title, ledd, headings, url, pending=told)
