"""Ask the assistant a case's turns, once, and hand back the newest reply as the contract's JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from assistant.answering import Assistant
from assistant.contract import reply_json
from evals.cases import Question
from evals.routing import question_mark

Ask = Callable[[Question], Mapping[str, Any]]


class Asker:
    """Answers a case's last turn with the turns before it, and remembers the replies."""

    def __init__(self, assistant: Assistant, total: int) -> None:
        """Keep the assistant; `total` is how many cases there are, for the progress line."""
        self.assistant, self.total = assistant, total
        self._replies: dict[tuple[str, ...], Mapping[str, Any]] = {}

    def __call__(self, case: Question) -> Mapping[str, Any]:
        """Return the reply to the case's last turn."""
        if case.turns not in self._replies:
            self._replies[case.turns] = reply_json(self.assistant.ask(case.turns))
            say_progress(len(self._replies), self.total)
        return self._replies[case.turns]


def say_progress(done: int, total: int) -> None:
    """Write how far the run has come, on a terminal only."""
    if sys.stderr.isatty() and (done % 10 == 0 or done == total):
        end = "\n" if done == total else "\r"
        print(f"{done} av {total}", end=end, file=sys.stderr, flush=True)


def labels_of(case: Question, file: str) -> dict[str, tuple[str, ...]]:
    """Return the tags that questions and conversations are sliced by."""
    return {
        "slag": (case.kind,),
        "språk": (case.lang,) if case.lang else (),
        "stil": (case.style,) if case.style else (),
        "type": (case.type,) if case.type else (),
        "merke": case.tags,
        "spørsmålstegn": (question_mark(case.turns[-1]),),
        "fil": (file,),
    }
