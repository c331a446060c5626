"""Find the §§ that a question names («forvaltningsloven § 13 b», «strl 196», «section 31»)."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.domain import Authority, Passage
from assistant.errors import CorpusError
from assistant.language import fold

_TITLE = re.compile(r"^(?P<name>[^(]+?) ?(?:\((?P<short>[^)]+)\))?$")
# The «i» of «§ 27 i politiloven» is no letter of the §.
_NUMBER = r"(\d{1,3}(?:-\d{1,2})?(?: ?[a-h](?![a-z])| ?i(?! ?[a-z]))?)"
_SECTION = re.compile(rf"(?:§+|\bparagraf\w*|\bsections?|\bsec\.?) ?{_NUMBER}")
_BARE = re.compile(rf"^\W*{_NUMBER}\b")  # «strl 196»
# An act that we do not hold.
_OTHER_ACT = re.compile(r"\w(?:lov|loven|lova|forskrift\w*)\b|\b(?:act|code)\b")
_HEADING = re.compile(rf"^§ ?{_NUMBER}")
# What people call the acts in other languages, by the folded name the copies use.
_ALSO = {
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
_FAR = 25  # letters between an act and a § that belong together


@dataclass(frozen=True)
class NotHeld:
    """A § that a question names and that cannot be quoted from this archive; `url` is where it stands."""

    cited: str
    number: str
    url: str


def load_acts(file: Path) -> dict[str, str]:
    """Return the address of every act in statutes.toml by its title; raise CorpusError for one not whole."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("act", [])
        return {_title(row["name"], row["short"]): _address(row["id"]) for row in rows}
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise CorpusError(file, f"kan ikke leses ({error}).") from error


def _title(name: str, short: str) -> str:
    return f"{name} ({short})" if short else name


def _address(id_: str) -> str:
    kind, rest = id_.split("-", 1)
    return f"https://lovdata.no/dokument/{'NL/lov' if kind == 'LOV' else 'SF/forskrift'}/{rest}"


class Acts:
    """The statutes of one archive, by the names people use and by §."""

    def __init__(
        self, passages: Iterable[Passage], listed: Mapping[str, str] | None = None
    ) -> None:
        """Sort the passages of the law; `listed` gives the addresses of acts, held or not, by title."""
        self._sections: dict[str, dict[str, Passage]] = defaultdict(dict)
        self._listed = listed or {}
        self._names = {name: act for act in self._listed for name in names_of(act)}
        for passage in passages:
            number = section_number(passage)
            if number is not None:
                act = passage.headings[0]
                self._sections[act].setdefault(_key(number), passage)
                self._names.update(dict.fromkeys(names_of(act), act))

    def named_in(self, question: str) -> tuple[Passage, ...]:
        """Return the §§ a question names, in its order; a § without an act only if one act alone has it."""
        folded = fold(question)
        acts = self._acts_in(folded)
        numbers = [_key(n) for n in _SECTION.findall(folded)]
        if not numbers:
            bare = [_BARE.match(folded[end:]) for _, end, _ in acts]
            numbers = [_key(match[1]) for match in bare if match]
        wanted = dict.fromkeys(act for _, _, act in acts)
        if not wanted and not _OTHER_ACT.search(folded):
            wanted = self._only_owner(numbers)
        held = (self._held(act, number) for act in wanted for number in numbers)
        return tuple(dict.fromkeys(passage for passage in held if passage is not None))

    def not_held_in(self, question: str) -> tuple[NotHeld, ...]:
        """Return the §§ a question names, each beside a listed act, whose words cannot be quoted here."""
        pairs = dict.fromkeys(self._pairs(fold(question)))
        return tuple(
            NotHeld(
                f"{_name(act)} § {number}",
                number,
                f"{self._listed[act]}/§{_key(number)}",
            )
            for act, number in pairs
            if act in self._listed and self._held(act, _key(number)) is None
        )

    def _pairs(self, folded: str) -> Iterator[tuple[str, str]]:
        """Yield (act, number) for every § that stands near the name of an act, or right behind it."""
        acts = self._acts_in(folded)
        numbers = list(_SECTION.finditer(folded))
        for match in numbers:
            before = [act for _, end, act in acts if 0 <= match.start() - end <= _FAR]
            after = [act for start, _, act in acts if 0 <= start - match.end() <= _FAR]
            if before or after:
                yield before[-1] if before else after[0], match[1]
        if not numbers:
            for _, end, act in acts:
                if bare := _BARE.match(folded[end:]):
                    yield act, bare[1]

    def _acts_in(self, folded: str) -> list[tuple[int, int, str]]:
        """Return (start, end, act) for every act a folded question names; a longer name hides one inside it."""
        found = [
            (match.start(), match.end(), act)
            for name, act in self._names.items()
            for match in re.finditer(rf"(?<!\w){re.escape(name)}s?(?!\w)", folded)
        ]
        return sorted(
            (start, end, act)
            for start, end, act in found
            if not any(s <= start and end <= e and e - s > end - start for s, e, _ in found)
        )

    def _held(self, act: str, number: str) -> Passage | None:
        """Return the § if the archive has its words and they still apply."""
        passage = self._sections[act].get(number) if act in self._sections else None
        return None if passage is None or passage.lapsed(date.today()) else passage

    def _only_owner(self, numbers: list[str]) -> dict[str, None]:
        owners = [act for act, held in self._sections.items() if any(n in held for n in numbers)]
        return dict.fromkeys(owners) if len(owners) == 1 else {}


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


def _key(number: str) -> str:
    return number.replace(" ", "")


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
