"""The inspector's nouns: a measure, a scored case, a figure, a slice, and an eval's section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    listed: bool = True  # a case that falls short is listed as a miss
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
        short = score > 0 if self.at_most else score < 1
        return short and self.listed and not self.is_median


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
    newest: str = ""  # the newest of the turns, where a list has room for no more


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


def _good(measure: Measure) -> float:
    return 0.0 if measure.at_most else 1.0
