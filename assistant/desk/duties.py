"""Which §§ on confidentiality apply to an office that a question names: human-checked pointers, never generated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.desk import duty_words as words
from assistant.desk.act_names import name_in_text
from assistant.desk.acts import ListedAct
from assistant.desk.duty_words import KINDS, Kind
from assistant.domain import Text
from assistant.errors import CorpusError
from assistant.language import fold

EVERYONE = ("straffeloven", "196")  # the duty to avert, whoever one is
# Acts on telling that apply beyond one office; of barnevernsloven only the duties that it lays on others.
_FOR_ALL = {"straffeloven", "forvaltningsloven", "pasient- og brukerrettighetsloven"}
_MOST = 2  # offices told of


@dataclass(frozen=True)
class Section:
    """A § by the act's name inside a sentence, its number and its address at Lovdata."""

    act: str
    number: str
    url: str
    to: str = ""  # whom it lets or makes one tell


@dataclass(frozen=True)
class Office:
    """A kind of workplace, the §§ of each kind that apply there, and how sure that is."""

    id: str
    name: Text
    sections: tuple[tuple[Kind, Section], ...]
    pattern: re.Pattern[str]
    must_be_checked: bool

    def asked_for(self, question: str) -> tuple[str, ...]:
        """Return the addresses of the §§ of the kinds that a question asks about, and of the receiver it names."""
        folded = fold(question)
        kinds, told = words.kinds_asked(folded), words.receivers(folded) - {self.id}
        return tuple(
            section.url
            for kind, section in self.sections
            if kind in kinds and (not section.to or not told or section.to in told)
        )


@dataclass(frozen=True)
class Duties:
    """The offices, and the § that applies to everyone."""

    offices: tuple[Office, ...] = ()
    everyone: Section | None = None

    def asked_about(self, question: str, earlier: Sequence[str] = ()) -> tuple[Office, ...]:
        """Return the offices whose duties a question is about, in its order; none for another question.

        One that is only told, asked or met («til barnevernet») does not count; the asker's own does, also
        from earlier in a long case or a conversation.
        """
        folded = fold(question)
        asked = words.asked_part(folded)
        if not words.is_of_a_duty(asked):
            return ()
        givers = self._givers(asked)
        if not givers:
            givers = [o for text in (folded, *map(fold, earlier)) for o in self._selves(text)]
        ordered = {office.id: office for office in givers}
        return tuple(ordered.values())[:_MOST]

    def concerns_everyone(self, question: str) -> bool:
        """Tell whether a question is about a duty to tell, whoever has it."""
        return words.is_to_avert(fold(question))

    def _givers(self, folded: str) -> list[Office]:
        """Return the offices that have what is told: not those it is told to."""
        named = self._named_in(folded)
        after = [office for start, _, office in named if words.gives_after(folded[:start])]
        if after:
            return after
        givers, met = [], -1
        for start, end, office in named:
            joined = met >= 0 and words.is_joined(folded[met:start])
            if joined or words.is_met(folded[:start]):
                met = end
            else:
                givers.append(office)
        return givers

    def _selves(self, folded: str) -> list[Office]:
        named = self._named_in(folded)
        return [office for start, _, office in named if words.is_self(folded[:start])]

    def reaches(self, headings: Sequence[str], offices: Sequence[Office]) -> bool:
        """Tell whether a § (its act and its own heading) may be quoted to one who asks about some offices."""
        act, section = headings[0].partition(" (")[0].lower(), " ".join(headings[1:])
        own = {section.act.lower() for office in offices for _, section in office.sections}
        if act in own or act in _FOR_ALL:
            return True
        return act == "barnevernsloven" and re.match(r"§ 13-[24]\b", section) is not None

    def _named_in(self, folded: str) -> list[tuple[int, int, Office]]:
        """Return (start, end, office) for every office a folded text names; a longer name hides one inside it."""
        found = [
            (match.start(), match.end(), office)
            for office in self.offices
            for match in office.pattern.finditer(folded)
            if not words.is_verb(match[0], folded[: match.start()])
        ]
        widest = [
            (start, end, office)
            for start, end, office in found
            if not any(s <= start and end <= e and e - s > end - start for s, e, _ in found)
        ]
        return sorted(widest, key=lambda each: each[0])


def load_duties(file: Path, acts: Mapping[str, ListedAct]) -> Duties:
    """Read duties.toml; `acts` are those of statutes.toml. Raises CorpusError for an office that is not whole."""
    addresses = {title.partition(" (")[0]: act.url for title, act in acts.items()}
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("office", [])
        offices = tuple(_office(row, addresses) for row in rows)
        everyone = _section(EVERYONE[0].capitalize(), EVERYONE[1], addresses) if offices else None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(file, f"kan ikke leses ({error}).") from error
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(file, f"en [[office]] er ikke hel: {error}.") from error
    return Duties(offices, everyone)


def _office(row: Mapping[str, object], addresses: Mapping[str, str]) -> Office:
    law, names = row["law"], row["names"]
    if not isinstance(law, list) or not isinstance(names, list):
        raise TypeError(f"«law» og «names» hos {row['id']} må være lister")
    return Office(
        id=str(row["id"]),
        name={"nb": str(row["nb"]), "nn": str(row["nn"]), "en": str(row["en"])},
        sections=tuple(_sections(law, addresses)),
        pattern=re.compile(
            rf"(?<!\w)(?:{'|'.join(words.bent(fold(str(n))) for n in names)})(?!\w)"
        ),
        must_be_checked="H" in str(row["confidence"]),
    )


def _sections(
    law: Sequence[Mapping[str, object]], addresses: Mapping[str, str]
) -> Iterable[tuple[Kind, Section]]:
    for part in law:
        kinds = [kind for kind in KINDS if kind == part["kind"]]
        if not kinds:
            raise ValueError(f"ukjent «kind»: {part['kind']}")
        numbers = part["sections"]
        if not isinstance(numbers, list):
            raise TypeError("«sections» må være en liste")
        for number in numbers:
            section = _section(str(part["act"]), str(number), addresses)
            yield kinds[0], replace(section, to=str(part.get("to", "")))


def _section(act: str, number: str, addresses: Mapping[str, str]) -> Section:
    return Section(name_in_text(act), number, f"{addresses[act]}/§{number.replace(' ', '')}")
