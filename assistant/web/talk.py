"""Draw the conversation: questions, answers, source chips, feedback, next questions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant import privacy
from assistant.answer.replies import CIRCLED
from assistant.domain import Citation, Language, Outcome, Reply
from assistant.language import say
from assistant.web.card import calls, emergency_box
from assistant.web.conversation import Exchange
from assistant.web.escaping import shown
from assistant.web.markdown import render

_FOLD_ABOVE = 1_200  # characters of a question that are shown without folding
_TEASER = 280
_MARK = re.compile(rf"» ([{CIRCLED}]|\(\d+\))(?=</p>|\n|<)")


def talk(exchanges: Iterable[Exchange], interface: Language) -> str:
    """Return the whole conversation in the order it was held."""
    turns = "".join(_exchange(exchange, interface) for exchange in exchanges)
    welcome = "" if turns else f'<p class="welcome">{shown(say(interface, "page.welcome"))}</p>'
    return f'<div class="turns" role="log" aria-live="polite">{turns}</div>{welcome}'


def _exchange(exchange: Exchange, interface: Language) -> str:
    reply = exchange.reply
    body = (
        f'<p class="searching">{shown(say(interface, "page.searching"))}</p>'
        if reply is None
        else _reply(exchange, reply, interface)
    )
    state = "pending" if reply is None else reply.outcome.value
    return (
        f'<article class="exchange {state}" data-exchange="{exchange.number}">'
        f"{asked(exchange.question, interface)}{body}</article>"
    )


def asked(question: str, interface: Language) -> str:
    """Return the question as it was typed; a long one is folded."""
    if len(question) <= _FOLD_ABOVE:
        return f'<h2 class="asked"><bdi>{shown(question)}</bdi></h2>'
    size = f"{len(question):,}".replace(",", " ")
    whole = shown(say(interface, "page.whole_question", size=size))
    return (
        f'<h2 class="asked"><bdi>{shown(question[:_TEASER])} …</bdi></h2>'
        f'<details class="long"><summary>{whole}</summary><p><bdi>{shown(question)}</bdi></p></details>'
    )


def _reply(exchange: Exchange, reply: Reply, interface: Language) -> str:
    if exchange.is_card:
        return (
            f'<p class="see-card"><a href="#kort-{exchange.number}" data-do="to-card">'
            f"{shown(say(interface, 'page.see_card'))}</a></p>"
        )
    parts = [_warnings(exchange, reply, interface)]
    if reply.guidance is not None and reply.guidance.id == "nodboks":
        parts.append(emergency_box(reply.guidance, reply.language))
    parts.append(f'<div class="reply" lang="{reply.language}">{_text(reply, interface)}</div>')
    parts.append(calls(reply.contacts, reply.language))
    parts.append(_tools(exchange, reply, interface))
    return "".join(parts)


def _warnings(exchange: Exchange, reply: Reply, interface: Language) -> str:
    lines = []
    if "personal_data" in reply.warnings:
        kinds = dict.fromkeys(found.kind for found in privacy.find(exchange.question))
        lines.append(say(interface, "notice.personal_data", found=", ".join(kinds)))
    if exchange.limits:
        lines.append(exchange.limits)
    return "".join(f'<p class="warning">{shown(line)}</p>' for line in lines)


def _text(reply: Reply, interface: Language) -> str:
    """Return the reply's own words with live chips where it has its circled numbers."""
    first = {citation.number: citation for citation in reversed(reply.citations)}

    def chip(match: re.Match[str]) -> str:
        mark = match[1]
        number = CIRCLED.index(mark) + 1 if mark in CIRCLED else int(mark.strip("()"))
        if number not in first:
            return match.group()
        return f'<span class="cited">» {_chip(first[number], interface, mark)}</span>'

    text = _MARK.sub(chip, render(reply.text))
    if reply.outcome is Outcome.NOT_FOUND and reply.hits:
        headings = shown(" › ".join(reply.hits[0].passage.headings))
        button = f'<button type="button" class="section" data-hit="0">{headings}</button>'
        text = text.replace(f"<em>{headings}</em>", button, 1)
    return text


def _chip(citation: Citation, interface: Language, mark: str) -> str:
    return (
        f'<button type="button" class="chip" data-source="{citation.number}" '
        f'aria-label="{shown(chip_label(citation, interface))}">{shown(mark)}</button>'
    )


def chip_label(citation: Citation, interface: Language) -> str:
    """Return what a source is called: «Kilde 1: Individuell plan»."""
    passage = citation.passage
    name = passage.headings[-1] if passage.headings else passage.source_title
    return f"{say(interface, 'page.source', number=citation.number)}: {name}"


def _tools(exchange: Exchange, reply: Reply, interface: Language) -> str:
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
