"""Decide how a question can be met: answered, refuted, or honestly not, and from which sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.answer.asking import Asked
from assistant.archive.retrieval import Finding
from assistant.desk.contacts import Record

Stance = Literal["answers", "lacks", "corrects", "nothing"]


@dataclass(frozen=True)
class Bounds:
    """Where the stances begin; set on validation cases, see docs/maalinger.md."""

    off_topic: float = 0.50  # share of the stance head
    far: float = 0.800  # top cosine below which nothing in the corpus is about it
    far_untuned: float = 0.825
    lacks: float = 0.50
    corrects: float = 0.50


def decide(
    finding: Finding, asked: Asked, bodies: tuple[Record, ...], bounds: Bounds | None = None
) -> Stance:
    """Return the stance of the reply; `bodies` are the contact records the question names."""
    bounds = bounds or Bounds()
    stances = finding.stances
    if not finding.units or finding.top_cosine < (bounds.far if stances else bounds.far_untuned):
        return "nothing"
    if stances and stances["off_topic"] >= bounds.off_topic:
        return "nothing"
    if stances and stances["corrects"] >= bounds.corrects:
        return "corrects"
    if asked.email and not asked.phone:
        return "lacks"
    if asked.phone and bodies:
        return "answers" if bodies[0].guide_quote else "lacks"
    if stances and stances["lacks"] >= bounds.lacks:
        return "lacks"
    return "answers"
