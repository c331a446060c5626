"""Draw what a reader can do with a reply: open its sources, copy it, judge it, ask on."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answer.replies import CIRCLED
from assistant.domain import Citation, Language, Outcome, Reply
from assistant.language import say
from assistant.web.conversation import Exchange
from assistant.web.escaping import shown


def chip(citation: Citation, interface: Language, mark: str) -> str:
    """Return the button that opens a source, shown as the circled number behind its quote."""
    return (
        f'<button type="button" class="chip" data-source="{citation.number}" '
        f'aria-label="{shown(chip_label(citation, interface))}">{shown(mark)}</button>'
    )


def chip_label(citation: Citation, interface: Language) -> str:
    """Return what a source is called: «Kilde 1: Individuell plan»."""
    passage = citation.passage
    name = passage.headings[-1] if passage.headings else passage.source_title
    return f"{say(interface, 'page.source', number=citation.number)}: {name}"


def tools(exchange: Exchange, reply: Reply, interface: Language) -> str:
    """Return sources, copying, feedback and further questions, each where the outcome has use for it."""
    parts = []
    if reply.citations:
        items = "".join(
            f'<li><button type="button" class="source" data-source="{number}">'
            f'<span aria-hidden="true">{_circled(number)}</span> {shown(chip_label(found[0], interface))}</button></li>'
            for number, found in exchange.sources.items()
        )
        parts.append(
            f'<ul class="sources" aria-label="{shown(say(interface, "answer.sources"))}">{items}</ul>'
        )
        parts.append(
            f'<p class="tools"><button type="button" class="quiet" data-copy="{shown(copied(reply))}">'
            f"{shown(say(interface, 'page.copy'))}</button></p>"
        )
    if reply.outcome is Outcome.FAILED:
        parts.append(_questions((exchange.question,), say(interface, "page.retry"), interface))
    if reply.outcome in (Outcome.ANSWERED, Outcome.NOT_FOUND):
        parts.append(_feedback(exchange, interface))
    if reply.suggestions:
        parts.append(_questions(reply.suggestions, "", interface))
    return "".join(parts)


def _circled(number: int) -> str:
    return CIRCLED[number - 1] if number <= len(CIRCLED) else f"({number})"


def _questions(questions: Iterable[str], label: str, interface: Language) -> str:
    heading = "" if label else f"<span>{shown(say(interface, 'answer.see_also'))}:</span> "
    buttons = " ".join(
        f'<button type="button" class="question" data-question="{shown(question)}">{shown(label or question)}</button>'
        for question in questions
    )
    return f'<p class="further">{heading}{buttons}</p>'


def _feedback(exchange: Exchange, interface: Language) -> str:
    if exchange.note:
        return f'<p class="feedback" role="status">{shown(exchange.note)}</p>'
    word = {
        name: shown(say(interface, f"page.{name}"))
        for name in ("useful", "yes", "no", "why", "send", "attach")
    }
    name = f"why-{exchange.number}"
    reasons = "".join(
        f'<label><input type="radio" name="{name}" value="{place}"> {shown(reason)}</label>'
        for place, reason in enumerate(say(interface, "page.reasons").split("|"))
    )
    return (
        f'<div class="feedback"><span>{word["useful"]}</span> '
        f'<button type="button" class="quiet" data-useful="1">{word["yes"]}</button> '
        f'<button type="button" class="quiet" data-useful="0" aria-expanded="false">{word["no"]}</button>'
        f"<form hidden><fieldset><legend>{word['why']}</legend>{reasons}"
        f'<label><input type="checkbox" name="attach"> {word["attach"]}</label></fieldset>'
        f'<button type="submit" class="quiet">{word["send"]}</button></form></div>'
    )


def copied(reply: Reply) -> str:
    """Return an answer as plain text: every quote with its number, then the sources with addresses."""
    quotes = [
        f"«{' '.join(citation.quote.split())}» [{citation.number}]" for citation in reply.citations
    ]
    first = {citation.number: citation for citation in reversed(reply.citations)}
    sources = [
        f"[{number}] {first[number].label}"
        + (f" – {first[number].url}" if first[number].url else "")
        for number in sorted(first)
    ]
    return "\n".join([*quotes, "", *sources])
