"""`batch`: one line in, one line out, whatever the line holds."""

from __future__ import annotations

import json

from assistant.answering import Assistant
from assistant.batch import answer_lines
from assistant.contract import reply_json

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
