"""A case file is recognised by its keys, and a bad line is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import AssistantError, CorpusError
from evals.reading import read_cases

MESSAGE = {"id": "a", "text": "Hei", "critical": False, "category": "ingen"}
QUESTION: dict[str, Any] = {"id": "a", "question": "Hva?", "evidence": ["Det."], "answerable": True}
DIALOGUE = {
    "id": "d",
    "turns": [
        {"user": "Hei", "critical": False, "category": "ingen"},
        {"user": "Nå skyter han", "critical": True, "category": "akutt_fare"},
    ],
}
CONVERSATION = {
    "id": "c",
    "turns": ["Hva er RVTS?", "Og nummeret?"],
    "evidence": ["Telefon: 1"],
    "note": "pronoun; lang=nn; any one evidence string suffices",
}


def _file(folder: Path, *rows: Any) -> Path:
    path = folder / "cases.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "schema"),
    [
        (MESSAGE, "routing"),
        (DIALOGUE, "dialogues"),
        (QUESTION, "questions"),
        (CONVERSATION, "conversations"),
    ],
)
def test_the_schema_is_recognised_from_the_keys(tmp_path: Path, row: Any, schema: str) -> None:
    file = read_cases(_file(tmp_path, row))
    assert file.schema == schema
    assert file.count == 1


def test_a_dialogues_turns_become_numbered_messages(tmp_path: Path) -> None:
    (dialogue,) = read_cases(_file(tmp_path, DIALOGUE)).dialogues
    assert [turn.id for turn in dialogue.turns] == ["d#1", "d#2"]
    assert dialogue.turns[1].critical


def test_a_conversation_is_a_question_with_earlier_turns(tmp_path: Path) -> None:
    (case,) = read_cases(_file(tmp_path, CONVERSATION)).questions
    assert (case.lang, case.style, case.kind) == ("nn", "pronoun", "answerable")
    assert case.turns[-1] == "Og nummeret?"


@pytest.mark.parametrize(
    ("note", "needed"),
    [
        ("any one evidence string suffices; tags: yes_no", (("A", "B"),)),
        ("first evidence is primary; tags: yes_no", (("A",),)),
        ("tags: number, yes_no", (("A",), ("B",))),
        ("", (("A",), ("B",))),
    ],
)
def test_the_note_says_which_evidence_is_needed(
    tmp_path: Path, note: str, needed: tuple[tuple[str, ...], ...]
) -> None:
    row = {**QUESTION, "evidence": ["A", "B"], "note": note}
    assert read_cases(_file(tmp_path, row)).questions[0].needed == needed


def test_tags_stand_in_the_note(tmp_path: Path) -> None:
    row = {**QUESTION, "note": "first evidence is primary; tags: yes_no, condition"}
    assert read_cases(_file(tmp_path, row)).questions[0].tags == ("yes_no", "condition")


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("{", "ikke gyldig JSON"),
        ("[]", "JSON-objekt"),
        ({"id": "b"}, "noe skjema"),
        ({**MESSAGE, "id": "b", "critical": "ja"}, "«critical» må være true eller false"),
        ({**MESSAGE, "id": "b", "category": "brann"}, "ukjent kategori «brann»"),
        ({**MESSAGE, "id": "b", "critical": True}, "nøyaktig når"),
        ({**MESSAGE, "id": "b", "text": " "}, "«text» må være en tekst"),
        ({**MESSAGE, "id": "b", "acceptable": "utreise"}, "«acceptable» må være ei liste"),
        (MESSAGE, "er brukt på linje 1"),
        ({**QUESTION, "id": "b"}, "skjemaet questions"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, bad: Any, what: str) -> None:
    with pytest.raises(CorpusError, match=what) as error:
        read_cases(_file(tmp_path, MESSAGE, bad))
    assert "cases.jsonl, linje 2" in str(error.value)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"evidence": []}, "må ha «evidence»"),
        ({"answerable": False, "note": "vet ikke"}, "«note» må begynne med"),
        ({"must_mention_any": [[]]}, "liste med lister"),
    ],
)
def test_a_question_that_cannot_be_scored_is_refused(
    tmp_path: Path, change: dict[str, Any], what: str
) -> None:
    with pytest.raises(CorpusError, match=what):
        read_cases(_file(tmp_path, {**QUESTION, **change}))


def test_a_missing_or_empty_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="kan ikke leses"):
        read_cases(tmp_path / "none.jsonl")
    with pytest.raises(AssistantError, match="ingen tilfeller"):
        read_cases(_file(tmp_path, ""))


def test_the_shared_and_the_own_case_files_can_all_be_read(shared: Path) -> None:
    own = Path(__file__).parents[2] / "evals" / "data"
    files = [*(shared / "evals").glob("*.jsonl"), *own.glob("*.jsonl")]
    assert {read_cases(file).schema for file in files} == {
        "routing",
        "dialogues",
        "questions",
        "conversations",
    }
