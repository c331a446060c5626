"""Answer a file of questions in one process: one JSON line in, one out, in order."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from assistant.answering import Assistant
from assistant.contract import reply_json
from assistant.errors import explained

_LOG = logging.getLogger(__name__)


def answer_lines(assistant: Assistant, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield one row a line: replies to every user turn, or what was wrong with the line."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer_line(assistant, number, line)


def _answer_line(assistant: Assistant, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _fault(None, number, f"Linja er ikke JSON som kan leses ({error}).")
    id_ = row.get("id") if isinstance(row, dict) else None
    turns = _turns(row)
    if turns is None:
        return _fault(id_, number, "Linja trenger «question», «text» eller «turns» med tekst.")
    try:
        replies = [assistant.ask(turns[: n + 1]) for n in range(len(turns))]
    except Exception as error:  # noqa: BLE001  # one line's fault must not cost the lines after it
        _LOG.exception("Uventet feil: linje %s fikk ikke svar.", number)
        return _fault(id_, number, str(explained(error)))
    return {"id": id_, "replies": [reply_json(reply) for reply in replies]}


def _fault(id_: object, number: int, what: str) -> dict[str, Any]:
    return {"id": id_, "line": number, "error": what}


def _turns(row: Any) -> list[str] | None:
    """Return the user turns of an input row, or None when there are none."""
    if not isinstance(row, dict):
        return None
    raw = row.get("turns", row.get("question", row.get("text")))
    rows = raw if isinstance(raw, list) else [raw]
    turns = [turn.get("user") if isinstance(turn, dict) else turn for turn in rows]
    texts = [turn for turn in turns if isinstance(turn, str)]
    return texts if texts and len(texts) == len(turns) else None
