"""Draw what stands around the conversation: head, emergency line, examples, help."""

from __future__ import annotations

from assistant.domain import Language
from assistant.language import LANGUAGES, say
from assistant.web.escaping import phone_url, shown
from assistant.web.markdown import render
from assistant.web.office import Status

EMERGENCY = (("112", "police"), ("113", "ambulance"), ("110", "fire"), ("116 117", "doctor"))
VIEWS = ("ask", "sources", "help")
USES = {
    "page.use_contact": "page.example_contact",
    "page.use_duty": "page.example_duty",
    "page.use_role": "page.example_role",
}
# What page.js says by itself, before or without an answer from the server.
_SPOKEN = (
    "page.searching",
    "page.copied",
    "page.offline",
    "page.lost",
    "page.title",
    "notice.empty",
    "page.no_copy",
)


def head(language: Language) -> str:
    """Return brand, views, languages, light or dark, and the emergency line."""
    title, subtitle = shown(say(language, "page.title")), shown(say(language, "page.subtitle"))
    theme = shown(say(language, "page.theme"))
    words = " ".join(
        f'data-{name.split(".")[1]}="{shown(say(language, name))}"' for name in _SPOKEN
    )
    skip = shown(say(language, "page.skip"))
    return (
        f'<header class="top" lang="{language}"><a class="skip" href="#box" data-do="to-box">{skip}</a>'
        f'<div class="bar"><h1 title="{subtitle}">{title}</h1>{_navigation(language)}'
        f'<div class="choices">{_languages(language)}<button type="button" class="icon" data-do="theme" '
        f'aria-label="{theme}" title="{theme}"><span aria-hidden="true">◐</span></button></div></div>'
        f'{emergency_line(language)}<div id="words" hidden data-language="{language}" {words}></div></header>'
    )


def _navigation(language: Language) -> str:
    items = "".join(
        f'<button type="button" data-view="{view}">{shown(say(language, f"page.tab_{view}"))}</button>'
        for view in VIEWS
    )
    return f'<nav aria-label="{shown(say(language, "page.views"))}">{items}</nav>'


def _languages(language: Language) -> str:
    names = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
    buttons = "".join(
        f'<button type="button" data-language="{code}" lang="{code}" aria-pressed="{str(code == language).lower()}" '
        f'aria-label="{names[code]}" title="{names[code]}">{code}</button>'
        for code in LANGUAGES
    )
    label = shown(say(language, "page.language"))
    return f'<div class="languages" role="group" aria-label="{label}">{buttons}</div>'


def emergency_line(language: Language) -> str:
    """Return the four numbers that are always in sight."""
    numbers = "".join(
        f'<li><a href="{phone_url(number)}"><strong>{number}</strong> {shown(say(language, f"page.{name}"))}</a></li>'
        for number, name in EMERGENCY
    )
    question = shown(say(language, "page.emergency"))
    return f'<div class="emergency"><span id="fare">{question}</span><ul aria-labelledby="fare">{numbers}</ul></div>'


def status_line(status: Status, limits: str, language: Language) -> str:
    """Return the line that says how far the office has opened; empty when all works."""
    if status.phase == "ready":
        return '<div role="status"></div>'
    if status.phase == "reduced":
        why = f" <span>{shown(status.what)}</span>" if status.what else ""
        return f'<div role="status" class="status reduced"><p>{shown(limits)}{why}</p></div>'
    progress, count = "", ""
    if status.total:
        count = f" {shown(status.what)}: {status.done} / {status.total}"
        progress = (
            f'<progress max="{status.total}" value="{status.done}" aria-hidden="true"></progress>'
        )
    return (
        f'<div role="status" class="status starting"><p>{shown(limits)}{count}</p>{progress}</div>'
    )


def disclosure(language: Language) -> str:
    """Return the line under the question box, and the way to a new conversation."""
    return (
        f'<div class="disclosure" lang="{language}"><p id="hint" role="status"></p>'
        f"<p>{shown(say(language, 'page.disclosure'))} "
        '<button type="button" class="quiet" data-do="new">'
        f"{shown(say(language, 'page.new_conversation'))}</button></p></div>"
    )


def examples(language: Language) -> str:
    """Return example questions for the three uses."""
    items = "".join(
        f'<li><span class="use">{shown(say(language, use))}</span> '
        f'<button type="button" class="question" data-question="{shown(say(language, example))}">'
        f"{shown(say(language, example))}</button></li>"
        for use, example in USES.items()
    )
    return (
        f'<section class="examples" lang="{language}" aria-labelledby="try"><h2 id="try">'
        f"{shown(say(language, 'page.examples'))}</h2><ul>{items}</ul></section>"
    )


def help_page(language: Language) -> str:
    """Return the help view."""
    return f'<div class="reading" lang="{language}">{render(say(language, "page.help"))}</div>'
