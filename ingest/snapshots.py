"""What was fetched of each source, kept in data_dir/snapshots/<id>/: the body, and meta.json beside it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.domain import Passage, Source
from ingest.chunk import passages
from ingest.clock import Progress, silent
from ingest.parse.chooser import choose
from ingest.parse.document import Document, ParseProblem, Section
from ingest.parsed import Parsed
from ingest.reading import Reading, Remark
from ingest.spoken import with_language

MOST_READ = 2_000_000  # bytes that are enough to tell what kind of file it is
STATUTES = "statutes"  # the folder of the copies of acts, beside those of the sources
HALF = ".half-"  # what a run has begun on; the id of its process follows
OLDEST_HALF = 86_400  # seconds; no run lasts that long, and process ids are used again


@dataclass(frozen=True)
class Snapshot:
    """One fetched source; days are ISO. `url` is where the body came from, after redirects.

    `asked` is the address it was asked for at; `acts` tells, of a package, what was kept of it
    (`ingest/package.py: acts_hash`). Both are empty in snapshots that are older than these fields.
    """

    source_id: str
    url: str
    sha256: str
    fetched: str
    changed: str  # the day its hash was last another
    status: int
    content_type: str
    etag: str = ""
    last_modified: str = ""
    asked: str = ""
    acts: str = ""


@dataclass(frozen=True)
class Shelf:
    """The folder of snapshots."""

    folder: Path

    def body(self, source_id: str) -> Path:
        """Return where a source's body lies."""
        return self.folder / source_id / "body"

    def get(self, source_id: str) -> Snapshot | None:
        """Return the snapshot of a source if a whole one is there."""
        try:
            text = (self.folder / source_id / "meta.json").read_text(encoding="utf-8")
            return Snapshot(**json.loads(text))
        except (OSError, ValueError, TypeError):
            return None

    def has_body(self, snapshot: Snapshot) -> bool:
        """Tell whether the body of a snapshot is there, as it came."""
        try:
            with self.body(snapshot.source_id).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == snapshot.sha256
        except OSError:
            return False

    def put(self, snapshot: Snapshot, body: Path | None) -> None:
        """Keep a snapshot; the body is moved in first, so that meta.json always has its body."""
        place = self.folder / snapshot.source_id
        place.mkdir(parents=True, exist_ok=True)
        if body is not None:
            body.replace(place / "body")
        _write(place / "meta.json", asdict(snapshot))
        (place / "failed.json").unlink(missing_ok=True)

    def put_failure(self, source_id: str, day: str, reason: str) -> None:
        """Note that a fetch failed; the old snapshot stays."""
        place = self.folder / source_id
        place.mkdir(parents=True, exist_ok=True)
        _write(place / "failed.json", {"day": day, "reason": reason})

    def failure(self, source_id: str) -> tuple[str, str] | None:
        """Return (day, reason) when the latest fetch failed."""
        try:
            text = (self.folder / source_id / "failed.json").read_text(encoding="utf-8")
            found = json.loads(text)
            return str(found["day"]), str(found["reason"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def half(self) -> tempfile.TemporaryDirectory[str]:
        """Make a folder for what is being fetched, named after this process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=self.folder, prefix=f"{HALF}{os.getpid()}-")

    def clear_halves(self) -> None:
        """Delete what runs that were killed had begun on, and nothing of a run that is going on."""
        for path in self.folder.glob(f"{HALF}*"):
            pid = path.name.removeprefix(HALF).split("-")[0]
            with suppress(OSError):
                old = time.time() - path.stat().st_mtime > OLDEST_HALF
                if old or (pid.isdigit() and not _is_running(int(pid))):
                    shutil.rmtree(path, ignore_errors=True)

    def forget(self, keep: Iterable[str]) -> tuple[list[str], list[Path]]:
        """Delete the snapshots of all other ids; return those ids, and folders that could not be deleted."""
        kept = {*keep, STATUTES}
        marks = ("body", "meta.json", "failed.json")
        others = [
            path
            for path in sorted(self.folder.glob("[!.]*"))
            if path.name not in kept and any((path / mark).is_file() for mark in marks)
        ]
        for path in others:
            shutil.rmtree(path, ignore_errors=True)
        left = [path for path in others if path.exists()]
        return [path.name for path in others if path not in left], left


def read_snapshots(
    sources: Iterable[Source],
    shelf: Shelf,
    start: int,
    progress: Progress = silent,
    parsed: Parsed | None = None,
) -> Reading:
    """Return the passages of every stored snapshot, numbered from `start`, and what could not be read."""
    found: list[Passage] = []
    remarks: list[Remark] = []
    held = [(s, snapshot) for s in sources if s.store and (snapshot := shelf.get(s.id))]
    for number, (source, snapshot) in enumerate(held, start=1):
        try:
            document = read_body(shelf.body(source.id), snapshot.content_type, parsed)
        except (ParseProblem, OSError) as problem:
            advice = problem.advice if isinstance(problem, ParseProblem) else "Kopien er borte."
            remarks.append(Remark(source.id, source.title, advice))
        else:
            here = replace(source, url=snapshot.url)
            spoken = with_language(document, source.language)
            found += passages(_placed(spoken, snapshot.url), here, start + len(found))
            remarks += [Remark(source.id, source.title, n, failed=False) for n in document.notes]
        progress("Leser hentede kilder", number, len(held))
    return Reading(tuple(found), tuple(remarks))


def read_body(body: Path, content_type: str, parsed: Parsed | None = None) -> Document:
    """Read a fetched body in a process of its own; raises ParseProblem and OSError."""
    with body.open("rb") as file:
        head = file.read(MOST_READ)
    # A zip's list of names stands at its end: Word files are judged whole.
    data = body.read_bytes() if head.startswith(b"PK") else head
    return (parsed or Parsed()).read(choose(data, content_type), body)


def _placed(document: Document, url: str) -> Document:
    """Give every section the address it was read from, with its anchor where it has one."""
    base = url.split("#")[0]

    def placed(section: Section) -> Section:
        anchor = f"#{section.anchor}" if section.anchor else ""
        return replace(section, url=section.url or base + anchor)

    return replace(document, sections=tuple(placed(section) for section in document.sections))


def _is_running(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # there is no harmless signal to try with; the leftover goes when it is old
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return True


def _write(path: Path, rows: dict[str, object]) -> None:
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    half.replace(path)
