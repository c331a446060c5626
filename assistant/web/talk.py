"""Draw the conversation: questions, and replies with live source chips."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant import privacy
from assistant.answer.replies import CIRCLED
from assistant.domain import Language, Outcome, Reply
from assistant.language import say
from assistant.web.card import calls, emergency_box
from assistant.web.conversation import Exchange
from assistant.web.escaping import shown
from assistant.web.markdown import render
from assistant.web.tools import chip, tools

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
        reduced = _reduced(exchange, reply, interface) if "reduced" in reply.warnings else []
        return _lines(reduced) + (
            f'<p class="see-card"><a href="#kort-{exchange.number}" data-do="to-card">'
            f"{shown(say(interface, 'page.see_card'))}</a></p>"
        )
    parts = [_warnings(exchange, reply, interface)]
    if reply.guidance is not None and reply.guidance.id == "nodboks":
        parts.append(emergency_box(reply.guidance, reply.language))
    parts.append(f'<div class="reply" lang="{reply.language}">{_text(reply, interface)}</div>')
    parts.append(calls(reply.contacts, reply.language))
    parts.append(tools(exchange, reply, interface))
    return "".join(parts)


def _warnings(exchange: Exchange, reply: Reply, interface: Language) -> str:
    lines: list[str] = []
    if "personal_data" in reply.warnings:
        kinds = dict.fromkeys(found.kind for found in privacy.find(exchange.question))
        lines.append(say(interface, "notice.personal_data", found=", ".join(kinds)))
    return _lines([*lines, *_reduced(exchange, reply, interface)])


def _reduced(exchange: Exchange, reply: Reply, interface: Language) -> list[str]:
    """Return what did not work: what the office knew, else what this reply alone met with."""
    if exchange.limits:
        return [exchange.limits]
    if "reduced" not in reply.warnings:
        return []
    failed = reply.outcome is Outcome.FAILED
    return [say(interface, "card.reduced" if failed else "page.reduced_signal")]


def _lines(lines: Iterable[str]) -> str:
    return "".join(f'<p class="warning">{shown(line)}</p>' for line in lines)


def _text(reply: Reply, interface: Language) -> str:
    """Return the reply's own words with live chips where it has its circled numbers."""
    first = {citation.number: citation for citation in reversed(reply.citations)}

    def live(match: re.Match[str]) -> str:
        mark = match[1]
        number = CIRCLED.index(mark) + 1 if mark in CIRCLED else int(mark.strip("()"))
        if number not in first:
            return match.group()
        return f'<span class="cited">» {chip(first[number], interface, mark)}</span>'

    text = _MARK.sub(live, render(reply.text))
    if reply.outcome is Outcome.NOT_FOUND and reply.hits:
        headings = shown(" › ".join(reply.hits[0].passage.headings))
        button = f'<button type="button" class="section" data-hit="0">{headings}</button>'
        text = text.replace(f"<em>{headings}</em>", button, 1)
    return text
