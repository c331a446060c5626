"""From scored cases to figures: overall and by slice, with interval, floor and aim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evals.figures import FEW, Figure, Measure, Record, Section, Slice
from evals.measures import median, wilson


def section(
    name: str,
    title: str,
    records: Sequence[Record],
    measures: tuple[Measure, ...],
    tables: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None,
) -> Section:
    """Return the figures of the records, overall and for every tag they carry."""
    figures = tuple(figure_of(m, _scores(m, records), m.floor) for m in measures)
    return Section(
        name,
        title,
        figures,
        tuple(_slices(records, measures)),
        tuple(records),
        measures,
        tables or {},
    )


def _slices(records: Sequence[Record], measures: tuple[Measure, ...]) -> Iterable[Slice]:
    groups: dict[str, dict[str, list[Record]]] = {}
    for record in records:
        for by, names in record.tags.items():
            for name in names:
                groups.setdefault(by, {}).setdefault(name, []).append(record)
    for by, named in groups.items():
        for name in sorted(named):
            yield _slice(by, name, named[name], measures)


def _slice(by: str, name: str, part: Sequence[Record], measures: tuple[Measure, ...]) -> Slice:
    figures = []
    for measure in measures:
        values = _scores(measure, part)
        floor = measure.floor_for(by, name) if len(values) >= FEW else None
        if values:
            figures.append(figure_of(measure, values, floor))
    return Slice(by, name, len(part), tuple(figures))


def figure_of(measure: Measure, values: Sequence[float], floor: float | None) -> Figure:
    """Return a measure's value over the cases' scores, with its 95 % interval if it is a share."""
    if measure.is_median:
        return Figure(measure, median(values), len(values), None, None, floor)
    hits, total = sum(values), len(values)
    share = hits / total if total else 0.0
    return Figure(measure, share, total, hits, wilson(hits, total), floor)


def _scores(measure: Measure, records: Iterable[Record]) -> list[float]:
    return [record.scores[measure.key] for record in records if measure.key in record.scores]
