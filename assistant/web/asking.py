"""The one way a question takes from the page to a reply; nothing in it may drop a danger."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import anyio
import anyio.to_thread

from assistant.answering import Assistant
from assistant.domain import Guidance, Language, Level, Outcome, Reply, Route
from assistant.language import reply_language, say
from assistant.safety import triggers
from assistant.web.conversation import Conversation, Exchange
from assistant.web.office import Office

_LOG = logging.getLogger(__name__)
_AT_ONCE = 20_000  # characters up to which the triggers run without waiting for a thread
_THREADS = 16  # questions in work at the same time


class Desk:
    """Answers questions for all open pages."""

    def __init__(self, office: Office) -> None:
        """Take the office that holds the assistant of the moment."""
        self.office = office
        self._limiter: anyio.CapacityLimiter | None = None

    async def ask(self, conversation: Conversation, question: str) -> Exchange:
        """Answer a new question and add it to the conversation; never raises."""
        exchange = conversation.begin(question)
        return await self._answer(conversation, exchange, conversation.turns(exchange.number))

    async def show_anyway(self, conversation: Conversation, number: int) -> Exchange | None:
        """Answer what stands behind a card: the reader's deliberate second step."""
        first = conversation.get(number)
        if first is None:
            return None
        exchange = conversation.begin(first.question, again=True)
        return await self._answer(conversation, exchange, conversation.turns(number))

    async def _answer(
        self, conversation: Conversation, exchange: Exchange, turns: Sequence[str]
    ) -> Exchange:
        language = conversation.language
        try:
            reply = None if exchange.again else await self._trigger(turns)
            reply = reply or await self._in_thread(self.office.assistant, turns, exchange.again)
        except Exception as error:  # noqa: BLE001  # whatever breaks, the reader gets the emergency numbers
            _LOG.exception("Uventet feil: spørsmålet fikk ikke svar.")
            reply = failed_reply(error, self.office.front.shelf.emergency_box, language, turns[-1])
        if reply.outcome is Outcome.FAILED and self.office.status.phase == "starting":
            reply = replace(reply, text=say(reply.language, "notice.starting"))
        answered = replace(exchange, reply=reply, limits=self.office.limits(language))
        conversation.put(answered)
        return answered

    async def _trigger(self, turns: Sequence[str]) -> Reply | None:
        """Return the card if a trigger matches the newest turn, without queue, search or model."""
        newest = turns[-1]
        if len(newest) <= _AT_ONCE:
            matched = triggers.match(newest)
        else:
            matched = await anyio.to_thread.run_sync(triggers.match, newest)
        return self.office.front.ask(turns) if matched else None

    async def _in_thread(self, assistant: Assistant, turns: Sequence[str], anyway: bool) -> Reply:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(_THREADS)
        return await anyio.to_thread.run_sync(
            lambda: assistant.ask(turns, show_anyway=anyway), limiter=self._limiter
        )


def failed_reply(error: Exception, box: Guidance, language: Language, question: str) -> Reply:
    """Return the fixed reply to an unexpected failure; it carries the emergency box."""
    language = reply_language(question, language)
    text = say(language, "failed.general", what=say(language, "failed.unexpected"))
    route = Route(Level.CAUTION, reason=type(error).__name__)
    return Reply(Outcome.FAILED, text, language, route, guidance=box, warnings=("reduced",))
