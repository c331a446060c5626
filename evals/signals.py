"""The front door's signals, apart and together: what `--signal` measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.domain import Level, Route, Signal, SignalScore
from assistant.errors import CorpusError, WeightsError
from assistant.safety.routing import by_signal, route
from assistant.settings import Settings
from evals.cases import HARMLESS

if TYPE_CHECKING:
    from assistant.archive.embedding import SentenceEmbedder
    from assistant.safety.regression import Regression

Router = Callable[[Sequence[str]], Route]


class Silent:
    """A signal that never raises a level: what is left is the triggers alone."""

    def score(self, turns: Sequence[str]) -> SignalScore:
        """Return ordinary, whatever the turns say."""
        return SignalScore(HARMLESS, 0.0, Level.ORDINARY)


def signal_of(name: str, settings: Settings) -> Signal:
    """Return the signal of `triggers`, `regression` or `tuned`; no other takes its place.

    The regression is trained first where there is none for these weights. Raises WeightsError or
    CorpusError when the signal cannot be had.
    """
    if name == "triggers":
        return Silent()
    # Five seconds of imports: not for the triggers alone.
    from assistant.archive.embedding import load_embedder
    from assistant.safety.signals import LearnedSignal, TunedHead, load_thresholds

    embedder = load_embedder(settings.embedding_model, settings.weights_dir)
    routing = settings.corpus_dir / "routing"
    if name == "regression":
        scorer = _regression(settings, embedder)
        return LearnedSignal(scorer, load_thresholds(routing / "thresholds.json"))
    adapter = routing / "adapter"
    tuned = TunedHead(embedder.adapted(adapter), adapter)
    return LearnedSignal(tuned, load_thresholds(adapter / "thresholds.json"))


def _regression(settings: Settings, embedder: SentenceEmbedder) -> Regression:
    from assistant.safety.regression import Regression
    from ingest.clock import Clock
    from ingest.fallback import train_fallback

    folder = settings.data_dir / "signal"
    try:
        return Regression.load(folder, embedder)
    except (CorpusError, WeightsError):
        train_fallback(settings, embedder, Clock())
    return Regression.load(folder, embedder)


def router_of(name: str, signal: Signal | None) -> Router:
    """Return what routes: as the product does, or for `tuned` by the signal without any trigger."""
    if name == "tuned" and signal is not None:
        return lambda turns: by_signal(signal.score(turns))
    return lambda turns: route(turns, signal)
