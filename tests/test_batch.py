"""`batch`: one line in, one line out, whatever the line holds."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from assistant.answering import Assistant
from assistant.batch import answer_lines
from assistant.contract import as_json, reply_json
from assistant.domain import Reply

KEYS = {
    "outcome", "stance", "text", "language", "route", "guidance", "citations", "hits", "contacts",
    "warnings", "millis",
}  # fmt: skip


def test_every_kind_of_line_gets_a_row_in_order(assistant: Assistant) -> None:
    lines = [
        '{"id": "a", "question": "Hva er exit-arbeid?", "ignored": 1}',
        '{"id": "b", "text": "Hei"}',
        '{"id": "c", "turns": ["Hva er RVTS?", {"user": "Hvor mange er de?"}]}',
        "ikke json",
        '{"id": "d"}',
        '{"id": "e", "turns": []}',
        "[1, 2]",
    ]
    rows = list(answer_lines(assistant, lines))
    assert [row["id"] for row in rows] == ["a", "b", "c", None, "d", "e", None]
    assert [len(row.get("replies", [])) for row in rows] == [1, 1, 2, 0, 0, 0, 0]
    assert [row["line"] for row in rows if "error" in row] == [4, 5, 6, 7]


def test_a_reply_has_all_keys_of_the_contract(assistant: Assistant) -> None:
    for question in ("Hva er exit-arbeid?", "Hei", "Hvor lang er Nilen?"):
        row = reply_json(assistant.ask([question]))
        assert set(row) >= KEYS
        assert set(row["route"]) == {"level", "category", "signal", "reason"}
        json.dumps(row)


def test_hits_are_the_ten_best_passages_without_heading_path(assistant: Assistant) -> None:
    hits = reply_json(assistant.ask(["Hvem er koordinator for individuell plan?"]))["hits"]
    assert len(hits) == 10
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)
    assert all(len(h["text"]) <= 1000 and "›" not in h["text"] for h in hits)


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"id": ' + "9" * 5_000 + ', "text": "Hei"}', '{"id": 1, "text": "Hei'],
    ids=["nested", "number", "cut"],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_an_error_line_and_the_run_goes_on(
    assistant: Assistant, line: str
) -> None:
    rows = list(answer_lines(assistant, [line, '{"id": "b", "text": "Hei"}']))
    assert (rows[0]["id"], rows[0]["line"]) == (None, 1) and "JSON" in rows[0]["error"]
    assert rows[1]["replies"][0]["outcome"] == "notice"


class Failing(Assistant):
    """An assistant with a fault that nobody foresaw in one question."""

    def ask(self, turns: Sequence[str], **options: object) -> Reply:
        if turns[-1] == "Del på null":
            raise ZeroDivisionError("null")
        return super().ask(turns)


def test_a_fault_that_nobody_foresaw_costs_its_own_line_only(assistant: Assistant) -> None:
    failing = Failing(assistant.shelf, assistant.retriever, assistant.signal)
    lines = ['{"id": "a", "text": "Del på null"}', '{"id": "b", "text": "Hei"}']
    first, second = answer_lines(failing, lines)
    assert (first["id"], first["line"]) == ("a", 1) and "ZeroDivisionError" in first["error"]
    assert second["replies"][0]["outcome"] == "notice"


def test_half_an_emoji_can_be_written(assistant: Assistant) -> None:
    lines = [
        '{"id": "\\ud83d", "turns": ["Han har kniv og skal drepe meg nå \\ud83d", "Hei \\ude00"]}'
    ]
    (row,) = answer_lines(assistant, lines)
    assert row["replies"][0]["outcome"] == "escalated"
    assert json.loads(as_json(row).encode("utf-8"))["id"] == "�"
