"""What is new since the index in use was made, and what points at words that are gone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.archive.index import Index, current_folder
from assistant.domain import Passage
from assistant.errors import AssistantError, CorpusError
from assistant.language import collapse
from assistant.settings import Settings
from ingest.guide import read_toml
from ingest.statutes import read_statutes

LONGEST_LIST = 20  # lines a heading in the full report
Pair = tuple[Passage, Passage]  # as it was, as it is
Key = Callable[[Passage], tuple[str, ...]]


@dataclass(frozen=True)
class Changes:
    """Passages that came, went, were reworded under the same heading, or moved word for word."""

    kept: int
    added: tuple[Passage, ...]
    removed: tuple[Passage, ...]
    changed: tuple[Pair, ...]
    moved: tuple[Pair, ...]

    @property
    def any(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.added or self.removed or self.changed or self.moved)


@dataclass(frozen=True)
class Pointer:
    """Something written by people that rests on words of the corpus, or on a § by its address."""

    where: str
    quotes: tuple[str, ...]
    url: str | None = None


@dataclass(frozen=True)
class Freshness:
    """The whole report."""

    changes: Changes
    gone: tuple[str, ...]  # where a quote no longer stands in the corpus
    to_check: tuple[str, ...]  # notes on a § that has changed


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> Changes:
    """Compare two readings passage by passage, by their stable ids."""
    old_ids, new_ids = {p.id for p in old}, {p.id for p in new}
    gone = [passage for passage in old if passage.id not in new_ids]
    came = [passage for passage in new if passage.id not in old_ids]
    moved, gone, came = _pairs(gone, came, lambda p: (p.source_id, collapse(p.text)))
    changed, gone, came = _pairs(gone, came, lambda p: (p.source_id, *p.headings))
    kept = len(old_ids & new_ids)
    return Changes(kept, tuple(came), tuple(gone), tuple(changed), tuple(moved))


def _pairs(
    gone: list[Passage], came: list[Passage], key: Key
) -> tuple[list[Pair], list[Passage], list[Passage]]:
    """Pair what has the same key, in order; return the pairs and what is left on both sides."""
    waiting: dict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for passage in came:
        waiting[key(passage)].append(passage)
    pairs = [(p, waiting[key(p)].pop(0)) for p in gone if waiting[key(p)]]
    before, after = {p.id for p, _ in pairs}, {p.id for _, p in pairs}
    return pairs, [p for p in gone if p.id not in before], [p for p in came if p.id not in after]


def freshness(
    old: Sequence[Passage], new: Sequence[Passage], pointers: Iterable[Pointer]
) -> Freshness:
    """Return what changed, the quotes that stood in the old reading only, and notes on changed §§."""
    changes = compare(old, new)
    went = [*changes.removed, *(before for before, _ in changes.changed)]
    before, after = [collapse(p.text) for p in went], [collapse(p.text) for p in new]
    urls = {passage.url for passage in went if passage.url and "§" in passage.url}
    gone, to_check = [], []
    for pointer in pointers:
        lost = [q for q in map(collapse, pointer.quotes) if _in(q, before) and not _in(q, after)]
        gone += [f"{pointer.where}: «{_short(quote)}»" for quote in lost]
        if pointer.url in urls:
            to_check.append(f"{pointer.where}: {pointer.url}")
    return Freshness(changes, tuple(gone), tuple(to_check))


def _in(quote: str, texts: Iterable[str]) -> bool:
    return any(quote in text for text in texts)


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
    """Return the question bank, the eval cases, the corrections and the moved §§."""
    found = [
        pointer
        for folder in (corpus_dir / "questions", evals_dir)
        for file in sorted(folder.glob("*.jsonl"))
        for pointer in _cases(file)
    ]
    corrections = corpus_dir / "corrections.toml"
    if corrections.is_file():
        for row in read_toml(corrections).get("correction", ()):
            found.append(Pointer("corrections.toml", (row["quote"],), row.get("url")))
    statutes = corpus_dir / "statutes.toml"
    if statutes.is_file():
        list_ = read_statutes(statutes)
        for moved in list_.moved:
            act = list_.act(moved.successor)
            url = f"{act.url}/§{moved.successor_number.replace(' ', '')}" if act else None
            found.append(Pointer(f"statutes.toml, {moved.cited}", (), url))
    return found


def _cases(file: Path) -> Iterator[Pointer]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line) if line.strip() else {}
        except json.JSONDecodeError as error:
            raise CorpusError(file, f"er ikke JSON ({error.msg}).", number) from error
        quotes = row.get("quotes") or row.get("evidence") or ()
        if quotes and all(isinstance(quote, str) for quote in quotes):
            yield Pointer(f"{file.name}, linje {number}", tuple(quotes))


def short_report(found: Freshness) -> str:
    """Return one line, and one more when something points at words that are gone."""
    changes = found.changes
    line = (
        f"Siden sist: {len(changes.added)} nye, {len(changes.changed)} endrede, {len(changes.moved)} flyttede "
        f"og {len(changes.removed)} fjernede avsnitt; {changes.kept} uendret."
    )
    stale = len(found.gone) + len(found.to_check)
    more = f"\n{stale} oppføringer må ses på. Se dem med: exit-assistent ingest --torr før neste innlesing."
    return line + (more if stale else "")


def full_report(found: Freshness) -> str:
    """Return every change, passage by passage, and everything that must be looked at."""
    changes = found.changes
    if not (changes.kept or changes.removed or changes.changed or changes.moved):
        return f"Det finnes ingen indeks å sammenlikne med. {len(changes.added)} avsnitt blir lest inn."
    parts = [
        _listed("Nye avsnitt", [_line(p) for p in changes.added]),
        _listed("Endrede avsnitt", [_change(*pair) for pair in changes.changed]),
        _listed("Flyttede avsnitt", [f"{a.label} → {b.label}" for a, b in changes.moved]),
        _listed("Fjernede avsnitt", [_line(p) for p in changes.removed]),
        _listed("Spørsmål, tilfeller og rettelser som viser til tekst som er borte", found.gone),
        _listed("Merknader om paragrafer som er endret", found.to_check),
    ]
    return "\n\n".join([short_report(found).split("\n")[0], *(part for part in parts if part)])


def _listed(title: str, lines: Sequence[str]) -> str:
    shown = [f"  {line}" for line in lines[:LONGEST_LIST]]
    more = [f"  … og {len(lines) - LONGEST_LIST} til"] if len(lines) > LONGEST_LIST else []
    return "\n".join([f"{title} ({len(lines)}):", *shown, *more]) if lines else ""


def _line(passage: Passage) -> str:
    return f"{passage.label}: «{_short(passage.text)}»"


def _change(before: Passage, after: Passage) -> str:
    return f"{after.label}\n    før: «{_short(before.text)}»\n    nå:  «{_short(after.text)}»"


def _short(text: str) -> str:
    one = collapse(text)
    return one if len(one) <= 100 else f"{one[:99]}…"
