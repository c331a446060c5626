"""Which §§ on confidentiality apply to an office that a question names: human-checked pointers, never generated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.desk.acts import ListedAct
from assistant.domain import Text
from assistant.errors import CorpusError
from assistant.language import fold

Kind = Literal["secrecy", "consent", "may", "must"]
KINDS: tuple[Kind, ...] = ("secrecy", "consent", "may", "must")
EVERYONE = ("straffeloven", "196")  # the duty to avert, whoever one is
# Acts on telling that apply beyond one office; of barnevernsloven only the duties that it lays on others.
_FOR_ALL = {"straffeloven", "forvaltningsloven", "pasient- og brukerrettighetsloven"}
_MOST = 2  # offices told of
_LONG = 260  # characters of a question that is a case: it names offices and duties it does not ask about
_MET = re.compile(
    r"\b(?:til|te|fra|med|mot|overfor|hos|to|from|with|towards?|varsl\w*|kontakt\w*|ring\w*|fortel\w*|sporr?e?|informer\w*"
    r"|tell|notify|inform|ask|call)(?: (?:the|et|en|ein|eit|a|an))? $"
)
_ENDING = r"(?:s|en|et|a|n|ne|ene|ane|er|ar|e|ens|ets|as|enes|anes|'s)?"

_KIND_ASKED: dict[Kind, re.Pattern[str]] = {
    "secrecy": re.compile(r"taushet|teieplikt|confidential|secrecy"),
    "consent": re.compile(r"samtykk|consent"),
    "may": re.compile(r"\b(?:kan|far|fa|lov|rett|kunne|can|may|allowed)\b|opplysningsrett"),
    "must": re.compile(
        r"\b(?:ma|matte|skal|plikt\w*|must|obliged|duty to|have to)\b"
        r"|meldeplikt|opplysningsplikt|varslingsplikt"
    ),
}
# A question about a duty names one, or asks whether somebody may or must tell somebody something.
_DUTY = re.compile(
    r"taushet|teieplikt|\btiepl|opplysningsplikt|opplysningsrett|meldeplikt|melde(?:r|s)? fra|varslingsplikt"
    r"|avvergingsplikt|avverjingsplikt|avverjeplikt|samtykk|konfidensi|confidential|secrecy|consent|disclos"
    r"|duty to (?:report|inform|warn)"
)
_MODAL = (
    r"\b(?:kan|ma|skal|far|bor|har|lov|plikt\w*|pliktig\w*|rett|kunne|matte|burde|can|may|must|should|allowed|obliged"
    r"|have to)\b"
)
_TELL = (
    r"\b(?:del(?:e|er|a)\b.{0,30}\b(?:med|opplys\w*|informasjon\w*|info)|fortel\w*|opplys\w*|utlever\w*|vidareformid\w*"
    r"|s(?:i|ei|eie)(?: \w+){0,3} (?:til|te|videre|vidare|fra|ifra)|videreformid\w*|meld\w*|varsl\w*|sladr\w*"
    r"|gi (?:ut|videre|fra|opplys\w*|informasjon\w*|info)|gje (?:ut|vidare|opplys\w*|informasjon\w*)"
    r"|share|tell|pass on|report|hand over)\b"
)
# «Kan du fortelle om Nav?» asks the assistant.
_ASKS_US = re.compile(
    r"\b(?:kan|kunne|can|could) (?:du|dere|dokker|de|you|veilederen|rettleiaren)\b"
)
_TELLING = re.compile(rf"{_MODAL}.{{0,80}}{_TELL}|{_TELL}.{{0,60}}{_MODAL}")


@dataclass(frozen=True)
class Section:
    """A § by the act's name inside a sentence, its number and its address at Lovdata."""

    act: str
    number: str
    url: str


@dataclass(frozen=True)
class Office:
    """A kind of workplace, the §§ of each kind that apply there, and how sure that is."""

    id: str
    name: Text
    sections: tuple[tuple[Kind, Section], ...]
    pattern: re.Pattern[str]
    must_be_checked: bool

    def asked_for(self, question: str) -> tuple[str, ...]:
        """Return the addresses of the §§ of the kinds that a question asks about."""
        folded = fold(question)
        kinds = {kind for kind, pattern in _KIND_ASKED.items() if pattern.search(folded)}
        return tuple(section.url for kind, section in self.sections if kind in kinds)


@dataclass(frozen=True)
class Duties:
    """The offices, and the § that applies to everyone."""

    offices: tuple[Office, ...] = ()
    everyone: Section | None = None

    def asked_about(self, question: str) -> tuple[Office, ...]:
        """Return the offices whose duties a question is about, in its order; none for another question.

        One that is only told, asked or met («til barnevernet») counts when no other is named.
        """
        folded = fold(question)
        if len(folded) > _LONG:
            folded = _last_question(folded)
        telling = _TELLING.search(folded) and not _ASKS_US.search(folded)
        if not (_DUTY.search(folded) or telling):
            return ()
        named = self._named_in(folded)
        givers = [office for start, office in named if not _MET.search(folded[:start])]
        ordered = {office.id: office for office in givers or [office for _, office in named]}
        return tuple(ordered.values())[:_MOST]

    def reaches(self, headings: Sequence[str], offices: Sequence[Office]) -> bool:
        """Tell whether a § (its act and its own heading) may be quoted to one who asks about some offices."""
        act, section = headings[0].partition(" (")[0].lower(), " ".join(headings[1:])
        own = {section.act.lower() for office in offices for _, section in office.sections}
        if act in own or act in _FOR_ALL:
            return True
        return act == "barnevernsloven" and re.match(r"§ 13-[24]\b", section) is not None

    def _named_in(self, folded: str) -> list[tuple[int, Office]]:
        """Return (start, office) for every office a folded question names; a longer name hides one inside it."""
        found = [
            (match.start(), match.end(), office)
            for office in self.offices
            for match in office.pattern.finditer(folded)
        ]
        widest = [
            (start, office)
            for start, end, office in found
            if not any(s <= start and end <= e and e - s > end - start for s, e, _ in found)
        ]
        return sorted(widest, key=lambda pair: pair[0])


def _last_question(folded: str) -> str:
    """Return what a long case ends by asking; nothing if it asks nothing."""
    asked = re.findall(r"[^.?!]+\?", folded)
    return asked[-1] if asked else ""


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
        pattern=re.compile(rf"(?<!\w)(?:{'|'.join(_name(str(n)) for n in names)})(?!\w)"),
        must_be_checked="H" in str(row["confidence"]),
    )


def _name(name: str) -> str:
    return re.escape(fold(name)) + _ENDING


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
            yield kinds[0], _section(str(part["act"]), str(number), addresses)


def _section(act: str, number: str, addresses: Mapping[str, str]) -> Section:
    name = act if act.startswith("Nav") else act[0].lower() + act[1:]
    return Section(name, number, f"{addresses[act]}/§{number.replace(' ', '')}")
