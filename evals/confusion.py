"""What routing mistook for what, and which signal decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.domain import Level
from evals.figures import Record
from evals.measures import f2, precision, recall


def tables_of(records: Sequence[Record]) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Return the confusion of categories and levels, and precision, recall and F2 of escalate."""
    confusion: dict[str, dict[str, float]] = {}
    signals: dict[str, dict[str, float]] = {}
    for record in records:
        level, _, rest = record.got.partition(" ")
        category = rest.split(" ")[0] if level == Level.ESCALATE.value else level
        row = confusion.setdefault(record.expected, {})
        row[category] = row.get(category, 0) + 1
        by = next((s for s in ("trigger", "model", "context") if f" {s}" in record.got), "ingen")
        count = signals.setdefault("farlig" if "safe" in record.scores else "harmløs", {})
        count[by] = count.get(by, 0) + 1
    expected = ["safe" in record.scores for record in records]
    got = [record.got.startswith(Level.ESCALATE.value) for record in records]
    scores = {"presisjon": precision(expected, got), "recall": recall(expected, got)}
    scores["F2"] = f2(expected, got)
    return {"forveksling": confusion, "signal": signals, "escalate": {"alle": scores}}
