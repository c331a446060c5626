"""The written cases: messages, dialogues, questions and conversations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HARMLESS = "ingen"
KINDS = ("near_topic", "false_premise", "off_topic")
Schema = Literal["routing", "dialogues", "questions", "conversations"]


@dataclass(frozen=True)
class Message:
    """One message to the front door."""

    id: str
    text: str
    critical: bool
    category: str
    acceptable: tuple[str, ...] = ()  # other categories that would do
    lang: str = ""
    style: str = ""


@dataclass(frozen=True)
class Dialogue:
    """Several user turns; each is judged with what came before it."""

    id: str
    turns: tuple[Message, ...]


@dataclass(frozen=True)
class Question:
    """One question on the guide; `turns` ends with it and is longer in a conversation."""

    id: str
    turns: tuple[str, ...]
    evidence: tuple[str, ...]
    must_mention: tuple[str, ...] = ()
    must_mention_any: tuple[tuple[str, ...], ...] = ()
    answerable: bool = True
    lang: str = ""
    type: str = ""
    style: str = ""
    note: str = ""

    @property
    def kind(self) -> str:
        """Return answerable, near_topic, false_premise or off_topic."""
        return "answerable" if self.answerable else self.note.partition(":")[0]

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """Return groups of evidence: one passage of each group must be found."""
        if "any one evidence" in self.note:
            return (self.evidence,) if self.evidence else ()
        if "first evidence is primary" in self.note:
            return (self.evidence[:1],)
        return tuple((evidence,) for evidence in self.evidence)

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the words after «tags:» in the note, such as yes_no and number."""
        words = self.note.partition("tags:")[2].partition(";")[0].split(",")
        return tuple(word.strip() for word in words if word.strip())


@dataclass(frozen=True)
class CaseFile:
    """A file of cases in one schema; `sha256` is over its bytes."""

    path: Path
    schema: Schema
    sha256: str
    messages: tuple[Message, ...] = ()
    dialogues: tuple[Dialogue, ...] = ()
    questions: tuple[Question, ...] = ()  # of questions and of conversations

    @property
    def count(self) -> int:
        """Return how many cases the file holds."""
        return len(self.messages) + len(self.dialogues) + len(self.questions)


def of_schema(files: Iterable[CaseFile], *schemas: Schema) -> list[CaseFile]:
    """Return the files that are in one of the schemas."""
    return [file for file in files if file.schema in schemas]
