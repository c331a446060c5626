"""What is new since the index in use was made, and what points at words that are gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.archive.index import Index, current_folder
from assistant.desk.acts import load_acts
from assistant.desk.duties import load_duties
from assistant.domain import Passage
from assistant.errors import AssistantError, CorpusError
from assistant.language import collapse
from assistant.settings import Settings
from ingest.changes import Changes, compare
from ingest.guide import read_toml
from ingest.statutes import read_statutes

MOST_CHANGES, FEW_CHANGES = 20, 5  # lines a heading, in the full and the short report
SHOW = "exit-assistent ingest --torr"
GONE = "Spørsmål, tilfeller, rettelser og hull som viser til tekst som er borte"
NOWHERE = "Spørsmål, rettelser og hull som ikke fører noe sted"


@dataclass(frozen=True)
class Pointer:
    """Something written by people that rests on words of the corpus, or on a § by its address."""

    where: str
    quotes: tuple[str, ...]
    url: str | None = None
    leads: bool = False  # whether it does nothing once its words are gone: told until it is mended


@dataclass(frozen=True)
class Freshness:
    """The whole report."""

    changes: Changes
    gone: tuple[str, ...]  # where a quote no longer stands in the corpus
    to_check: tuple[str, ...]  # notes on a § that has changed
    dangling: tuple[str, ...] = ()  # what led nowhere before too


def freshness(
    old: Sequence[Passage], new: Sequence[Passage], pointers: Iterable[Pointer]
) -> Freshness:
    """Return what changed, the quotes that stood in the old reading only, and notes on changed §§."""
    changes = compare(old, new)
    went = [*changes.removed, *(before for before, _ in changes.changed)]
    before, after = _words(old), _words(new)
    within = _words(new, "\x00")
    urls = [passage.url for passage in went if passage.url and "§" in passage.url]
    gone: list[str] = []
    to_check: list[str] = []
    dangling: list[str] = []
    for pointer in pointers:
        for quote in map(collapse, pointer.quotes):
            # A door must find its words within one passage; evidence may run on into the next.
            stands = quote in (within if pointer.leads else after)
            if not stands and (quote in before or pointer.leads):
                told = gone if quote in before and quote not in after else dangling
                told.append(f"{pointer.where}: «{_short(quote)}»")
        if pointer.url and any(_is_in(url, pointer.url) for url in urls):
            to_check.append(f"{pointer.where}: {pointer.url}")
    return Freshness(changes, tuple(gone), tuple(to_check), tuple(dangling))


def _words(passages: Iterable[Passage], between: str = " ") -> str:
    """Return all words in one text to search, in reading order."""
    return between.join(collapse(passage.text) for passage in passages)


def _is_in(section: str, url: str) -> bool:
    """Tell whether a § is what an address names, or stands in the act that it names."""
    return section == url or section.startswith(f"{url}/")


def indexed_passages(settings: Settings) -> tuple[Passage, ...]:
    """Return the passages of the index in use; none when there is none that opens."""
    folder = current_folder(settings.index_dir)
    if folder is None:
        return ()
    try:
        return Index(folder, settings.chroma_url).passages
    except AssistantError:
        return ()


def pointers(corpus_dir: Path, evals_dir: Path) -> list[Pointer]:
    """Return the question bank, the eval cases, the corrections, the guide's gaps, the moved §§ and the duties."""
    cases = [
        pointer
        for folder, leads in ((corpus_dir / "questions", True), (evals_dir, False))
        for file in sorted(folder.glob("*.jsonl"))
        for pointer in _cases(file, leads)
    ]
    return [*cases, *_notes(corpus_dir), *_statute_notes(corpus_dir)]


def _notes(corpus_dir: Path) -> Iterator[Pointer]:
    corrections, guide = corpus_dir / "corrections.toml", corpus_dir / "guide" / "guide.toml"
    if corrections.is_file():
        for row in read_toml(corrections).get("correction", ()):
            yield Pointer("corrections.toml", (row["quote"],), row.get("url"), leads=True)
    if guide.is_file():
        for row in read_toml(guide).get("gap", ()):
            yield Pointer("guide.toml", (row["quote"],), leads=True)


