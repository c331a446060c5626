"""Build the page: Gradio's components in place, and every event wired to the desk."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.language import say
from assistant.web import frame
from assistant.web.card import cards
from assistant.web.conversation import Conversation
from assistant.web.handlers import Handlers
from assistant.web.sources import sources_page
from assistant.web.talk import talk

_TICK = 1.0  # seconds between two looks at the opening office
# Nothing waits in Gradio's queue, nothing is dropped while another question is in work, nothing is public API.
_DIRECT: dict[str, Any] = {
    "queue": False,
    "trigger_mode": "multiple",
    "show_progress": "hidden",
    "api_visibility": "private",
}


_ECHO = "(question, state) => { window.exitPage.pending(question); return [question, state]; }"


class Page:
    """The Gradio page of one office."""

    def __init__(self, handlers: Handlers) -> None:
        """Draw the page and wire it; `blocks` is then ready to be mounted."""
        self._handlers = handlers
        with gr.Blocks(
            title=say("nb", "page.title"), analytics_enabled=False, fill_width=True
        ) as self.blocks:
            self._draw()
            self._wire()

    def _draw(self) -> None:
        self._conversation = gr.State(Conversation())
        self._head = _html(frame.head("nb"), "head", "head")
        self._status = _html(self._handlers.status_line("nb"), "status")
        with gr.Row(elem_id="view-ask", elem_classes="view"):
            with gr.Column(elem_id="talk", min_width=0):
                self._card = _html(cards((), "nb"), "card", "card")
                self._log = _html(talk((), "nb"), "log", "log")
                with gr.Column(elem_id="ask"):
                    self._draw_question()
                self._examples = _html(frame.examples("nb"), "examples", "examples")
            self._panel = _html("", "panel", "panel")
        self._sources_view = _html(sources_page(self._handlers.sources, "nb"), "view-sources")
        self._help = _html(frame.help_page("nb"), "view-help")
        self._timer = gr.Timer(_TICK)

    def _draw_question(self) -> None:
        with gr.Row(elem_id="ask-row"):
            self._box = gr.Textbox(
                label=say("nb", "page.placeholder"),
                placeholder=say("nb", "page.placeholder"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=8,
                autofocus=True,
                elem_id="box",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            self._button = gr.Button(
                say("nb", "page.ask"), variant="primary", elem_id="ask-button", min_width=0
            )
        self._disclosure = _html(frame.disclosure("nb"), "disclosure", "disclosure")

    def _wire(self) -> None:
        do, state, asked = self._handlers, self._conversation, [self._card, self._log]
        for typed in (self._box.submit, self._button.click):
            event = typed(do.ask, [self._box, state], asked, js=_ECHO, **_DIRECT)
            event.then(**_after("settled"))
        for component in (self._log, self._examples):
            event = component.submit(do.ask_button, state, asked, **_DIRECT)
            event.then(**_after("settled"))
        self._card.expand(do.show_anyway, state, asked, **_DIRECT).then(**_after("settled"))
        self._card.clear(do.close_card, state, self._card, **_DIRECT).then(**_after("toBox"))
        for component in (self._log, self._panel):
            event = component.select(do.show_source, state, self._panel, **_DIRECT)
            event.then(**_after("openPanel"))
        self._log.like(do.keep_feedback, state, self._log, **_DIRECT)
        emptied = [*asked, self._panel]
        self._disclosure.delete(do.start_again, state, emptied, **_DIRECT).then(**_after("cleared"))
        event = self._head.select(do.switch_language, state, self._everything, **_DIRECT)
        event.then(**_after("spoken"))
        watched = [self._status, self._timer]
        self._timer.tick(do.look, state, watched, **_DIRECT)
        self.blocks.load(do.look, state, watched, **_DIRECT)

    @property
    def _everything(self) -> list[Any]:
        return [
            *(self._head, self._status, self._card, self._log, self._box, self._button),
            *(self._disclosure, self._examples, self._panel, self._sources_view, self._help),
        ]


def _html(value: str, name: str, script: str | None = None) -> Any:
    """Return an HTML component of our own look whose clicks page.js turns into events."""
    bound = f"window.exitPage.bind('{script}', element, trigger);" if script else None
    return gr.HTML(
        value,
        elem_id=name if name.startswith("view-") else f"part-{name}",
        elem_classes="view" if name.startswith("view-") else None,
        apply_default_css=False,
        js_on_load=bound,
    )


def _after(name: str) -> dict[str, Any]:
    """Return the arguments of a step that runs in the browser when an answer has come."""
    return {"fn": None, "js": f"() => window.exitPage.{name}()", **_DIRECT}
