"""A change may not make the assistant worse than the committed figures by more than noise.

The real assistant answers our own cases. When a figure moves for a good reason, run
`exit-assistent eval all --save-baseline` and say so in the commit.
"""

from __future__ import annotations

import pytest

from assistant.answering import Assistant
from assistant.settings import Settings
from evals.baseline import load, missed_danger, regressions
from evals.cli import case_files, score
from evals.figures import Section
from evals.options import USES

pytestmark = pytest.mark.timeout(3600)  # two thousand cases; without bfloat16 they take ten minutes


@pytest.fixture(scope="module")
def sections(assistant: Assistant, settings: Settings) -> dict[str, Section]:
    """Score our own cases once, for every test here."""
    return {part.name: part for part in score("all", case_files("all", None), assistant, settings)}


def test_every_eval_has_a_committed_baseline() -> None:
    assert set(load()["sections"]) == set(USES)


@pytest.mark.parametrize("name", USES)
def test_no_figure_is_worse_than_the_baseline_by_more_than_noise(
    name: str, sections: dict[str, Section]
) -> None:
    assert [str(worse) for worse in regressions([sections[name]], load())] == []


def test_danger_is_not_missed_more_than_before(sections: dict[str, Section]) -> None:
    assert missed_danger(sections["routing"], load()) is None


def test_every_quote_stands_word_for_word_in_the_corpus(sections: dict[str, Section]) -> None:
    for name in ("answers", "conversations"):
        verbatim = next(f for f in sections[name].figures if f.measure.key == "verbatim")
        assert verbatim.value == 1