def _statute_notes(corpus_dir: Path) -> Iterator[Pointer]:
    statutes, duties = corpus_dir / "statutes.toml", corpus_dir / "duties.toml"
    if not statutes.is_file():
        return
    list_ = read_statutes(statutes)
    for moved in list_.moved:
        act = list_.act(moved.successor)
        place = f"/§{moved.successor_number.replace(' ', '')}" if moved.successor_number else ""
        yield Pointer(f"statutes.toml, {moved.cited}", (), f"{act.url}{place}" if act else None)
    if duties.is_file():
        for office in load_duties(duties, load_acts(statutes)).offices:
            for url in dict.fromkeys(section.url for _, section in office.sections):
                yield Pointer(f"duties.toml, {office.id}", (), url)


def _cases(file: Path, leads: bool) -> Iterator[Pointer]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line) if line.strip() else {}
        except json.JSONDecodeError as error:
            raise CorpusError(file, f"er ikke JSON ({error.msg}).", number) from error
        quotes = row.get("quotes") or row.get("evidence") or ()
        if quotes and all(isinstance(quote, str) for quote in quotes):
            yield Pointer(f"{file.name}, linje {number}", tuple(quotes), leads=leads)


def short_report(found: Freshness) -> str:
    """Return what changed, in few lines, and everything that points at words that are now gone.

    Once an index is in use it cannot be compared with the one before: this is the time to say it.
    """
    more = len(found.dangling)
    note = (
        f"{more} spørsmål, rettelser eller hull førte ingen steder fra før. Se dem med: {SHOW}"
        if more
        else ""
    )
    parts = [_counts(found.changes), *_changes(found.changes, FEW_CHANGES), *_to_look_at(found)]
    return "\n\n".join([*parts, *([note] if note else [])])


def full_report(found: Freshness) -> str:
    """Return every change, passage by passage, and everything that must be looked at."""
    changes = found.changes
    if not (changes.kept or changes.removed or changes.changed or changes.moved):
        first = f"Det finnes ingen indeks å sammenlikne med. {len(changes.added)} avsnitt blir lest inn."
        return "\n\n".join([first, *_dangling(found)])
    parts = [_counts(changes), *_changes(changes, MOST_CHANGES), *_to_look_at(found)]
    return "\n\n".join([*parts, *_dangling(found)])


def as_rows(found: Freshness) -> dict[str, Any]:
    """Return the whole report for `--json`: passages as ids and labels, the rest as the lines people read."""
    changes = found.changes
    return {
        "kept": changes.kept,
        "added": [_row(passage) for passage in changes.added],
        "removed": [_row(passage) for passage in changes.removed],
        "changed": [[_row(before), _row(after)] for before, after in changes.changed],
        "moved": [[_row(before), _row(after)] for before, after in changes.moved],
        "gone": list(found.gone),
        "to_check": list(found.to_check),
        "dangling": list(found.dangling),
    }


def _row(passage: Passage) -> dict[str, str]:
    return {"id": passage.id, "label": passage.label, "text": passage.text}


def _counts(changes: Changes) -> str:
    return (
        f"Siden sist: {len(changes.added)} nye, {len(changes.changed)} endrede, {len(changes.moved)} flyttede "
        f"og {len(changes.removed)} fjernede avsnitt; {changes.kept} uendret."
    )


def _changes(changes: Changes, most: int) -> Iterator[str]:
    yield from _listed("Nye avsnitt", [_line(p) for p in changes.added], most)
    yield from _listed("Endrede avsnitt", [_change(*pair) for pair in changes.changed], most)
    moved = [f"{a.label} → {b.label}" for a, b in changes.moved]
    yield from _listed("Flyttede avsnitt", moved, most)
    yield from _listed("Fjernede avsnitt", [_line(p) for p in changes.removed], most)


def _to_look_at(found: Freshness) -> Iterator[str]:
    yield from _listed(GONE, found.gone)
    yield from _listed("Merknader om paragrafer som er endret", found.to_check)


def _dangling(found: Freshness) -> Iterator[str]:
    yield from _listed(NOWHERE, found.dangling)


def _listed(title: str, lines: Sequence[str], most: int | None = None) -> Iterator[str]:
    """Yield a heading and its lines, at most so many; nothing without lines."""
    if not lines:
        return
    shown = [f"  {line}" for line in lines[:most]]
    left = len(lines) - len(shown)
    yield "\n".join([f"{title} ({len(lines)}):", *shown, *([f"  … og {left} til"] * bool(left))])


def _line(passage: Passage) -> str:
    return f"{passage.label}: «{_short(passage.text)}»"


def _change(before: Passage, after: Passage) -> str:
    return f"{after.label}\n    før: «{_short(before.text)}»\n    nå:  «{_short(after.text)}»"


def _short(text: str) -> str:
    one = collapse(text)
    return one if len(one) <= 100 else f"{one[:99]}…"
