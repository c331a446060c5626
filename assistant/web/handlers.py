"""What happens on the server when a reader does something on the page."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.domain import Language, Reply, Source
from assistant.errors import AssistantError
from assistant.language import LANGUAGES, say
from assistant.web import frame
from assistant.web.asking import Desk
from assistant.web.card import cards
from assistant.web.conversation import Conversation, Exchange
from assistant.web.escaping import shown
from assistant.web.feedback import Feedback, save
from assistant.web.panel import hit_view, panel, source_view
from assistant.web.sources import sources_page
from assistant.web.talk import talk

_LOG = logging.getLogger(__name__)


class Handlers:
    """The page's events; every one takes the reader's conversation and returns new HTML."""

    def __init__(self, desk: Desk, sources: Sequence[Source], data_dir: Path) -> None:
        """Keep what the events need."""
        self._desk, self.sources, self._data_dir = desk, sources, data_dir

    async def ask(self, question: str | None, conversation: Conversation) -> Any:
        """Answer a typed question."""
        if not (question or "").strip():
            return gr.skip(), gr.skip()
        exchange = await self._desk.ask(conversation, str(question))
        return _drawn(conversation, exchange)

    async def ask_button(self, conversation: Conversation, event: gr.EventData) -> Any:
        """Answer a question that stands on a button."""
        return await self.ask(_data(event).get("question"), conversation)

    async def show_anyway(self, conversation: Conversation, event: gr.EventData) -> Any:
        """Answer what stands behind a card."""
        exchange = await self._desk.show_anyway(conversation, _number(event, "exchange"))
        return _drawn(conversation, exchange)

    def close_card(self, conversation: Conversation, event: gr.EventData) -> str:
        """Take a card away."""
        conversation.unpin(_number(event, "exchange"))
        return cards(conversation.pinned, conversation.language)

    def show_source(self, conversation: Conversation, event: gr.EventData) -> str:
        """Fill the panel with a source."""
        exchange = conversation.get(_number(event, "exchange"))
        if "hit" in _data(event):
            view = hit_view(exchange, _number(event, "hit"))
        else:
            view = source_view(exchange, _number(event, "source"))
        return panel(view, self._desk.office.assistant.retriever, conversation.language)

    def keep_feedback(self, conversation: Conversation, event: gr.EventData) -> str:
        """Store a verdict and say what became of it."""
        exchange = conversation.get(_number(event, "exchange"))
        if exchange is not None and exchange.reply is not None:
            note = self._stored(_verdict(exchange, exchange.reply, event), conversation.language)
            conversation.put(replace(exchange, note=note))
        return talk(conversation.exchanges, conversation.language)

    def _stored(self, feedback: Feedback, language: Language) -> str:
        try:
            save(self._data_dir, feedback)
        except AssistantError as error:
            return say(language, "page.feedback_failed", what=error)
        return say(language, "page.thanks_feedback")

    def start_again(self, conversation: Conversation) -> tuple[str, str, str]:
        """Forget the conversation."""
        conversation.clear()
        return cards((), conversation.language), talk((), conversation.language), ""

    def look(self, conversation: Conversation) -> tuple[str, Any]:
        """Say how far the office has opened; stop looking when it has."""
        open_now = self._desk.office.status.phase != "starting"
        return self.status_line(conversation.language), gr.Timer(active=not open_now)

    def status_line(self, language: Language) -> str:
        """Return the status line of the moment."""
        office = self._desk.office
        return frame.status_line(office.status, office.limits(language), language)

    def switch_language(self, conversation: Conversation, event: gr.EventData) -> list[Any]:
        """Say everything in another language."""
        wanted = _data(event).get("language")
        language: Language = next((known for known in LANGUAGES if known == wanted), "nb")
        conversation.language = language
        return [
            frame.head(language),
            self.status_line(language),
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
            sources_page(self.sources, language),
            frame.help_page(language),
        ]


def _drawn(conversation: Conversation, exchange: Exchange | None) -> tuple[Any, Any]:
    """Return card and conversation; a fault in the drawing still shows the emergency numbers."""
    language = conversation.language
    try:
        new_card = exchange is not None and exchange.is_card
        card = cards(conversation.pinned, language) if new_card else gr.skip()
        return card, talk(conversation.exchanges, language)
    except Exception:  # noqa: BLE001  # whatever breaks, the reader gets the emergency numbers
        _LOG.exception("Uventet feil: svaret lot seg ikke tegne.")
        text = say(language, "failed.general", what=say(language, "failed.unexpected"))
        return gr.skip(), f'<div class="turns"><p class="exchange warning">{shown(text)}</p></div>'


def _verdict(exchange: Exchange, reply: Reply, event: gr.EventData) -> Feedback:
    """Return a verdict as it is stored: the reason in bokmål, the question only when attached."""
    data, place = _data(event), _number(event, "reason")
    reasons = say("nb", "page.reasons").split("|")
    return Feedback(
        outcome=reply.outcome.value,
        useful=data.get("useful") is True,
        reason=reasons[place] if 0 <= place < len(reasons) else "",
        passage_ids=tuple(dict.fromkeys(citation.passage.id for citation in reply.citations)),
        language=reply.language,
        question=exchange.question if data.get("attach") is True else None,
    )


def _data(event: gr.EventData) -> dict[str, Any]:
    data = event._data
    return data if isinstance(data, dict) else {}


def _number(event: gr.EventData, name: str) -> int:
    """Return a whole number that the browser sent, or -1: it is untrusted."""
    text = str(_data(event).get(name, ""))
    return int(text) if re.fullmatch(r"\d{1,6}", text) else -1
