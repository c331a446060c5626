"""Each signal is measured by itself: what it does not hear, it does not catch."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain import Level, SignalScore
from assistant.errors import AssistantError, WeightsError
from assistant.safety.routing import route
from assistant.settings import Settings
from evals.signals import Silent, router_of, signal_of
from ingest.tuning.examples import LABELS

DANGER = "Jeg vil ta livet mitt i kveld."
CALM = "Hva er et konfliktråd?"
FOLLOW_UP = "Hva gjør jeg nå?"


class Fixed:
    """A signal that says the same of everything, at the outer edge."""

    def __init__(self, level: Level, from_context: bool = False) -> None:
        self.said = SignalScore("utreise", 0.417, level, "et utdrag", from_context)

    def score(self, turns: Sequence[str]) -> SignalScore:
        return self.said


def test_the_silent_signal_leaves_the_triggers_alone() -> None:
    routed = router_of("triggers", Silent())
    assert routed([CALM]).level is Level.ORDINARY
    assert routed([DANGER]).signal == "trigger"
    assert routed([DANGER, FOLLOW_UP]).signal == "context"


def test_tuned_hears_no_trigger_and_leans_on_none() -> None:
    routed = router_of("tuned", Silent())
    assert routed([DANGER]).level is Level.ORDINARY
    assert routed([DANGER, FOLLOW_UP]).level is Level.ORDINARY


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("from_context", [True, False])
def test_where_no_trigger_speaks_tuned_routes_as_the_product(
    level: Level, from_context: bool
) -> None:
    signal = Fixed(level, from_context)
    assert router_of("tuned", signal)([CALM]) == route([CALM], signal)


def test_the_tuned_signal_is_the_shipped_one(settings: Settings) -> None:
    routed = router_of("tuned", signal_of("tuned", settings))
    assert (routed([DANGER]).level, routed([DANGER]).signal) == (Level.ESCALATE, "model")
    assert routed([CALM]).level is Level.ORDINARY


def test_no_other_signal_takes_the_place_of_a_tuned_one_that_is_gone(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(WeightsError):
        signal_of("tuned", replace(settings, corpus_dir=tmp_path))


def test_the_regression_is_trained_once_with_progress(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = _small(settings, tmp_path)
    signal = signal_of("regression", mine)
    assert "Lærer opp reservesignalet: 46 av 46" in capsys.readouterr().err  # four are held back
    assert router_of("regression", signal)([DANGER]).signal == "trigger"
    again = signal_of("regression", mine)
    assert "Lærer" not in capsys.readouterr().err
    assert again.score(["noe annet"]) == signal.score(["noe annet"])


def test_a_regression_without_examples_is_an_error(settings: Settings, tmp_path: Path) -> None:
    mine = _small(settings, tmp_path)
    (mine.corpus_dir / "routing" / "mine.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(AssistantError, match="det lærte signalet kan ikke leses"):
        signal_of("regression", mine)


def _small(settings: Settings, tmp_path: Path) -> Settings:
    """Return settings with a corpus of five examples a label and a data folder without a regression."""
    routing, data = tmp_path / "corpus" / "routing", tmp_path / "data"
    routing.mkdir(parents=True)
    data.mkdir()
    (data / "weights").symlink_to(settings.weights_dir.resolve())
    shutil.copy(settings.corpus_dir / "routing" / "thresholds.json", routing)
    rows = [
        {"text": f"{word} om {label}", "category": label, "lang": "nb", "style": ""}
        for label in LABELS
        for word in ("først", "siden", "til slutt", "kanskje", "aldri")
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (routing / "mine.jsonl").write_text(lines, encoding="utf-8")
    return replace(settings, corpus_dir=tmp_path / "corpus", data_dir=data)
