"""The hardest cases: dangerous, caught by no trigger, the lowest probability first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from assistant.domain import Level, SignalScore
from evals.cases import CaseFile, Dialogue, Message
from evals.figures import Section
from evals.hardest import hardest
from evals.numbers import as_json
from evals.report import page
from evals.routing import score_dialogues, score_messages
from evals.signals import router_of
from evals.tables import text_of
from tests.evals.making import message

DANGER = "Jeg vil ta livet mitt i kveld."
FOLLOW_UP = "Hva gjør jeg nå?"


class Counting:
    """A signal, at the outer edge, whose probability is the number a message begins with, in per cent."""

    def score(self, turns: Sequence[str]) -> SignalScore:
        first = turns[-1].split()[0]
        share = int(first) / 100 if first.isdigit() else 0.0
        level = Level.CAUTION if share >= 0.1 else Level.ORDINARY
        return SignalScore("utreise", share, level, turns[-1])


def _routed(*messages: Message) -> Section:
    file = CaseFile(Path("mine.jsonl"), "routing", "", messages=messages)
    return score_messages([file], router_of("all", Counting()), Counting())


def test_the_lowest_probability_comes_first_with_what_was_got() -> None:
    part = _routed(message(id="a", text="30 bøker"), message(id="b", text="4 bøker"))
    assert [(h.id, h.probability, h.got, h.expected, h.file) for h in hardest(part)] == [
        ("b", 0.04, "ordinary", "akutt_fare", "mine"),
        ("a", 0.3, "caution utreise", "akutt_fare", "mine"),
    ]


def test_what_a_trigger_caught_and_what_is_harmless_is_not_hard() -> None:
    part = _routed(message(text=DANGER), message(False, text="4 bøker"))
    assert hardest(part) == []
    assert "vanskeligste" not in text_of(part)


def test_a_turn_that_leans_on_a_trigger_is_not_hard() -> None:
    turns = (message(id="d#1", text=DANGER), message(id="d#2", text=FOLLOW_UP))
    file = CaseFile(Path("d.jsonl"), "dialogues", "", dialogues=(Dialogue("d", turns),))
    assert hardest(score_dialogues([file], router_of("all", Counting()), Counting())) == []
    alone = score_dialogues([file], router_of("tuned", Counting()), Counting())
    assert [(h.id, h.text) for h in hardest(alone)] == [("d#1", DANGER), ("d#2", FOLLOW_UP)]


def test_twenty_are_listed_a_hundred_characters_of_each() -> None:
    part = _routed(*(message(id=f"m{n}", text=f"{n} {'å' * 200}") for n in range(30)))
    found = hardest(part)
    assert [hard.id for hard in found] == [f"m{n}" for n in range(20)]
    assert found[0].text == f"0 {'å' * 98}"


def test_the_list_is_printed_stored_and_on_the_page() -> None:
    part = _routed(message(id="b", text="4 <bøker>"))
    assert "De vanskeligste (1)\n- 0.04 b (mine): «4 <bøker>»" in text_of(part)
    assert "    ventet: akutt_fare  fikk: ordinary" in text_of(part)
    numbers = json.loads(json.dumps(as_json([part], {})))
    (hard,) = numbers["sections"]["routing"]["hardest"]
    assert (hard["id"], hard["file"], hard["probability"]) == ("b", "mine", 0.04)
    html = page([part], {"date": "i dag"}, {"sections": {}})
    assert "De vanskeligste (1)" in html
    assert "<td>0.04</td><td>b</td><td>mine</td>" in html
    assert "4 &lt;bøker&gt;" in html
