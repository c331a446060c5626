"""Neutral text, case, typos, nynorsk and orders do not hide a danger; full counts in `make stress`."""

from __future__ import annotations

from assistant.answering import Assistant
from tests.stress.metamorphic import dropped


def test_few_variants_of_caught_dangers_drop_out(assistant: Assistant) -> None:
    tried, lost = dropped(assistant.signal, 70)
    assert tried.total() == 70
    # The bar is 2 % of 2,000 variants. Neutral text after a short message still dilutes it: that kind
    # is over the bar today (docs/maalinger.md), and this keeps it from growing.
    assert lost.total() - lost["after"] <= 3
    assert lost.total() <= 9
