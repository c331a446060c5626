"""Replies are scored as the README says, from the contract's JSON alone."""

from __future__ import annotations

from typing import Any

import pytest

from evals.answers import Library, answerable_scores, judge, silence_scores
from evals.retrieval import retrieval_scores
from tests.evals.making import EVIDENCE, citation, question, reply

OTHER = "Deltakelse er frivillig, og den enkelte kan trekke seg når som helst i løpet av arbeidet."
LIBRARY = Library({"veileder-exit": [f"Foran. {EVIDENCE} {OTHER}"]})


def test_a_right_answer_is_answered_said_and_proven() -> None:
    case = question(must_mention=("SAMORDNING",), must_mention_any=(("nei", "fremdrift"),))
    assert answerable_scores(case, reply())["right"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "not_found", "stance": None},
        {"stance": "lacks"},
        {"stance": "corrects"},
        {"citations": [citation(OTHER)]},
        {"citations": []},
        {"text": "Noe annet."},
    ],
)
def test_anything_less_is_not_right(change: dict[str, Any]) -> None:
    case = question(must_mention=("samordning",))
    assert answerable_scores(case, reply(**change))["right"] == 0


def test_the_lead_is_the_first_quote_only() -> None:
    first, last = [citation(), citation(OTHER)], [citation(OTHER), citation()]
    assert answerable_scores(question(), reply(citations=first))["lead"] == 1
    scores = answerable_scores(question(), reply(citations=last))
    assert (scores["lead"], scores["right"]) == (0, 1)


def test_over_refusal_is_not_found_on_what_can_be_answered() -> None:
    scores = answerable_scores(question(), reply(outcome="not_found", stance=None, citations=[]))
    assert (scores["over_refusal"], scores["stopped"], scores["lead"]) == (1, 0, 0)
    assert answerable_scores(question(), reply(outcome="escalated", stance=None))["stopped"] == 1


@pytest.mark.parametrize(
    ("kind", "change", "score"),
    [
        ("off_topic", {"outcome": "not_found", "stance": None}, 1),
        ("off_topic", {"stance": "lacks"}, 0),
        ("off_topic", {}, 0),
        ("near_topic", {"outcome": "not_found", "stance": None}, 1),
        ("near_topic", {"stance": "lacks"}, 1),
        ("near_topic", {"stance": "corrects"}, 0),
        ("near_topic", {}, 0),
        ("false_premise", {"stance": "corrects"}, 1),
        ("false_premise", {"stance": "corrects", "citations": [citation(OTHER)]}, 0),
        ("false_premise", {"outcome": "not_found", "stance": None}, 0.5),
        ("false_premise", {"stance": "lacks"}, 0.5),
        ("false_premise", {}, 0),
    ],
)
def test_silence_is_scored_by_kind(kind: str, change: dict[str, Any], score: float) -> None:
    case = question(answerable=False, note=f"{kind}: hvorfor")
    assert silence_scores(case, reply(**change)) == {kind: score}


def test_recall_at_one_takes_any_evidence_and_at_five_all_that_is_needed() -> None:
    both = question(evidence=(EVIDENCE, OTHER), note="both/all evidence strings needed")
    one = {"hits": [{"text": EVIDENCE, "score": 0.9}]}
    two = {"hits": [{"text": "Noe.", "score": 0.9}, *one["hits"], {"text": OTHER, "score": 0.5}]}
    assert retrieval_scores(both, reply(**one)) == pytest.approx(
        {"recall@1": 1, "recall@5": 0, "recall@10": 0, "mrr": 1}
    )
    assert retrieval_scores(both, reply(**two)) == pytest.approx(
        {"recall@1": 0, "recall@5": 1, "recall@10": 1, "mrr": 0.5}
    )


def test_any_one_evidence_may_suffice_and_the_sixth_passage_is_too_late() -> None:
    either = question(evidence=(OTHER, EVIDENCE), note="any one evidence string suffices")
    assert retrieval_scores(either, reply())["recall@5"] == 1
    late = [{"text": "Noe.", "score": 0.9}] * 5 + [{"text": EVIDENCE, "score": 0.1}]
    scores = retrieval_scores(question(), reply(hits=late))
    assert (scores["recall@5"], scores["recall@10"]) == (0, 1)


def test_a_reply_without_hits_found_nothing() -> None:
    assert set(retrieval_scores(question(), reply(hits=[])).values()) == {0.0}


def test_verbatim_is_judged_against_the_corpus_not_the_passage() -> None:
    invented = [citation(), citation("Koordinator kan, om ønskelig, sikre samordning.")]
    record = judge(question(), reply(citations=invented), LIBRARY, "fil")
    assert record.scores["verbatim"] == 0.5
    assert judge(question(), reply(), LIBRARY, "fil").scores["verbatim"] == 1


def test_length_counts_quoted_sentences_of_given_answers_only() -> None:
    quotes = [citation(f"{EVIDENCE} {OTHER}"), citation()]
    assert judge(question(), reply(citations=quotes), LIBRARY, "f").scores["length"] == 3
    refused = reply(outcome="not_found", stance=None, citations=[])
    assert "length" not in judge(question(), refused, LIBRARY, "f").scores


def test_the_record_says_what_was_missing() -> None:
    case = question(must_mention=("telefon",), lang="nn", style="plain")
    record = judge(case, reply(), LIBRARY, "fil")
    assert record.got.startswith("answered/answers; mangler: telefon; «Koordinator")
    assert record.tags["språk"] == ("nn",)
