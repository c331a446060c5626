"""The §§ that may be quoted today, a passage each: what applies, from the newest copy at hand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from assistant.domain import Authority, Passage, Sentence
from assistant.language import sentences
from ingest.copies import Copy, absent_acts, newest, read_copies
from ingest.parse.act import ActSection
from ingest.reading import Reading, Remark, joined
from ingest.statutes import Statute, Statutes

PUBLISHER = "Lovdata"
MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
IN_FORCE = re.compile(r"(?:i kraft|ikr\.) (\d{1,2})\.? ([a-z]{3})[a-z]*\.? (\d{4})")
# A list item of a ledd; the number of the ledd itself stands only on its first line.
ITEM = re.compile(r"(?:[a-zæøå]{1,2}|\d{1,3}|[ivx]{1,5})[.)] |\(\w{1,3}\) |[-–•] ")
OUTDATED = "{which} er endret fra {day}. Kopien er eldre og siteres ikke. Kjør: exit-assistent ingest --hent"
NOT_IN_FORCE = "er ikke i kraft, og siteres ikke."
NO_COPY = "Teksten er ikke hentet. Kjør: exit-assistent ingest --hent"
NOT_THERE = (
    "{which} finnes ikke i kopien. Kjør: exit-assistent ingest --hent, eller rett statutes.toml."
)
NOTE = "Merknad fra Lovdata: "


def read_law(statutes: Statutes, folders: Sequence[Path], today: date, start: int) -> Reading:
    """Return a passage for each wanted § in force, numbered from `start`.

    `folders` hold copies. A § is withheld, with a remark, when its copy says that it was to change
    on a day now past, and so is an act that is not in force. What has no copy is remarked on too.
    """
    copies = newest(copy for folder in folders for copy in read_copies(folder))
    absent = {id_ for folder in folders for id_ in absent_acts(folder)}
    found = Reading()
    for statute in statutes.acts:
        copy = copies.get(statute.id)
        if statute.id in absent or (copy and not copy.in_force(today)):
            one = Reading(remarks=(_remark(statute, NOT_IN_FORCE),))
        elif copy is None:
            one = Reading(remarks=(_remark(statute, NO_COPY),))
        else:
            one = _read_act(statute, copy, today, start + len(found.passages))
        found = joined((found, one))
    return found


def _read_act(statute: Statute, copy: Copy, today: date, start: int) -> Reading:
    passages: list[Passage] = []
    remarks: list[Remark] = []
    withheld: dict[str, list[str]] = {}
    for section in copy.act.sections:
        day = changed_since(section, today)
        if section.repealed or not section.ledd:
            remarks.append(_remark(statute, f"§ {section.number} er opphevet."))
        elif day:
            withheld.setdefault(day, []).append(f"§ {section.number}")
        else:
            passages.append(_passage(statute, copy, section, start + len(passages)))
    for day, numbers in withheld.items():
        remarks.append(_remark(statute, OUTDATED.format(which=", ".join(numbers), day=day)))
    if missing := [f"§ {number}" for number in statute.missing(copy.act)]:
        remarks.append(_remark(statute, NOT_THERE.format(which=", ".join(missing))))
    return Reading(tuple(passages), tuple(remarks))


def changed_since(section: ActSection, today: date) -> str | None:
    """Return the ISO day of the latest change that has come since the copy was made, if any."""
    return max((day for day in _change_days(section) if day <= today.isoformat()), default=None)


def _change_days(section: ActSection) -> list[str]:
    """Return the ISO days on which the copy says that the § is to change."""
    return [
        date(int(year), MONTHS.index(month) + 1, int(day)).isoformat()
        for day, month, year in IN_FORCE.findall(section.pending)
        if month in MONTHS
    ]


def _passage(statute: Statute, copy: Copy, section: ActSection, position: int) -> Passage:
    title = section.title.rstrip(".")
    headings = (statute.title, f"§ {section.number} {title}".strip())
    text = "\n".join((*section.ledd, *_notes(copy, section)))
    content = "\x1f".join((statute.source, *headings, text))
    return Passage(
        id=f"{statute.source}-{hashlib.sha256(content.encode()).hexdigest()[:16]}",
        source_id=statute.source,
        source_title=PUBLISHER,
        authority=Authority.LAW,
        headings=headings,
        text=text,
        sentences=tuple(s for ledd in section.ledd for s in _sentences(ledd)),
        position=position,
        language=copy.act.language,
        url=section.url or statute.url,
        exact_url=True,
        date=copy.act.last_change,
        until=min(_change_days(section), default=None),
    )


def _notes(copy: Copy, section: ActSection) -> Iterator[str]:
    """Yield what a reader must see beside the §, and what is never quoted as law: it is no sentence."""
    pending = " ".join((section.pending, *copy.act.notices)).strip()
    if pending:
        yield NOTE + pending
    yield from section.notes


def _sentences(ledd: str) -> Iterator[Sentence]:
    """Yield the sentences of a ledd; list items are one each, with the words that lead in to them."""
    lead_in = ""
    for number, line in enumerate(ledd.split("\n")):
        if number and ITEM.match(line):
            yield Sentence(line, lead_in)
            continue
        parts = sentences(line)
        yield from (Sentence(part) for part in parts)
        lead_in = parts[-1] if parts else ""


def _remark(statute: Statute, what: str) -> Remark:
    return Remark(statute.source, statute.title, what, failed=False)
