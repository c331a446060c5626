"""Copies of the wanted §§, one JSON file an act: shipped in corpus/statutes/, newer ones fetched."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from ingest.parse.act import Act, is_in_force
from ingest.parse.document import ParseProblem
from ingest.parse.guarded import read_act_guarded
from ingest.parse.wire import unpacked
from ingest.statutes import Statutes, read_statutes

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Origin:
    """Where a copy comes from; `source_quality` is `markdown` where list marks may be lost."""

    source: str
    licence: str
    licence_url: str
    copied: str  # the day, or month, that the copied text was handed out
    file: str
    sha256: str
    source_quality: str


@dataclass(frozen=True)
class Copy:
    """An act with the wanted §§ only."""

    act: Act
    origin: Origin

    def in_force(self, today: date) -> bool:
        """Tell whether the act applies, by the dates in the copy."""
        return is_in_force(self.act.in_force_text, self.act.last_change, today)


@dataclass(frozen=True)
class Extract:
    """What became of a folder of acts: files written, lines on what was left out, acts not in force."""

    written: tuple[Path, ...]
    left_out: tuple[str, ...]
    not_in_force: tuple[str, ...]


def extract(folder: Path, copied: str, statutes: Statutes, out: Path, today: date) -> Extract:
    """Write the wanted §§ of every act in a folder of Lovdata files (.xml, .md), one JSON an act.

    An act that is not in force is left out, whatever it is called.
    """
    written: list[Path] = []
    left_out: list[str] = []
    waiting: list[str] = []
    for path in sorted([*folder.glob("*.xml"), *folder.glob("*.md")]):
        try:
            act = read_act_guarded(path, today)
        except ParseProblem as problem:
            left_out.append(f"{path.name}: {problem.advice}")
            continue
        statute = statutes.act(act.id)
        if statute is None or act.changes_others:
            continue
        if not act.in_force:
            left_out.append(f"{path.name}: {statute.title} er ikke i kraft.")
            waiting.append(act.id)
            continue
        kept = replace(act, sections=statute.wanted(act))
        written.append(write_copy(Copy(kept, _origin(path, copied, statutes)), out))
        missing = statute.missing(act)
        if missing:
            left_out.append(f"{path.name}: har ikke § {', § '.join(missing)}.")
    return Extract(tuple(written), tuple(left_out), tuple(waiting))


def _origin(path: Path, copied: str, statutes: Statutes) -> Origin:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    quality = "markdown" if path.suffix == ".md" else "lovdata"
    return Origin(
        f"{statutes.publisher}, gjeldende lover",
        statutes.licence,
        statutes.licence_url,
        copied,
        path.name,
        digest,
        quality,
    )


def write_copy(copy: Copy, out: Path) -> Path:
    """Write one copy as JSON, in one step; return its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{copy.act.id}.json"
    rows = {"origin": asdict(copy.origin), "act": asdict(copy.act)}
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    half.replace(path)
    return path


def read_copies(folder: Path) -> Iterator[Copy]:
    """Yield the copies in a folder; raise CorpusError naming a file that is not one."""
    for path in sorted(folder.glob("*.json")):
        try:
            rows: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            act = unpacked(json.dumps({"act": rows["act"]}).encode())
            if not isinstance(act, Act):
                raise ValueError("ingen lov")
            yield Copy(act, Origin(**rows["origin"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = f"er ikke en lovkopi ({error}). Hent fila på nytt."
            raise CorpusError(path, what) from error


def write_absent(package_id: str, ids: Iterable[str], out: Path) -> None:
    """Note which acts of the list a whole package no longer gives as law; older copies then rest."""
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{package_id}.absent").write_text(json.dumps(sorted(ids)), encoding="utf-8")


def absent_acts(folder: Path) -> frozenset[str]:
    """Return the ids noted by `write_absent`; raise CorpusError for a list that cannot be read."""
    found: list[str] = []
    for path in folder.glob("*.absent"):
        try:
            found += [str(id_) for id_ in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError) as error:
            raise CorpusError(path, "kan ikke leses. Kjør: exit-assistent ingest --hent") from error
    return frozenset(found)


def newest(copies: Iterable[Copy]) -> dict[str, Copy]:
    """Return one copy an act: Lovdata's own before Markdown of the same version, else the newest."""
    best: dict[str, Copy] = {}
    for copy in copies:
        known = best.get(copy.act.id)
        if known is None or _age(copy) > _age(known):
            best[copy.act.id] = copy
    return best


def _age(copy: Copy) -> tuple[str, bool, str]:
    marks = copy.origin.source_quality == "lovdata"
    return copy.act.last_change or "", marks, copy.origin.copied


def main(arguments: Sequence[str]) -> int:
    """Make corpus/statutes/ again: `python -m ingest.statutes FOLDER=DAY … [--out FOLDER]`.

    FOLDER holds acts as Lovdata hands them out (.xml) or as Markdown; DAY is when they were copied.
    Of an act that stands in several folders the first one counts.
    """
    parser = argparse.ArgumentParser(prog="python -m ingest.statutes", description=main.__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER=DAY")
    parser.add_argument("--list", type=Path, default=ROOT / "corpus" / "statutes.toml")
    parser.add_argument("--out", type=Path, default=ROOT / "corpus" / "statutes")
    options = parser.parse_args(arguments)
    statutes = read_statutes(options.list)
    for path in options.out.glob("*.json"):
        path.unlink()
    for folder, day in (_folder_and_day(text, parser) for text in reversed(options.folders)):
        done = extract(folder, day, statutes, options.out, date.today())
        print(f"{folder}: {len(done.written)} lover.", *done.left_out, sep="\n  ")
    return 0


def _folder_and_day(text: str, parser: argparse.ArgumentParser) -> tuple[Path, str]:
    found = re.fullmatch(r"(.+)=(\d{4}-\d\d(?:-\d\d)?)", text)
    if not found or not Path(found[1]).is_dir():
        parser.error(f"«{text}»: en mappe og en dato, for eksempel lover=2026-05-02")
    return Path(found[1]), found[2]
