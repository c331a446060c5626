"""From scored cases to figures: overall and by slice, with interval, floor and aim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evals.measures import median, wilson

FEW = 25  # cases below which a slice is given as counts, and no floor is judged


@dataclass(frozen=True)
class Measure:
    """One line of the scoring table: what is counted, and what is asked of it."""

    key: str
    label: str
    floor: float | None = None
    aim: float | None = None
    at_most: bool = False  # floor and aim are ceilings
    is_median: bool = False  # the middle value, not a share of the cases
    slice_floor: float | None = None
    slices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # that slice_floor is for

    def floor_for(self, by: str, name: str) -> float | None:
        """Return the floor of a slice, or None; `*` stands for every slice of its kind."""
        names = self.slices.get(by, ())
        return self.slice_floor if "*" in names or name in names else None

    def reaches(self, value: float, bar: float) -> bool:
        """Tell whether a value is on the right side of a bar."""
        return value <= bar + 1e-9 if self.at_most else value >= bar - 1e-9

    def is_miss(self, score: float) -> bool:
        """Tell whether one case's score is short of perfect."""
        return not self.is_median and (score > 0 if self.at_most else score < 1)


@dataclass(frozen=True)
class Record:
    """One case as it went: tags to slice by, and a score (0 to 1) per measure that it counts in."""

    id: str
    text: str
    tags: Mapping[str, tuple[str, ...]]
    scores: Mapping[str, float]
    expected: str
    got: str
    numbers: Mapping[str, float] = field(default_factory=dict)  # for the distributions


@dataclass(frozen=True)
class Figure:
    """A measure's value over some cases; `hits` is None for a median."""

    measure: Measure
    value: float
    total: int
    hits: float | None
    interval: tuple[float, float] | None
    floor: float | None

    @property
    def holds(self) -> bool | None:
        """Tell whether the floor holds; None when there is none, or too few cases to say."""
        if self.floor is None or self.total == 0:
            return None
        return self.measure.reaches(self.value, self.floor)

    @property
    def at_aim(self) -> bool:
        """Tell whether the aim is reached."""
        aim = self.measure.aim
        return aim is not None and self.measure.reaches(self.value, aim)


@dataclass(frozen=True)
class Slice:
    """The figures of the cases that share a tag."""

    by: str
    name: str
    cases: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Section:
    """One eval's outcome: routing, dialogues, retrieval, answers or conversations."""

    name: str
    title: str
    figures: tuple[Figure, ...]
    slices: tuple[Slice, ...]
    records: tuple[Record, ...]
    measures: tuple[Measure, ...]
    tables: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)

    @property
    def misses(self) -> list[tuple[Record, list[Measure]]]:
        """Return the cases that fell short, each with the measures it fell short of."""
        found = []
        for record in self.records:
            short = [m for m in self.measures if m.is_miss(record.scores.get(m.key, _good(m)))]
            if short:
                found.append((record, short))
        return found

    @property
    def floors_hold(self) -> bool:
        """Tell whether no floor is broken, overall or in a slice."""
        every = [*self.figures, *(figure for part in self.slices for figure in part.figures)]
        return all(figure.holds is not False for figure in every)


def section(
    name: str,
    title: str,
    records: Sequence[Record],
    measures: tuple[Measure, ...],
    tables: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None,
) -> Section:
    """Return the figures of the records, overall and for every tag they carry."""
    figures = _figures(records, measures, lambda measure: measure.floor)
    return Section(
        name, title, figures, tuple(_slices(records, measures)), tuple(records), measures, tables or {}
    )


def _good(measure: Measure) -> float:
    return 0.0 if measure.at_most else 1.0


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
        values = [r.scores[measure.key] for r in part if measure.key in r.scores]
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
