"""Decide for the newest turn: fixed guidance, an emergency box, or an ordinary answer. Read this first.

Nothing here can be down: triggers need the standard library only, and the learned signal is handed in,
may be absent, may raise, and may only raise a level.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.domain import CATEGORIES, Level, Route, Signal, SignalScore
from assistant.safety import triggers

_LOG = logging.getLogger(__name__)


def route(turns: Sequence[str], signal: Signal | None = None) -> Route:
    """Return the route of the newest turn, judged with the turns before it; never raises."""
    newest = turns[-1] if turns else ""
    match = triggers.match(newest)
    if match is not None:
        return Route(Level.ESCALATE, match.category, "trigger", match.reason)
    scored = _score(turns, signal)
    leaning = _from_context(turns, reduced=scored is None)
    if leaning is not None:
        return leaning
    if scored is None:
        return Route(
            Level.CAUTION, None, None, "det lærte signalet er ikke tilgjengelig", reduced=True
        )
    return by_signal(scored)


def by_signal(scored: SignalScore) -> Route:
    """Return the route that the learned signal alone asks for."""
    if scored.level is Level.ORDINARY or scored.category not in CATEGORIES:
        return Route(Level.ORDINARY)
    return Route(
        scored.level,
        scored.category,
        "context" if scored.from_context else "model",
        f"{scored.probability:.2f}: «{scored.excerpt}»",
    )


def _score(turns: Sequence[str], signal: Signal | None) -> SignalScore | None:
    if signal is None or not turns:
        return None
    try:
        return signal.score(turns)
    except Exception:  # noqa: BLE001  # the front door stands whatever breaks behind the signal
        _LOG.exception("Det lærte signalet svikter; utløserne og nødboksen gjelder.")
        return None


def _from_context(turns: Sequence[str], *, reduced: bool) -> Route | None:
    """Escalate a short turn that leans on an earlier one which a trigger caught, whatever the signal says."""
    if len(turns) < 2 or not triggers.goes_on(turns[-1]):
        return None
    for earlier in reversed(turns[:-1]):
        if triggers.is_over(earlier):
            return None
        match = triggers.match(earlier)
        if match is not None:
            return Route(Level.ESCALATE, match.category, "context", match.reason, reduced=reduced)
    return None
