"""The statutes of one archive: which §§ a question names are held, and which cannot be quoted here."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.desk.act_names import LOVDATA, act_title, act_url, as_written, name_in_text, names_of
from assistant.desk.references import (
    Reference,
    References,
    asks_for,
    is_of_another_text,
    readable,
)
from assistant.domain import Authority, Passage
from assistant.errors import CorpusError
from assistant.language import fold

_HEADING = re.compile(r"^§ ?(\d{1,3}(?:-\d{1,2})?(?: ?[a-i])?)(?![\w-])")
# §§ that people name without the act: nearly every other number stands in many acts.
_WELL_KNOWN = {
    "196": "straffeloven",
    "136a": "straffeloven",
    "136b": "straffeloven",
    **{f"13{letter}": "forvaltningsloven" for letter in "abcdefg"},
    **{f"13-{n}": "barnevernsloven" for n in range(1, 6)},
}


@dataclass(frozen=True)
class ListedAct:
    """An act of statutes.toml: its address, and the numbers of the §§ on the list."""

    url: str
    numbers: frozenset[str]


@dataclass(frozen=True)
class NotHeld:
    """A § that a question names and that cannot be quoted from this archive; `url` is where it stands."""

    cited: str
    number: str
    url: str


@dataclass(frozen=True)
class Named:
    """The §§ that a question names: those we hold, and those whose words cannot be quoted here."""

    held: tuple[Passage, ...] = ()
    missing: tuple[NotHeld, ...] = ()
    asked_for: bool = False  # the question is what they say, and does not only mention them


def load_acts(file: Path) -> dict[str, ListedAct]:
    """Return every act in statutes.toml by its title; raise CorpusError for one that is not whole."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("act", [])
        return {act_title(row["name"], row["short"]): _listed(row) for row in rows}
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise CorpusError(file, f"kan ikke leses ({error}).") from error


def _listed(row: Mapping[str, object]) -> ListedAct:
    groups = row["sections"]
    if not isinstance(groups, list):
        raise TypeError(f"sections i {row['id']}")
    numbers = frozenset(_key(str(number)) for group in groups for number in group["numbers"])
    return ListedAct(act_url(str(row["id"])), numbers)


class Former(Protocol):
    """A § by an old place: the folded names of its act, and its number without spaces."""

    @property
    def names(self) -> frozenset[str]:
        """Return the folded names of the act."""
        ...

    @property
    def number(self) -> str:
        """Return the number."""
        ...


class Acts:
    """The statutes of one archive, by the names people use and by §."""

    def __init__(
        self,
        passages: Iterable[Passage],
        listed: Mapping[str, ListedAct] | None = None,
        former: Iterable[Former] = (),
    ) -> None:
        """Sort the passages of the law; `listed` gives the acts of the list, held or not, by title.

        `former` are §§ that acts had: their numbers are read whole («§ 25 a») though nobody has them now.
        """
        self._sections: dict[str, dict[str, Passage]] = defaultdict(dict)
        self._listed = listed or {}
        for passage in passages:
            number = section_number(passage)
            if number is not None:
                self._sections[passage.headings[0]].setdefault(_key(number), passage)
        titles = dict.fromkeys([*self._listed, *self._sections])
        names = {name: title for title in titles for name in names_of(title)}
        self._numbers = {
            title: set(self._sections.get(title, ()))
            | set(self._listed[title].numbers if title in self._listed else ())
            for title in titles
        }
        known = {title: set(numbers) for title, numbers in self._numbers.items()}
        for old in former:
            for name in old.names & names.keys():
                known[names[name]].add(old.number)
        self._references = References(names, known)

    def named_in(self, question: str, earlier: Sequence[str] = ()) -> Named:
        """Return the §§ a question names, in its order; `earlier` turns may name the act of a bare «§ 33».

        A § without an act counts only if people know it without («§ 196»), or beside a § of an act that has it.
        """
        found = self._references.read(question, earlier)
        asked = asks_for(question, found)
        held: list[Passage] = []
        missing: list[NotHeld] = []
        act = ""
        for reference in found:
            act = self._act_of(reference, question, earlier, act)
            passage = self._held(act, reference.number) if act else None
            if passage is not None:
                held.append(passage)
            elif act in self._listed:
                place = f"{self._listed[act].url}/§{reference.number}"
                missing.append(_not_held(name_in_text(act), reference.number, place))
            elif reference.name and asked:
                missing.append(
                    _not_held(as_written(reference.name, question), reference.number, LOVDATA)
                )
        return Named(tuple(dict.fromkeys(held)), tuple(dict.fromkeys(missing)), asked)

    def names_any(self, text: str, sections: Iterable[Passage | NotHeld]) -> bool:
        """Tell whether a text itself refers to one of some §§, of the same act."""
        wanted = {
            (name_in_text(s.headings[0]), _key(section_number(s) or ""))
            if isinstance(s, Passage)
            else (s.cited.partition(" §")[0], s.number)
            for s in sections
        }
        folded = readable(text)
        return any(
            (name_in_text(r.act), r.number) in wanted
            for r in self._references.read(text)
            # A letter that no list knows makes it another § than the one without.
            if r.act and not (r.number[-1].isdigit() and folded[r.start : r.end][-1].isalpha())
        )

    def _held(self, act: str, number: str) -> Passage | None:
        """Return the § if the archive has its words and they still apply."""
        passage = self._sections[act].get(number) if act in self._sections else None
        return None if passage is None or passage.lapsed(date.today()) else passage

    def _act_of(
        self, reference: Reference, question: str, earlier: Sequence[str], before: str
    ) -> str:
        """Return the act of a §: named, meant by everyone, that of the § before, or of the turns before."""
        if reference.act or reference.name:
            return reference.act or ""
        if before and reference.number in self._numbers[before]:
            return before
        return self._only_owner(reference, question) or self._references.last_act(earlier) or ""

    def _only_owner(self, reference: Reference, question: str) -> str:
        """Return the act that people mean by a § they know without its act, or nothing."""
        if is_of_another_text(question):
            return ""
        name = _WELL_KNOWN.get(reference.number, "")
        owners = [act for act in self._numbers if name_in_text(act) == name]
        return next((act for act in owners if reference.number in self._numbers[act]), "")


def _not_held(act: str, number: str, url: str) -> NotHeld:
    printed = re.sub(r"(?<=\d)(?=[a-i]$)", " ", number)
    return NotHeld(f"{act} § {printed}", number, url)


def _key(number: str) -> str:
    return fold(number).replace(" ", "")


def section_number(passage: Passage) -> str | None:
    """Return the number of the § that a passage of the law is («13 b»)."""
    if passage.authority is not Authority.LAW or len(passage.headings) < 2:
        return None
    found = _HEADING.match(passage.headings[1])
    return found[1] if found else None
