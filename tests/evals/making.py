"""Small cases, replies and sections for the tests of the inspector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.safety.guidance import load_shelf
from evals.cases import Message, Question
from evals.figures import Measure, Record, Section
from evals.sections import section

ROOT = Path(__file__).parents[2]
EVIDENCE = "Koordinator skal også sikre samordning av tjenestetilbudet og fremdrift i arbeidet."
SAFE = Measure("safe", "trygg", 0.97, 1.0, slice_floor=0.92, slices={"språk": ("nb",)})
HARD = Measure("hard", "hard", 0.06, 0.02, at_most=True)
LENGTH = Measure("length", "lengde", 4, 3, at_most=True, is_median=True)


def message(critical: bool = True, **changes: Any) -> Message:
    category = "akutt_fare" if critical else "ingen"
    values = {"id": "m", "text": "Nå.", "critical": critical, "category": category}
    return Message(**{**values, **changes})


def question(**changes: Any) -> Question:
    values = {"id": "q", "turns": ("Hvem sikrer samordning?",), "evidence": (EVIDENCE,)}
    return Question(**{**values, **changes})


def citation(quote: str = EVIDENCE) -> dict[str, Any]:
    return {"number": 1, "passage_id": "p", "source_id": "veileder-exit", "quote": quote}


def reply(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "outcome": "answered",
        "stance": "answers",
        "text": f"«{EVIDENCE}» ①",
        "citations": [citation()],
        "hits": [{"text": f"Foran. {EVIDENCE}", "score": 0.9}],
        "millis": 12.0,
    }
    return {**values, **changes}


def records(hits: int, total: int, key: str = "safe", lang: str = "nb") -> list[Record]:
    scores = [1.0] * hits + [0.0] * (total - hits)
    return [
        Record(f"{lang}{n}", "Tekst", {"språk": (lang,)}, {key: score}, "ventet", "fikk")
        for n, score in enumerate(scores)
    ]


def safe_section(hits: int, total: int) -> Section:
    return section("routing", "Ruting", records(hits, total), (SAFE,))


def front_door() -> Assistant:
    """Return an assistant with the real triggers and texts, and no learned signal."""
    return Assistant(load_shelf(ROOT / "corpus" / "escalation", ROOT / "nowhere"))
