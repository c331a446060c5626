"""An act or regulation as Lovdata hands it out, section by section."""

import re
from dataclasses import dataclass
from datetime import date

from ingest.parse.document import Block, Document, Section

ADDRESS = "https://lovdata.no/dokument/"
DATE = r"\d{4}-\d{2}-\d{2}"
PERIOD = re.compile(rf"({DATE})\s*[–-]\s*({DATE})")
REPEALED = re.compile(r"\(?opphev[ae]", re.IGNORECASE)
# «Endres» (present tense) is a change to come; «Endret» is done. Nothing else tells them apart.
PENDING = re.compile(
    r"\b(?:(?:Endr(?:es|ast)|Tilføy(?:es|ast)|Opphev(?:es|ast)|Føyest til) (?:ved|med) "
    r"(?:lov|forskrift|res)|(?:er )?ikk?j?e (?:satt|sett) i kraft)",
    re.IGNORECASE,
)
NOT_IN_FORCE = "Ikke i kraft. I kraft fra: {when}."


@dataclass(frozen=True)
class ActSection:
    """One § (number without the sign, as printed: `13 b`), or a chapter's text outside any §.

    `ledd` hold list marks and line breaks; `history` is what has changed, `pending` what is to
    come; both may be empty. `headings` are the chapters it stands in.
    """

    number: str
    title: str
    ledd: tuple[str, ...]
    headings: tuple[str, ...]
    url: str
    repealed: bool = False
    history: str = ""
    pending: str = ""
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Give the heading as printed: `§ 196. Plikt til å avverge et straffbart forhold`."""
        sign = f"§ {self.number}" if self.number[:1].isdigit() else self.number
        return ". ".join(part for part in (sign, self.title) if part)


@dataclass(frozen=True)
class Act:
    """An act: `in_force` on the day it was read for, `in_force_text` as Lovdata writes it.

    `last_change` is the ISO day when the latest change took effect; `changes_others` marks an act
    that only changes others, whose new sections are no law of their own.
    """

    id: str
    title: str
    short_title: str
    language: str
    in_force: bool
    in_force_text: str
    last_change: str | None
    notices: tuple[str, ...]
    sections: tuple[ActSection, ...]
    url: str
    changes_others: bool = False

    def section(self, number: str) -> ActSection | None:
        """Find a § by its number; spaces do not matter."""
        wanted = number.replace(" ", "")
        return next((s for s in self.sections if s.number.replace(" ", "") == wanted), None)


def is_in_force(stated: str, last_change: str | None, today: date) -> bool:
    """Judge by dates: one that is past and not ended, or a change that has taken effect."""
    day = today.isoformat()
    periods = PERIOD.findall(stated)
    if periods:
        return any(start <= day <= end for start, end in periods)
    starts = re.findall(DATE, stated)
    return any(start <= day for start in starts) or bool(last_change and last_change <= day)


def split_history(text: str) -> tuple[str, str]:
    """Divide a note of changes into those done and those to come."""
    found = PENDING.search(text)
    if not found:
        return text, ""
    return text[: found.start()].strip(), text[found.start() :].strip()


def is_repealed(title: str, ledd: tuple[str, ...], history: str) -> bool:
    """Tell whether only the heading of a repealed § is left."""
    return not ledd and bool(REPEALED.match(title) or re.search(r"\bopphev[ae]", history, re.I))


def act_document(act: Act) -> Document:
    """Give an act as a document, a section for each § in force, for those who need no more."""
    sections = tuple(
        Section(
            (*section.headings, section.label),
            tuple(Block("paragraph", ledd) for ledd in section.ledd)
            + tuple(Block("footnote", note) for note in section.notes),
            url=section.url,
        )
        for section in act.sections
        if section.ledd
    )
    waiting = () if act.in_force else (NOT_IN_FORCE.format(when=act.in_force_text or "ukjent"),)
    return Document(act.title, act.language, act.last_change, sections, (*waiting, *act.notices))
