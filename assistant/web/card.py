"""Draw the fixed guidance: the pinned card, and the emergency box above an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answer.replies import contact_details
from assistant.answering import may_show_anyway
from assistant.domain import Contact, Guidance, Language, Outcome
from assistant.language import language_of, say
from assistant.web.conversation import Exchange
from assistant.web.escaping import phone_url, shown
from assistant.web.markdown import render

_OWN_TEXT = ("nb", "nn", "en", "sv", "da")  # readers of another language also see the bokmål text
_FIRST_HEADING = re.compile(r"\A<h2>(.*?)</h2>\n?")


def cards(pinned: Iterable[Exchange], interface: Language) -> str:
    """Return every card that is still open, newest first."""
    drawn = "".join(_card(exchange, interface) for exchange in pinned)
    return f'<div class="cards">{drawn}</div>'


def _card(exchange: Exchange, interface: Language) -> str:
    reply = exchange.reply
    if reply is None or reply.guidance is None:
        return ""
    guidance, number = reply.guidance, exchange.number
    languages: list[Language] = [reply.language]
    if reply.language == "en" and language_of(exchange.question) not in _OWN_TEXT:
        languages.append("nb")
    bodies = "".join(
        _body(guidance, language, f"kort-{number}-{language}", first=place == 0)
        for place, language in enumerate(languages)
    )
    return (
        f'<section class="guidance" id="kort-{number}" role="alert" data-exchange="{number}" '
        f'data-guidance="{shown(guidance.id)}" aria-labelledby="kort-{number}-{reply.language}">'
        f"{bodies}{_actions(exchange, interface)}</section>"
    )


def _body(guidance: Guidance, language: Language, heading_id: str, *, first: bool) -> str:
    text = linked(render(guidance.text[language]), guidance.contacts[language])
    heading = _FIRST_HEADING.match(text)
    title = heading[1] if heading else shown(guidance.title[language])
    rest = text[heading.end() :] if heading else text
    focus = ' tabindex="-1" data-focus="card"' if first else ""
    mark = "data-text" if heading else ""
    return (
        f'<div class="language" lang="{language}">'
        f'<div {mark}><h2 id="{heading_id}"{focus}>{title}</h2></div>'
        f"{_standing(guidance, language)}{calls(guidance.contacts[language], language)}"
        f'<div class="words" data-text>{rest}</div></div>'
    )


def _standing(guidance: Guidance, language: Language) -> str:
    """Return the line that says whether a professional has approved the text."""
    signed = guidance.sign_off
    if guidance.status == "utkast" or signed is None:
        return f'<p class="draft">{shown(say(language, "card.draft"))}</p>'
    if guidance.overdue:
        return f'<p class="draft">{shown(say(language, "card.overdue", date=signed.date))}</p>'
    line = say(language, "card.approved", date=signed.date, role=signed.role)
    return f'<p class="approved">{shown(line)}</p>'


def calls(contacts: Iterable[Contact], language: Language) -> str:
    """Return the numbers as large buttons that ring."""
    items = "".join(f"<li>{_call(contact, language)}</li>" for contact in contacts if contact.phone)
    label = shown(say(language, "card.contacts"))
    return f'<ul class="calls" aria-label="{label}">{items}</ul>' if items else ""


def _call(contact: Contact, language: Language) -> str:
    phone = str(contact.phone)
    details = contact_details(contact, language)
    small = f'<span class="hours">{shown(" · ".join(details))}</span>' if details else ""
    return (
        f'<a class="call" href="{phone_url(phone)}"><span class="number">{shown(phone)}</span> '
        f'<span class="name">{shown(contact.name)}</span> {small}</a>'
    )


def _actions(exchange: Exchange, interface: Language) -> str:
    names = ["close", "print"]
    reply = exchange.reply
    if reply and reply.outcome is Outcome.ESCALATED and may_show_anyway(reply.route):
        names.insert(0, "show_anyway")
    buttons = "".join(
        f'<button type="button" class="quiet" data-do="{name}">{shown(say(interface, f"card.{name}"))}</button>'
        for name in names
    )
    return f'<p class="actions" lang="{interface}">{buttons}</p>'


def linked(text: str, contacts: Iterable[Contact]) -> str:
    """Turn the numbers of the contact list, where they stand in rendered text, into links that ring."""
    phones = sorted({contact.phone for contact in contacts if contact.phone}, key=len, reverse=True)
    if not phones:
        return text
    pattern = re.compile(
        rf"(?<![\d#;/-])(?:{'|'.join(map(re.escape, phones))})(?![\d;]|[ \u00a0]\d)"
    )
    pieces = re.split(r"(<[^>]*>)", text)
    pieces[::2] = [pattern.sub(_link, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _link(match: re.Match[str]) -> str:
    return f'<a href="{phone_url(match.group())}">{match.group()}</a>'


def emergency_box(guidance: Guidance, language: Language) -> str:
    """Return the short box that stands above an ordinary answer."""
    text = linked(render(guidance.text[language]), guidance.contacts[language])
    return (
        f'<aside class="emergency-box" lang="{language}" aria-label="{shown(guidance.title[language])}">'
        f"<div data-text>{text}</div>{_standing(guidance, language)}</aside>"
    )
