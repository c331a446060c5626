"""The measures agree with well-kept libraries, and with the definitions in the README."""

from __future__ import annotations

import random

import ir_measures
import pytest
from ir_measures import Qrel, R, ScoredDoc, Success
from scipy.stats import binomtest
from sklearn.metrics import fbeta_score, precision_score, recall_score

from evals.measures import (
    f2,
    holds,
    median,
    mentions,
    overlaps,
    percentile,
    precision,
    recall,
    recall_at,
    reciprocal_rank,
    verbatim,
    wilson,
)

IDS = [f"p{n}" for n in range(12)]


def _ranking(seed: int) -> tuple[list[str], set[str]]:
    drawn = random.Random(seed)
    ranked = drawn.sample(IDS, 10)
    return ranked, set(drawn.sample(IDS, drawn.randint(1, 4)))


@pytest.mark.parametrize("seed", range(40))
def test_recall_and_reciprocal_rank_equal_ir_measures(seed: int) -> None:
    ranked, relevant = _ranking(seed)
    qrels = [Qrel("q", id_, 1) for id_ in relevant]
    run = [ScoredDoc("q", id_, 1.0 / (n + 1)) for n, id_ in enumerate(ranked)]
    asked = [R @ 1, R @ 5, R @ 10, ir_measures.RR @ 10, Success @ 1]
    theirs = ir_measures.calc_aggregate(asked, qrels, run)
    assert recall_at(1, ranked, relevant) == pytest.approx(theirs[R @ 1])
    assert recall_at(5, ranked, relevant) == pytest.approx(theirs[R @ 5])
    assert recall_at(10, ranked, relevant) == pytest.approx(theirs[R @ 10])
    found = [id_ in relevant for id_ in ranked]
    assert reciprocal_rank(found) == pytest.approx(theirs[ir_measures.RR @ 10])
    assert float(found[0]) == theirs[Success @ 1]


@pytest.mark.parametrize("seed", range(20))
def test_classification_equals_scikit_learn(seed: int) -> None:
    drawn = random.Random(seed)
    expected = [drawn.random() < 0.5 for _ in range(50)]
    got = [drawn.random() < 0.4 for _ in range(50)]
    assert precision(expected, got) == pytest.approx(precision_score(expected, got))
    assert recall(expected, got) == pytest.approx(recall_score(expected, got))
    assert f2(expected, got) == pytest.approx(fbeta_score(expected, got, beta=2))


def test_classification_without_positives_is_zero() -> None:
    assert f2([False, False], [False, False]) == 0
    assert precision([True], [False]) == recall([False], [True]) == 0


@pytest.mark.parametrize(("hits", "total"), [(0, 1), (0, 40), (19, 20), (325, 335), (335, 335)])
def test_wilson_equals_scipy(hits: int, total: int) -> None:
    theirs = binomtest(hits, total).proportion_ci(0.95, method="wilson")
    assert wilson(hits, total) == pytest.approx((theirs.low, theirs.high))


def test_wilson_takes_half_scores_and_no_cases() -> None:
    low, high = wilson(12.5, 20)
    assert low < 12.5 / 20 < high
    assert wilson(0, 0) == (0.0, 1.0)


def test_median_and_percentile() -> None:
    assert median([3, 1, 2, 10]) == 2.5
    assert median([]) == 0
    assert percentile([5.0, 1.0, 4.0, 2.0, 3.0], 0.5) == 3
    assert percentile(list(map(float, range(1, 101))), 0.95) == 95


LONG = (
    "En av tjenesteyterne i kommunen skal oppnevnes som koordinator, som skal sørge for oppfølging."
)


def test_quote_and_evidence_overlap_on_forty_shared_characters() -> None:
    assert overlaps(LONG[:40] + " og noe annet", "Noe foran. " + LONG)
    assert not overlaps(LONG[:39] + "X", "Noe foran. " + LONG)


def test_a_short_quote_overlaps_only_when_one_contains_the_other() -> None:
    assert overlaps("Telefon:  22 58\n60 00", "Telefon: 22 58 60 00")
    assert overlaps("Telefon: 22 58 60 00", "RVTS Øst, Telefon: 22 58 60 00, Oslo")
    assert overlaps("RVTS Øst, Telefon: 22 58 60 00, Oslo", "Telefon: 22 58 60 00")
    assert not overlaps("Telefon: 22 58 60 00", "Telefon: 22 58 60 01")
    assert not overlaps(" ", LONG)


def test_every_mention_must_stand_in_the_reply_whatever_the_case() -> None:
    text = "Ring **RVTS Øst**:\n22 58 60 00"
    assert mentions(text, ["rvts øst", "22 58 60 00"]) == ()
    assert mentions(text, ["RVTS Vest"], [["nord", "øst"]]) == ("RVTS Vest",)
    assert mentions(text, [], [["nord", "sør"]]) == ("nord | sør",)


def test_a_mention_is_found_behind_markdown_escapes() -> None:
    text = r"Se post\_mottak@rvts.no &amp; §&nbsp;13\-b"
    assert mentions(text, ["post_mottak@rvts.no &"]) == ()


def test_holds_and_verbatim_compare_words_not_white_space() -> None:
    assert holds("Noe.\nEt  bevis her.", "Et bevis\nher.")
    assert not holds("Noe.", "")
    assert verbatim("et  bevis", ["noe", "et bevis her"])
    assert not verbatim("Et bevis", ["noe", "et bevis her"])
    assert not verbatim("", ["noe"])
