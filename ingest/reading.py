"""What a part of the loading dock gives: passages, and remarks on what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain import Passage


@dataclass(frozen=True)
class Remark:
    """One line, in bokmål, on a source that was not read, or not all of it."""

    source_id: str
    title: str
    what: str
    failed: bool = True  # False for what is meant to be left out; then the run is still a success

    def __str__(self) -> str:
        """Return the line as shown."""
        return f"{self.title}: {self.what}"


@dataclass(frozen=True)
class Reading:
    """Passages in reading order, and the remarks."""

    passages: tuple[Passage, ...] = ()
    remarks: tuple[Remark, ...] = ()


def joined(readings: Iterable[Reading]) -> Reading:
    """Return several readings as one."""
    all_ = tuple(readings)
    return Reading(
        tuple(passage for reading in all_ for passage in reading.passages),
        tuple(remark for reading in all_ for remark in reading.remarks),
    )
