"""Find the §§ that a question names («forvaltningsloven § 13 b», «strl 196», «section 31»)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from assistant.domain import Authority, Passage
from assistant.language import fold

_TITLE = re.compile(r"^(?P<name>[^(]+?) ?(?:\((?P<short>[^)]+)\))?$")
_NUMBER = r"(\d{1,3}(?:-\d{1,2})?(?: ?[a-i](?![a-z]))?)"
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


class Acts:
    """The statutes of one archive, by the names people use and by §."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        """Sort the passages of the law."""
        self._sections: dict[str, dict[str, Passage]] = defaultdict(dict)
        self._names: dict[str, str] = {}
        for passage in passages:
            if passage.authority is Authority.LAW and len(passage.headings) > 1:
                number = _HEADING.match(passage.headings[1])
                if number:
                    act = passage.headings[0]
                    self._sections[act].setdefault(_key(number[1]), passage)
                    self._names.update(dict.fromkeys(names_of(act), act))

    def named_in(self, question: str) -> tuple[Passage, ...]:
        """Return the §§ a question names, in its order; a § without an act only if one act alone has it."""
        folded = fold(question)
        acts = [
            (match.end(), act)
            for name, act in self._names.items()
            for match in re.finditer(rf"(?<!\w){re.escape(name)}s?(?!\w)", folded)
        ]
        numbers = [_key(n) for n in _SECTION.findall(folded)]
        if not numbers:
            bare = [_BARE.match(folded[end:]) for end, _ in acts]
            numbers = [_key(match[1]) for match in bare if match]
        wanted = dict.fromkeys(act for _, act in sorted(acts))
        if not wanted and not _OTHER_ACT.search(folded):
            wanted = self._only_owner(numbers)
        return tuple(
            dict.fromkeys(
                self._sections[act][number]
                for act in wanted
                for number in numbers
                if number in self._sections[act]
            )
        )

    def _only_owner(self, numbers: list[str]) -> dict[str, None]:
        owners = [act for act, held in self._sections.items() if any(n in held for n in numbers)]
        return dict.fromkeys(owners) if len(owners) == 1 else {}


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
