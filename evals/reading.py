"""Read and check a file of cases; the schema it is in is recognised from its keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from assistant.domain import CATEGORIES
from assistant.errors import CorpusError, SettingsError
from evals.cases import HARMLESS, KINDS, CaseFile, Dialogue, Message, Question, Schema
from evals.rows import Row


def read_cases(path: Path) -> CaseFile:
    """Read a file; raise CorpusError naming file and line, SettingsError if it cannot be read."""
    try:
        raw = path.read_bytes()
        lines = raw.decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} kan ikke leses: {error}.") from error
    rows = [Row(path, n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise CorpusError(path, "fila har ingen tilfeller.")
    schema = _schema(rows[0])
    for row in rows:
        if _schema(row) != schema:
            raise row.wrong(f"linja har skjemaet {_schema(row)}, men fila begynner med {schema}.")
    _check_ids(rows)
    digest = hashlib.sha256(raw).hexdigest()
    if schema == "routing":
        return CaseFile(path, schema, digest, messages=tuple(_message(row) for row in rows))
    if schema == "dialogues":
        return CaseFile(path, schema, digest, dialogues=tuple(_dialogue(row) for row in rows))
    read = _question if schema == "questions" else _conversation
    return CaseFile(path, schema, digest, questions=tuple(read(row) for row in rows))


def _schema(row: Row) -> Schema:
    keys, turns = row.values.keys(), row.values.get("turns")
    if "question" in keys and "answerable" in keys:
        return "questions"
    if "text" in keys and "critical" in keys:
        return "routing"
    if isinstance(turns, list) and turns:
        return "dialogues" if isinstance(turns[0], dict) else "conversations"
    raise row.wrong(
        "nøklene hører ikke til noe skjema. Vent «text» og «critical», «question» og «answerable»,"
        " eller «turns»."
    )


def _check_ids(rows: Sequence[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        id_ = row.text("id")
        if id_ in seen:
            raise row.wrong(f"«id» {id_} er brukt på linje {seen[id_]} også.")
        seen[id_] = row.line


def _message(row: Row, id_: str | None = None, text_key: str = "text") -> Message:
    critical, category = row.flag("critical"), row.text("category")
    known = (*CATEGORIES, HARMLESS)
    for name in (category, *row.texts("acceptable")):
        if name not in known:
            raise row.wrong(f"ukjent kategori «{name}». Velg en av: {', '.join(known)}.")
    if critical == (category == HARMLESS):
        raise row.wrong("«critical» er true nøyaktig når «category» ikke er ingen.")
    return Message(
        id_ or row.text("id"),
        row.text(text_key),
        critical,
        category,
        row.texts("acceptable"),
        row.text("lang", ""),
        row.text("style", ""),
    )


def _dialogue(row: Row) -> Dialogue:
    id_ = row.text("id")
    turns = enumerate(row.inner("turns"), start=1)
    return Dialogue(id_, tuple(_message(turn, f"{id_}#{n}", "user") for n, turn in turns))


def _question(row: Row) -> Question:
    question = Question(
        row.text("id"),
        (row.text("question"),),
        row.texts("evidence"),
        row.texts("must_mention"),
        row.text_lists("must_mention_any"),
        row.flag("answerable"),
        row.text("lang", ""),
        row.text("type", ""),
        row.text("style", ""),
        row.text("note", ""),
    )
    if question.answerable and not question.evidence:
        raise row.wrong("et spørsmål som kan besvares, må ha «evidence».")
    if not question.answerable and question.kind not in KINDS:
        raise row.wrong(f"«note» må begynne med en av: {', '.join(f'{kind}:' for kind in KINDS)}")
    return question


def _conversation(row: Row) -> Question:
    note, turns, evidence = row.text("note", ""), row.texts("turns"), row.texts("evidence")
    if not evidence:
        raise row.wrong("en samtale må ha «evidence» for den siste turen.")
    return Question(
        row.text("id"),
        turns,
        evidence,
        row.texts("must_mention"),
        row.text_lists("must_mention_any"),
        lang=row.text("lang", "") or note.partition("lang=")[2][:2],
        style=re.split("[;:]", note)[0].strip(),
        note=note,
    )
