"""A conversation is judged by its last reply; how the earlier turns ended is counted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.answers import Library
from evals.cases import CaseFile, Question
from evals.conversations import score_conversations
from tests.evals.making import EVIDENCE, question, reply

TURNS = ("Sjefen vet om det.", "Hva er individuell plan?", "Hvem sikrer samordningen?")


def _ask(case: Question) -> Mapping[str, Any]:
    if len(case.turns) == 1:
        return reply(outcome="notice", stance=None, citations=[], hits=[])
    return reply()


def test_the_last_turn_is_scored_and_the_earlier_ones_are_counted() -> None:
    case = question(turns=TURNS, must_mention=("samordning",))
    files = [CaseFile(Path("c.jsonl"), "conversations", "", questions=(case,))]
    part = score_conversations(files, _ask, Library({"veileder-exit": [EVIDENCE]}))
    values = {figure.measure.key: figure.value for figure in part.figures}
    assert (values["right"], values["verbatim"]) == (1, 1)
    assert part.tables["tidligere turer"] == {"spør ikke": {"notice": 1}, "spør": {"answered": 1}}
