"""Build the page: Gradio's components in place, and every event wired to the desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.domain import Language, Source
from assistant.errors import AssistantError
from assistant.language import LANGUAGES, say
from assistant.web import frame
from assistant.web.asking import Desk
from assistant.web.card import cards
from assistant.web.conversation import Conversation
from assistant.web.feedback import Feedback, save
from assistant.web.panel import hit_view, panel, source_view
from assistant.web.talk import talk

_TICK = 1.0  # seconds between two looks at the opening office
# Nothing waits in Gradio's queue, nothing is dropped while another question is in work, nothing is public API.
_DIRECT: dict[str, Any] = {
    "queue": False,
    "trigger_mode": "multiple",
    "show_progress": "hidden",
    "api_visibility": "private",
}


class Page:
    """The Gradio page of one office."""

    def __init__(self, desk: Desk, sources: Sequence[Source], data_dir: Path) -> None:
        """Draw the page and wire it; `blocks` is then ready to be mounted."""
        self._desk, self._sources, self._data_dir = desk, sources, data_dir
        with gr.Blocks(
            title=say("nb", "page.title"), analytics_enabled=False, fill_width=True
        ) as self.blocks:
            self._draw()
            self._wire()

    def _draw(self) -> None:
        self._conversation = gr.State(Conversation())
        self._head = _html(frame.head("nb"), "head", "head")
        self._status = _html(self._status_now("nb"), "status")
        with gr.Row(elem_id="view-ask", elem_classes="view"):
            with gr.Column(elem_id="talk", min_width=0):
                self._card = _html(cards((), "nb"), "card", "card")
                self._log = _html(talk((), "nb"), "log", "log")
                with gr.Column(elem_id="ask"):
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
                            say("nb", "page.ask"),
                            variant="primary",
                            elem_id="ask-button",
                            min_width=0,
                        )
                    self._disclosure = _html(frame.disclosure("nb"), "disclosure", "disclosure")
                self._examples = _html(frame.examples("nb"), "examples", "examples")
            self._panel = _html("", "panel", "panel")
        self._sources_view = _html(frame.sources_page(self._sources, "nb"), "view-sources")
        self._help = _html(frame.help_page("nb"), "view-help")
        self._timer = gr.Timer(_TICK)

    def _wire(self) -> None:
        asked = [self._card, self._log]
        state = self._conversation
        for trigger in (self._box.submit, self._button.click):
            trigger(
                self._ask,
                [self._box, state],
                asked,
                js="(question, state) => { window.exitPage.pending(question); return [question, state]; }",
                **_DIRECT,
            ).then(**_after("settled"))
        for component in (self._log, self._examples):
            component.submit(self._ask_button, state, asked, **_DIRECT).then(**_after("settled"))
        self._card.expand(self._show_anyway, state, asked, **_DIRECT).then(**_after("settled"))
        self._card.clear(self._close_card, state, self._card, **_DIRECT).then(**_after("toBox"))
        for component in (self._log, self._panel):
            component.select(self._show_source, state, self._panel, **_DIRECT).then(
                **_after("openPanel")
            )
        self._log.like(self._keep_feedback, state, self._log, **_DIRECT)
        self._disclosure.delete(
            self._start_again, state, [self._card, self._log, self._panel], **_DIRECT
        ).then(**_after("cleared"))
        self._head.select(self._switch_language, state, self._everything, **_DIRECT).then(
            **_after("spoken")
        )
        watched = [self._status, self._timer]
        self._timer.tick(self._look, state, watched, **_DIRECT)
        self.blocks.load(self._look, state, watched, **_DIRECT)

    async def _ask(self, question: str | None, conversation: Conversation) -> Any:
        if not (question or "").strip():
            return gr.skip(), gr.skip()
        exchange = await self._desk.ask(conversation, str(question))
        card = cards(conversation.pinned, conversation.language) if exchange.is_card else gr.skip()
        return card, talk(conversation.exchanges, conversation.language)

    async def _ask_button(self, conversation: Conversation, event: gr.EventData) -> Any:
        return await self._ask(_data(event).get("question"), conversation)

    async def _show_anyway(self, conversation: Conversation, event: gr.EventData) -> Any:
        await self._desk.show_anyway(conversation, _number(event, "exchange"))
        return gr.skip(), talk(conversation.exchanges, conversation.language)

    def _close_card(self, conversation: Conversation, event: gr.EventData) -> str:
        conversation.unpin(_number(event, "exchange"))
        return cards(conversation.pinned, conversation.language)

    def _show_source(self, conversation: Conversation, event: gr.EventData) -> str:
        exchange = conversation.get(_number(event, "exchange"))
        if "hit" in _data(event):
            view = hit_view(exchange, _number(event, "hit"))
        else:
            view = source_view(exchange, _number(event, "source"))
        return panel(view, self._desk.office.assistant.retriever, conversation.language)

    def _keep_feedback(self, conversation: Conversation, event: gr.EventData) -> str:
        exchange, data, language = (
            conversation.get(_number(event, "exchange")),
            _data(event),
            conversation.language,
        )
        if exchange is not None and exchange.reply is not None:
            reply = exchange.reply
            reasons = say("nb", "page.reasons").split("|")
            place = _number(event, "reason")
            feedback = Feedback(
                outcome=reply.outcome.value,
                useful=data.get("useful") is True,
                reason=reasons[place] if 0 <= place < len(reasons) else "",
                passage_ids=tuple(
                    dict.fromkeys(citation.passage.id for citation in reply.citations)
                ),
                language=reply.language,
                question=exchange.question if data.get("attach") is True else None,
            )
            conversation.put(replace(exchange, note=self._stored(feedback, language)))
        return talk(conversation.exchanges, language)

    def _stored(self, feedback: Feedback, language: Language) -> str:
        try:
            save(self._data_dir, feedback)
        except AssistantError as error:
            return say(language, "page.feedback_failed", what=error)
        return say(language, "page.thanks_feedback")

    def _start_again(self, conversation: Conversation) -> tuple[str, str, str]:
        conversation.clear()
        return cards((), conversation.language), talk((), conversation.language), ""

    def _look(self, conversation: Conversation) -> tuple[str, Any]:
        open_now = self._desk.office.status.phase != "starting"
        return self._status_now(conversation.language), gr.Timer(active=not open_now)

    def _status_now(self, language: Language) -> str:
        office = self._desk.office
        return frame.status_line(office.status, office.limits(language), language)

    @property
    def _everything(self) -> list[Any]:
        return [
            *(self._head, self._status, self._card, self._log, self._box, self._button),
            *(self._disclosure, self._examples, self._panel, self._sources_view, self._help),
        ]

    def _switch_language(self, conversation: Conversation, event: gr.EventData) -> list[Any]:
        wanted = _data(event).get("language")
        language: Language = next((known for known in LANGUAGES if known == wanted), "nb")
        conversation.language = language
        return [
            frame.head(language),
            self._status_now(language),
            cards(conversation.pinned, language),
            talk(conversation.exchanges, language),
            gr.Textbox(
                label=say(language, "page.placeholder"),
                placeholder=say(language, "page.placeholder"),
            ),
            say(language, "page.ask"),
            frame.disclosure(language),
            frame.examples(language),
            "",
            frame.sources_page(self._sources, language),
            frame.help_page(language),
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


def _data(event: gr.EventData) -> dict[str, Any]:
    data = event._data
    return data if isinstance(data, dict) else {}


def _number(event: gr.EventData, name: str) -> int:
    """Return a whole number that the browser sent, or -1: it is untrusted."""
    text = str(_data(event).get(name, ""))
    return int(text) if re.fullmatch(r"\d{1,6}", text) else -1
