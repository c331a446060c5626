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

LOVDATA = "https://lovdata.no/"
_TITLE = re.compile(r"^(?P<name>[^(]+?) ?(?:\((?P<short>[^)]+)\))?$")
_HEADING = re.compile(r"^§ ?(\d{1,3}(?:-\d{1,2})?(?: ?[a-i])?)(?![\w-])")
# What people call the acts in other languages, by the folded name the copies use.
_ALSO = {
    "forvaltningsloven av 2025": (
        "nye forvaltningsloven",
        "nye forvaltningslova",
        "ny forvaltningslov",
    ),
    "straffeloven": ("penal code", "criminal code"),
    "forvaltningsloven": ("public administration act",),
    "helsepersonelloven": ("health personnel act",),
    "barnevernsloven": ("child welfare act", "barnevernloven", "barnevernlova"),
    "opplaringslova": ("education act", "opplaringsloven"),
    "pasient- og brukerrettighetsloven": ("patient rights act", "patients rights act"),
    "straffegjennomforingsloven": ("execution of sentences act",),
    "krisesenterlova": ("crisis centre act", "krisesenterloven"),
    "sosialtjenesteloven": ("social services act", "sosialtenestelova"),
    "nav-loven": ("nav act", "nav lova", "navloven"),
    "helse- og omsorgstjenesteloven": ("health and care services act",),
    "politiregisterloven": ("police databases act", "police register act"),
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


def act_title(name: str, short: str) -> str:
    """Return the name readers see: `Straffeloven (strl.)`."""
    return f"{name} ({short})" if short else name


def act_url(id_: str) -> str:
    """Return the address of an act on the web by Lovdata's own id (`LOV-2005-05-20-28`)."""
    kind, rest = id_.split("-", 1)
    return f"{LOVDATA}dokument/{'NL/lov' if kind == 'LOV' else 'SF/forskrift'}/{rest}"


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
        self._former = {(names.get(name, ""), old.number) for old in former for name in old.names}
        self._references = References(names, self._is_known)

    def named_in(self, question: str, earlier: Sequence[str] = ()) -> Named:
        """Return the §§ a question names, in its order; `earlier` turns may name the act of a bare «§ 33».

        A § without an act counts only if one act alone, of those listed or held, has it.
        """
        found = self._references.read(question, earlier)
        asked = asks_for(question, found)
        held: list[Passage] = []
        missing: list[NotHeld] = []
        for reference in found:
            act = reference.act or self._only_owner(reference, question)
            passage = self._held(act, reference.number) if act else None
            if passage is not None:
                held.append(passage)
            elif act in self._listed:
                place = f"{self._listed[act].url}/§{reference.number}"
                missing.append(_not_held(_name(act), reference.number, place))
            elif reference.name and asked:
                missing.append(_not_held(reference.name, reference.number, LOVDATA))
        return Named(tuple(dict.fromkeys(held)), tuple(dict.fromkeys(missing)), asked)

    def names_any(self, text: str, sections: Iterable[Passage | NotHeld]) -> bool:
        """Tell whether a text itself refers to one of some §§, of the same act."""
        wanted = {
            (_name(s.headings[0]), _key(section_number(s) or ""))
            if isinstance(s, Passage)
            else (s.cited.partition(" §")[0], s.number)
            for s in sections
        }
        folded = readable(text)
        return any(
            (_name(r.act), r.number) in wanted
            for r in self._references.read(text)
            # A letter that no list knows makes it another § than the one without.
            if r.act and not (r.number[-1].isdigit() and folded[r.start : r.end][-1].isalpha())
        )

    def _held(self, act: str, number: str) -> Passage | None:
        """Return the § if the archive has its words and they still apply."""
        passage = self._sections[act].get(number) if act in self._sections else None
        return None if passage is None or passage.lapsed(date.today()) else passage

    def _is_known(self, act: str, number: str) -> bool:
        return (act, number) in self._former or self._has(act, number)

    def _has(self, act: str, number: str) -> bool:
        listed = act in self._listed and number in self._listed[act].numbers
        return listed or (act in self._sections and number in self._sections[act])

    def _only_owner(self, reference: Reference, question: str) -> str:
        """Return the one act that has a § whose act is not named, or nothing."""
        if reference.name or is_of_another_text(question):
            return ""
        titles = dict.fromkeys([*self._listed, *self._sections])
        owners = [act for act in titles if self._has(act, reference.number)]
        return owners[0] if len(owners) == 1 else ""


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


def _name(act: str) -> str:
    """Return an act's name as it stands inside a sentence."""
    found = _TITLE.match(act)
    name = found["name"] if found else act
    return name if name.startswith("Nav") else name[0].lower() + name[1:]


def names_of(act: str) -> set[str]:
    """Return the folded names of an act: its own, the short form, bokmål and nynorsk endings, English."""
    found = _TITLE.match(act)
    if not found:
        return {fold(act)}
    name = fold(found["name"])
    names = {name, *_ALSO.get(name, ())}
    if found["short"]:
        names.add(fold(found["short"]).rstrip("."))
    for own, other in (("loven", "lova"), ("lova", "loven"), ("lov", "lova")):
        if name.endswith(own):
            names.add(name.removesuffix(own) + other)
    return names
