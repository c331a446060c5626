"""The figures as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evals.figures import Figure, Section
from evals.hardest import hardest


def as_json(sections: Sequence[Section], made_with: Mapping[str, Any]) -> dict[str, Any]:
    """Return every number, slice, case and setting."""
    return {"settings": made_with, "sections": {part.name: _section(part) for part in sections}}


def _section(part: Section) -> dict[str, Any]:
    return {
        "title": part.title,
        "cases": len(part.records),
        "figures": _figures(part.figures),
        "slices": [
            {"by": s.by, "name": s.name, "cases": s.cases, "figures": _figures(s.figures)}
            for s in part.slices
        ],
        "tables": part.tables,
        "records": [asdict(record) for record in part.records],
        "misses": [
            {"id": record.id, "measures": [measure.key for measure in measures]}
            for record, measures in part.misses
        ],
        "hardest": [asdict(hard) for hard in hardest(part)],
    }


def _figures(figures: Sequence[Figure]) -> dict[str, Any]:
    return {figure.measure.key: figure_json(figure) for figure in figures if figure.total}


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
