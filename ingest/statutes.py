"""The statutes: which §§ the duties rest on (corpus/statutes.toml), and a passage of each.

The copies in corpus/statutes/ are made by `python -m ingest.statutes`; its docstring is `ingest/copies.py: main`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.desk.act_names import act_title, act_url
from assistant.errors import CorpusError
from ingest.guide import read_toml
from ingest.parse.act import Act, ActSection

WHOLE = "*"  # stands for every § of an act


@dataclass(frozen=True)
class WantedSection:
    """A § of an act: its number as printed, the duty or plan it bears on, and how sure that is."""

    number: str
    about: str
    confidence: str


@dataclass(frozen=True)
class Statute:
    """An act of the list; `source` is the source id of its passages."""

    id: str
    source: str
    name: str
    short: str
    sections: tuple[WantedSection, ...]

    @property
    def title(self) -> str:
        """Return the name readers see: `Straffeloven (strl.)`."""
        return act_title(self.name, self.short)

    def wanted(self, act: Act) -> tuple[ActSection, ...]:
        """Return the §§ of the list that the act has, in the order of the list."""
        if any(section.number == WHOLE for section in self.sections):
            return tuple(section for section in act.sections if section.number)
        found = (act.section(section.number) for section in self.sections)
        return tuple(section for section in found if section is not None)

    def missing(self, act: Act) -> tuple[str, ...]:
        """Return the numbers of the list that the act, or the copy of it, does not have."""
        numbers = (section.number for section in self.sections if section.number != WHOLE)
        return tuple(number for number in numbers if act.section(number) is None)

    @property
    def file_name(self) -> str:
        """Return the name of the act's file in Lovdata's package."""
        kind, year, month, day, *number = self.id.split("-")
        prefix, width = ("nl", 3) if kind == "LOV" else ("sf", 4)
        return f"{prefix}-{year}{month}{day}-{(number or ['0'])[0].zfill(width)}.xml"

    @property
    def url(self) -> str:
        """Return the address of the act on the web."""
        return act_url(self.id)


@dataclass(frozen=True)
class Moved:
    """A § that is cited and stands elsewhere now; `since` is empty while no day has been set.

    `successor_number` is empty where no single § is known to have taken over; the note says more.
    """

    cited: str
    in_guide: bool
    act: str
    number: str
    successor: str
    successor_number: str
    since: str
    confidence: str
    note: str


@dataclass(frozen=True)
class Package:
    """One of Lovdata's open packages of acts."""

    id: str
    title: str
    url: str


@dataclass(frozen=True)
class Statutes:
    """The whole list."""

    acts: tuple[Statute, ...]
    moved: tuple[Moved, ...]
    packages: tuple[Package, ...]
    licence: str
    licence_url: str
    publisher: str

    def act(self, id_: str) -> Statute | None:
        """Return the act with this id of Lovdata's."""
        return next((act for act in self.acts if act.id == id_), None)

    def wanted_from(self, package: Package) -> tuple[Statute, ...]:
        """Return the acts that a package holds: acts in the one, regulations in the other."""
        prefix = "FOR-" if "forskrift" in package.id else "LOV-"
        return tuple(act for act in self.acts if act.id.startswith(prefix))


def read_statutes(file: Path) -> Statutes:
    """Read corpus/statutes.toml; raise CorpusError naming the entry that is wrong."""
    plan = read_toml(file)
    try:
        found = Statutes(
            tuple(_statute(row) for row in plan.get("act", ())),
            tuple(Moved(**row) for row in plan.get("moved", ())),
            tuple(Package(**row) for row in plan.get("package", ())),
            str(plan["licence"]),
            str(plan["licence_url"]),
            str(plan["publisher"]),
        )
        days = [date.fromisoformat(moved.since) for moved in found.moved if moved.since]
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(file, f"en oppføring er ikke hel: {error}.") from error
    for repeated in _repeated([act.id for act in found.acts], [act.source for act in found.acts]):
        raise CorpusError(file, f"«{repeated}» er brukt to ganger.")
    if any(day > date.today() for day in days):
        raise CorpusError(file, "«since» må være tom til dagen er kommet.")
    return found


def _statute(row: dict[str, object]) -> Statute:
    sections = row["sections"]
    if not isinstance(sections, list) or not re.fullmatch(
        r"(?:LOV|FOR)-\d{4}-\d\d-\d\d(?:-\d+)?", str(row["id"])
    ):
        raise ValueError(f"loven {row['id']}")
    wanted = tuple(
        WantedSection(number, group["about"], group["confidence"])
        for group in sections
        for number in group["numbers"]
    )
    return Statute(str(row["id"]), str(row["source"]), str(row["name"]), str(row["short"]), wanted)


def _repeated(*columns: Sequence[str]) -> Iterator[str]:
    for column in columns:
        yield from sorted({value for value in column if column.count(value) > 1})


if __name__ == "__main__":
    from ingest.copies import main

    sys.exit(main(sys.argv[1:]))
