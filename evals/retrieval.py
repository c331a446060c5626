"""Score what was found: the passage that answers should stand first, or among the first five."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.cases import CaseFile, Question, of_schema
from evals.figures import Measure, Record, Section
from evals.measures import holds, reciprocal_rank
from evals.replies import Ask, labels_of
from evals.sections import section

_BY_THEMSELVES = {"stil": ("no_keyword_overlap", "dialect"), "språk": ("nn", "en")}
MEASURES = (
    Measure("recall@1", "recall@1: første avsnitt har et bevis", 0.75, 0.88),
    Measure(
        "recall@5",
        "recall@5: de fem første har alle som trengs",
        0.93,
        0.98,
        slice_floor=0.85,
        slices=_BY_THEMSELVES,
    ),
    Measure("recall@10", "recall@10: de ti første har alle som trengs", listed=False),
    Measure("mrr", "MRR@10: 1 delt på plassen til første bevis", listed=False),
)


def score_retrieval(files: Iterable[CaseFile], ask: Ask) -> Section:
    """Return the retrieval figures of answerable questions and of conversations' last turns."""
    records = [
        _record(case, ask(case), file)
        for file in of_schema(files, "questions", "conversations")
        for case in file.questions
        if case.answerable
    ]
    return section("retrieval", "Gjenfinning", records, MEASURES)


def retrieval_scores(case: Question, reply: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores of the hits in a reply; a reply without hits found nothing."""
    texts = [str(hit["text"]) for hit in reply["hits"]]
    found = [any(holds(text, proof) for proof in case.evidence) for text in texts]
    return {
        "recall@1": float(found[:1] == [True]),
        "recall@5": float(all_found(case, texts[:5])),
        "recall@10": float(all_found(case, texts[:10])),
        "mrr": reciprocal_rank(found[:10]),
    }


def all_found(case: Question, texts: Sequence[str]) -> bool:
    """Tell whether the passages hold all the evidence that is needed."""
    return all(
        any(holds(text, proof) for text in texts for proof in group) for group in case.needed
    )


def _record(case: Question, reply: Mapping[str, Any], file: CaseFile) -> Record:
    scores = retrieval_scores(case, reply)
    place = f"plass {round(1 / scores['mrr'])}" if scores["mrr"] else "ikke blant de ti"
    first = str(reply["hits"][0]["text"])[:100] if reply["hits"] else f"ingen ({reply['outcome']})"
    expected = " + ".join(f"«{proof[:80]}»" for proof in case.evidence[:2])
    numbers = {"beste treff": float(reply["hits"][0]["score"])} if reply["hits"] else {}
    text, tags = " / ".join(case.turns), labels_of(case, file.path.stem)
    return Record(case.id, text, tags, scores, expected, f"{place}; først: «{first}»", numbers)
