"""One reader's conversation, kept in memory only."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from assistant.domain import Citation, Language, Outcome, Reply


@dataclass(frozen=True)
class Exchange:
    """A question and, once it is there, its reply."""

    number: int
    question: str
    reply: Reply | None = None
    limits: str = ""  # what did not work when it was answered
    again: bool = False  # the deliberate second step after a card
    note: str = ""  # what became of the reader's feedback

    @property
    def is_card(self) -> bool:
        """Tell whether the reply is a guidance card, which is pinned until it is closed."""
        reply = self.reply
        if reply is None or reply.guidance is None:
            return False
        return reply.outcome is Outcome.ESCALATED or (
            reply.outcome is Outcome.NOTICE and reply.guidance.id == "vil_ut"
        )

    @property
    def sources(self) -> dict[int, tuple[Citation, ...]]:
        """Return the citations by number, in the order they are cited."""
        found: dict[int, tuple[Citation, ...]] = {}
        for citation in self.reply.citations if self.reply else ():
            found[citation.number] = (*found.get(citation.number, ()), citation)
        return found


class Conversation:
    """What one open page remembers; questions may overlap, so changes are guarded by a lock."""

    def __init__(self) -> None:
        """Start empty, in bokmål."""
        self.language: Language = "nb"
        self._lock = threading.Lock()
        self._exchanges: dict[int, Exchange] = {}
        self._pinned: tuple[int, ...] = ()
        self._next = 1

    def __deepcopy__(self, memo: object) -> Conversation:
        """Return an empty one: Gradio copies the first value of a state for every reader."""
        return Conversation()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Return all exchanges in the order they were asked."""
        with self._lock:
            return tuple(self._exchanges.values())

    @property
    def pinned(self) -> tuple[Exchange, ...]:
        """Return the exchanges whose cards are still open, newest first."""
        with self._lock:
            return tuple(self._exchanges[number] for number in self._pinned)

    def get(self, number: int) -> Exchange | None:
        """Return an exchange, or None when it is not in this conversation."""
        with self._lock:
            return self._exchanges.get(number)

    def turns(self, upto: int) -> tuple[str, ...]:
        """Return the reader's own turns up to and including an exchange."""
        return tuple(
            exchange.question
            for exchange in self.exchanges
            if exchange.number <= upto and not exchange.again
        )

    def begin(self, question: str, *, again: bool = False) -> Exchange:
        """Add a question that has no reply yet."""
        with self._lock:
            exchange = Exchange(self._next, question, again=again)
            self._exchanges[exchange.number] = exchange
            self._next += 1
        return exchange

    def put(self, exchange: Exchange) -> None:
        """Replace an exchange by a later version; one that was cleared away stays away."""
        with self._lock:
            if exchange.number not in self._exchanges:
                return
            known = self._exchanges[exchange.number]
            self._exchanges[exchange.number] = exchange
            if exchange.is_card and not known.is_card:
                self._pin(exchange)

    def _pin(self, exchange: Exchange) -> None:
        reply = exchange.reply
        same = {
            number
            for number in self._pinned
            if reply
            and (other := self._exchanges[number].reply)
            and other.guidance == reply.guidance
        }
        self._pinned = (exchange.number, *(n for n in self._pinned if n not in same))

    def unpin(self, number: int) -> None:
        """Close a card."""
        with self._lock:
            self._pinned = tuple(n for n in self._pinned if n != number)

    def clear(self) -> None:
        """Forget everything but the language; numbers are not used again."""
        with self._lock:
            self._exchanges, self._pinned = {}, ()
