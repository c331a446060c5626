"""Score conversations: the last reply like a question, the turns before it by how they ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evals.answers import MEASURES as ANSWERS
from evals.answers import Library, judge
from evals.cases import CaseFile, Question, of_schema
from evals.figures import Measure, Section
from evals.replies import Ask
from evals.sections import section

_KEPT = ("recall@1", "recall@5", "mrr", "lead", "all_cited", "length", "verbatim")
MEASURES = (
    Measure("right", "siste tur rett besvart", 0.75, 0.92),
    *(
        measure if measure.key == "verbatim" else replace(measure, floor=None, aim=None, slices={})
        for measure in ANSWERS
        if measure.key in _KEPT
    ),
    Measure("over_refusal", "siste tur avvist", at_most=True),
    Measure("wrong_stance", "siste tur fikk «lacks» eller «corrects»", at_most=True),
    Measure("stopped", "siste tur fikk kort, fast svar eller feil", at_most=True),
)


def score_conversations(files: Iterable[CaseFile], ask: Ask, library: Library) -> Section:
    """Return the figures of the last turns, and how the earlier ones ended."""
    records = []
    earlier: dict[str, dict[str, float]] = {}
    for file in of_schema(files, "conversations"):
        for case in file.questions:
            records.append(judge(case, ask(case), library, file.path.stem))
            for kind, ended in _earlier(case, ask):
                row = earlier.setdefault(kind, {})
                row[ended] = row.get(ended, 0) + 1
    title = "Samtaler"
    return section("conversations", title, records, MEASURES, {"tidligere turer": earlier})


def _earlier(case: Question, ask: Ask) -> Iterable[tuple[str, str]]:
    """Yield, for each earlier turn, whether it asks (by its question mark) and how it ended.

    The schema does not say which turns ask nothing; those should end as `notice`.
    """
    for n in range(1, len(case.turns)):
        turns = case.turns[:n]
        kind = "spør" if "?" in turns[-1] else "spør ikke"
        yield kind, str(ask(replace(case, turns=turns))["outcome"])
