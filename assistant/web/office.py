"""Open the page at once with the front door, and swap in the whole assistant when it is ready."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.answering import Assistant
from assistant.domain import Language
from assistant.errors import explained
from assistant.language import say

_LOG = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]  # what, done, of how many
OpenRest = Callable[[Progress], Assistant]


@dataclass(frozen=True)
class Status:
    """How far the office has opened."""

    phase: Literal["starting", "ready", "reduced"]
    what: str = ""  # what it is doing, or why it is reduced
    done: int = 0
    total: int = 0


class Office:
    """Holds the assistant that answers now: the front door first, the whole one when it is open."""

    def __init__(self, front: Assistant, open_rest: OpenRest) -> None:
        """Keep the front door; nothing is opened before `open` is called."""
        self.front = front
        self.assistant = front
        self.status = Status("starting")
        self._open_rest = open_rest

    def open(self) -> threading.Thread:
        """Start opening the rest in the background."""
        thread = threading.Thread(target=self._run, name="opening", daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        try:
            whole = self._open_rest(self._progress)
        except Exception as error:  # noqa: BLE001  # the front door stays open whatever fails behind it
            trouble = explained(error)
            _LOG.warning("Redusert drift: %s", trouble, exc_info=trouble is not error)
            whole = Assistant(self.front.shelf, trouble=trouble)
        self.assistant = whole
        reason = str(whole.trouble) if whole.trouble else ""
        self.status = Status("reduced", reason) if whole.reduced else Status("ready")

    def _progress(self, what: str, done: int, total: int) -> None:
        self.status = Status("starting", what, done, total)

    def limits(self, language: Language) -> str:
        """Return the sentence that says what does not work now, or ""."""
        if self.status.phase == "ready":
            return ""
        if self.status.phase == "starting":
            return say(language, "page.starting")
        missing = "card.reduced" if self.assistant.retriever is None else "page.reduced_signal"
        return say(language, missing)
