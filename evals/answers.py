"""Score replies as a reader of the contract's JSON would: found, said, proven, and short."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.language import sentences
from evals.cases import CaseFile, Question, of_schema
from evals.figures import Measure, Record, Section
from evals.measures import mentions, overlaps, verbatim
from evals.replies import Ask, labels_of
from evals.retrieval import MEASURES as RETRIEVAL
from evals.retrieval import retrieval_scores
from evals.sections import section

_RIGHT = (
    Measure("right", "rett besvart", 0.80, 0.93),
    Measure("lead", "første sitat treffer beviset", 0.65, 0.85),
    Measure("all_cited", "alle nødvendige bevis er sitert", listed=False),
    Measure("length", "siterte setninger i et svar (median)", 4, 3, at_most=True, is_median=True),
    Measure("verbatim", "sitater som står ordrett i korpuset", 1.0, 1.0),
)
_SILENCE = (
    Measure("off_topic", "utenfor temaet: avvist", 0.95, 1.0),
    Measure("near_topic", "nær temaet: avvist", 0.75, 0.92),
    Measure("false_premise", "falsk premiss: rettet (avvist teller halvt)", 0.80, 0.95),
    Measure("over_refusal", "kan besvares, men ble avvist", 0.05, 0.02, at_most=True),
    Measure("wrong_stance", "kan besvares, men fikk «lacks» eller «corrects»", at_most=True),
    Measure("stopped", "kan besvares, men fikk kort, fast svar eller feil", at_most=True),
)
MEASURES = (*RETRIEVAL, *_RIGHT, *_SILENCE)


@dataclass(frozen=True)
class Library:
    """The corpus as quotes are checked against it: every source's text, white space collapsed."""

    texts: Mapping[str, Collection[str]]  # by source id
    passages: tuple[str, ...] = ()  # of the index, to know which evidence can be found at all

    def has(self, citation: Mapping[str, Any]) -> bool:
        """Tell whether a citation's quote stands word for word in the source it names."""
        return verbatim(str(citation["quote"]), self.texts.get(str(citation["source_id"]), ()))


def score_answers(files: Iterable[CaseFile], ask: Ask, library: Library) -> Section:
    """Return the figures of questions: retrieval, answer, and silence."""
    records = []
    for file in of_schema(files, "questions"):
        for case in file.questions:
            records.append(judge(case, ask(case), library, file.path.stem))
    return section("answers", "Svar", records, MEASURES, {"utfall": outcomes(records)})


def judge(case: Question, reply: Mapping[str, Any], library: Library, file: str) -> Record:
    """Return one case's record: every measure of the README that the case counts in."""
    quotes = [str(citation["quote"]) for citation in reply["citations"]]
    scores = answerable_scores(case, reply) if case.answerable else silence_scores(case, reply)
    if reply["citations"]:
        proven = sum(library.has(citation) for citation in reply["citations"])
        scores["verbatim"] = proven / len(reply["citations"])
    if case.answerable and reply["outcome"] == "answered":
        scores["length"] = float(sum(len(sentences(quote)) for quote in quotes))
    numbers = {"millis": float(reply["millis"])}
    if reply["hits"]:
        numbers["beste treff"] = float(reply["hits"][0]["score"])
    missing = mentions(reply["text"], case.must_mention, case.must_mention_any)
    got = _got(reply, missing if case.answerable else (), quotes)
    text = " / ".join(case.turns)
    return Record(case.id, text, labels_of(case, file), scores, _expected(case), got, numbers)


def answerable_scores(case: Question, reply: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores of a question that the guide answers."""
    quotes = [str(citation["quote"]) for citation in reply["citations"]]
    answered, stance = reply["outcome"] == "answered", reply["stance"]
    said = not mentions(reply["text"], case.must_mention, case.must_mention_any)
    cited = overlaps_any(quotes, case.evidence)
    return {
        **retrieval_scores(case, reply),
        "right": float(answered and stance == "answers" and said and cited),
        "lead": float(overlaps_any(quotes[:1], case.evidence)),
        "all_cited": float(all(overlaps_any(quotes, group) for group in case.needed)),
        "over_refusal": float(reply["outcome"] == "not_found"),
        "wrong_stance": float(answered and stance != "answers"),
        "stopped": float(reply["outcome"] in ("escalated", "notice", "failed")),
    }


def silence_scores(case: Question, reply: Mapping[str, Any]) -> dict[str, float]:
    """Return the score of a question that must not be answered as it stands.

    Off topic: `not_found`. Near the topic: `not_found`, or the stance `lacks`. A false premise:
    the stance `corrects` with a citation that overlaps the evidence; refused counts as half.
    """
    not_found, stance = reply["outcome"] == "not_found", reply["stance"]
    if case.kind == "off_topic":
        return {case.kind: float(not_found)}
    refused = not_found or stance == "lacks"
    if case.kind == "near_topic":
        return {case.kind: float(refused)}
    quotes = [str(citation["quote"]) for citation in reply["citations"]]
    corrected = stance == "corrects" and overlaps_any(quotes, case.evidence)
    return {case.kind: 1.0 if corrected else 0.5 if refused else 0.0}


def overlaps_any(quotes: Iterable[str], evidence: Collection[str]) -> bool:
    """Tell whether any quote overlaps any of the evidence."""
    return any(overlaps(quote, proof) for quote in quotes for proof in evidence)


def outcomes(records: Sequence[Record]) -> Mapping[str, Mapping[str, float]]:
    """Count how the replies ended, by kind of question."""
    table: dict[str, dict[str, float]] = {}
    for record in records:
        row = table.setdefault(record.tags["slag"][0], {})
        ended = record.got.split(";")[0]
        row[ended] = row.get(ended, 0) + 1
    return table


def _expected(case: Question) -> str:
    if not case.answerable:
        return case.note[:120]
    parts = [*case.must_mention, *(" | ".join(choice) for choice in case.must_mention_any)]
    proof = f"«{case.evidence[0][:100]}»"
    return f"{proof}{' + ' + ', '.join(parts) if parts else ''}"


def _got(reply: Mapping[str, Any], missing: Sequence[str], quotes: Sequence[str]) -> str:
    ended = f"{reply['outcome']}{'/' + reply['stance'] if reply['stance'] else ''}"
    parts = [ended]
    if missing:
        parts.append(f"mangler: {', '.join(missing)}")
    if quotes:
        parts.append(f"«{quotes[0][:100]}»")
    return "; ".join(parts)
