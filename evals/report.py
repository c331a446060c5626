"""JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.figures import Figure, Section


def as_json(sections: Sequence[Section], made_with: dict[str, Any]) -> dict[str, Any]:
    """Return every number, slice, case and setting as plain JSON values."""
    return {"settings": made_with, "sections": {part.name: _section(part) for part in sections}}


def _section(part: Section) -> dict[str, Any]:
    return {
        "title": part.title,
        "cases": len(part.records),
        "figures": {f.measure.key: figure_json(f) for f in part.figures if f.total},
        "slices": [
            {
                "by": s.by,
                "name": s.name,
                "cases": s.cases,
                "figures": {f.measure.key: figure_json(f) for f in s.figures},
            }
            for s in part.slices
        ],
        "tables": part.tables,
        "records": [
            {
                "id": r.id,
                "text": r.text,
                "tags": r.tags,
                "scores": r.scores,
                "numbers": r.numbers,
                "expected": r.expected,
                "got": r.got,
            }
            for r in part.records
        ],
        "misses": [{"id": r.id, "measures": [m.key for m in ms]} for r, ms in part.misses],
    }


def figure_json(figure: Figure) -> dict[str, Any]:
    """Return one figure with its interval, floor and aim."""
    return {
        "label": figure.measure.label,
        "value": round(figure.value, 4),
        "hits": figure.hits,
        "total": figure.total,
        "interval": figure.interval,
        "floor": figure.floor,
        "aim": figure.measure.aim,
        "at_most": figure.measure.at_most,
        "holds": figure.holds,
        "at_aim": figure.at_aim,
    }


def write_report(folder: Path, sections: Sequence[Section], made_with: dict[str, Any]) -> None:
    """Later."""
