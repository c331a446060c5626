"""Fetch the declared sources into snapshots: what may be stored, from declared hosts, one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.domain import GUIDE, Source
from assistant.errors import SourceError
from assistant.settings import Settings
from ingest.corpus import declared_statutes, read_sources, shelf
from ingest.package import acts_hash, keep_acts
from ingest.parse.chooser import choose
from ingest.parse.document import ParseProblem
from ingest.snapshots import STATUTES, Shelf, Snapshot, read_body
from ingest.statutes import Package, Statutes
from ingest.web import Answer, Transport, Web
from ingest.web_rules import Rules, declared_hosts

Say = Callable[[str], None]
PAGES = ("text/html", "application/xhtml+xml")
PDF = ("application/pdf", "application/octet-stream")
TYPES = {"nettside": PAGES, "kontaktpunkt": PAGES, "pdf": PDF}  # other kinds may be either
PACKAGE = (
    "application/octet-stream",
    "application/x-bzip2",
    "application/x-tar",
    "application/bzip2",
)
NO_ADDRESS = "Adressen er ikke kjent. Legg den inn i sources.toml."
NOT_SENT = "Nettstedet sier at siden er uendret, og sender den ikke (304). Prøv igjen i morgen."
FORGOTTEN = "Slettet kopier av kilder som ikke lenger skal lagres: {ids}."
NOT_FORGOTTEN = "{folder}: Kopien skal ikke lenger lagres, men kan ikke slettes. Slett mappa selv."


@dataclass(frozen=True)
class Wanted:
    """One address to fetch, under the id of its snapshot."""

    id: str
    title: str
    url: str
    types: tuple[str, ...]
    package: Package | None = None


def fetch_all(
    settings: Settings,
    say: Say,
    rules: Rules | None = None,
    transport: Transport | None = None,
) -> list[str]:
    """Fetch every source that may be stored; return a line for each that failed, in bokmål.

    What was fetched today is not fetched again, so a run that was broken off goes on where it was.
    Copies of sources that are no longer declared, or may no longer be stored, are deleted.
    """
    sources = read_sources(settings.corpus_dir / "sources.toml")
    statutes = declared_statutes(settings)
    packages = statutes.packages if statutes else ()
    urls = [*(s.url for s in sources.values()), *(package.url for package in packages)]
    rules = rules or Rules(declared_hosts(urls))
    wanted = [*wanted_sources(list(sources.values())), *wanted_packages(statutes)]
    shelf(settings).clear_halves()
    stored = [source.id for source in sources.values() if source.store]
    gone, left = shelf(settings).forget([*stored, *(package.id for package in packages)])
    if gone:
        say(FORGOTTEN.format(ids=", ".join(gone)))
    failed = [NOT_FORGOTTEN.format(folder=folder) for folder in left]
    with Web(rules, transport) as web:
        for number, one in enumerate(wanted, start=1):
            say(f"Henter {number} av {len(wanted)}: {one.title}")
            reason = _fetch(one, web, shelf(settings), statutes)
            if reason:
                failed.append(f"{one.title}: {reason}")
    return failed


def wanted_sources(sources: Sequence[Source]) -> list[Wanted]:
    """Return the addresses of sources whose licence lets us store them, each address once.

    The guide is in the corpus already; acts come in Lovdata's packages, not from its pages.
    """
    found: dict[str, Wanted] = {}
    for source in sources:
        if not source.store or source.id == GUIDE or "lovdata.no" in (source.url or ""):
            continue
        types = TYPES.get(source.kind, PAGES + PDF)
        wanted = Wanted(source.id, source.title, source.url or "", types)
        found.setdefault(source.url or source.id, wanted)
    return list(found.values())


def wanted_packages(statutes: Statutes | None) -> list[Wanted]:
    """Return the packages that hold an act of the list."""
    if statutes is None:
        return []
    return [
        Wanted(package.id, package.title, package.url, PACKAGE, package)
        for package in statutes.packages
        if statutes.wanted_from(package)
    ]


def _fetch(one: Wanted, web: Web, kept: Shelf, statutes: Statutes | None) -> str:
    """Fetch one source; return "" or the reason why not, and keep the old snapshot then."""
    today = date.today().isoformat()
    known = kept.get(one.id)
    whole = known if known and _is_whole(known, one, kept, statutes) else None
    if whole and whole.fetched == today and kept.failure(one.id) is None:
        return ""
    with kept.half() as folder:
        body = Path(folder) / "body"
        try:
            if not one.url:
                raise SourceError(NO_ADDRESS)
            answer = web.get(one.url, body, _conditions(whole))
            if answer.status == 304:
                if whole is None:
                    raise SourceError(NOT_SENT)
                kept.put(replace(whole, fetched=today), None)
                return ""
            _check_body(answer, body, one)
            snapshot = _snapshot(one, answer, body, known)
            if one.package and statutes:
                copies = kept.folder / STATUTES
                keep_acts(body, one.package, statutes, copies)
                acts = acts_hash(one.package, statutes, copies)
                kept.put(replace(snapshot, acts=acts), None)
            else:
                kept.put(snapshot, body)
        except SourceError as error:
            kept.put_failure(one.id, today, str(error))
            return str(error)
    return ""


def _is_whole(known: Snapshot, one: Wanted, kept: Shelf, statutes: Statutes | None) -> bool:
    """Tell whether what was fetched is what is wanted now, and is still there as it came."""
    if known.asked != one.url:
        return False
    if one.package and statutes:
        return known.acts == acts_hash(one.package, statutes, kept.folder / STATUTES)
    return kept.has_body(known)


def _conditions(known: Snapshot | None) -> dict[str, str]:
    """Ask for the body only if it is another than the one we have."""
    if known is None:
        return {}
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _check_body(answer: Answer, body: Path, one: Wanted) -> None:
    """Hold the declared type against what was wanted, and the body against both; then read it once.

    So a page without text does not take the place of one that had text.
    """
    declared = answer.content_type.split(";")[0].strip().lower()
    if declared not in one.types:
        raise SourceError(
            f"Ventet {one.types[0]}, men fikk «{declared or 'ingen type'}». Kontroller adressen."
        )
    if one.package:
        return
    try:
        if choose(body.read_bytes(), declared) != "pdf" and declared not in PAGES:
            raise SourceError("Innholdet er ikke en PDF. Kontroller adressen.")
        read_body(body, answer.content_type)
    except ParseProblem as problem:
        raise SourceError(problem.advice) from problem


def _snapshot(one: Wanted, answer: Answer, body: Path, known: Snapshot | None) -> Snapshot:
    today = date.today().isoformat()
    digest = hashlib.sha256(body.read_bytes()).hexdigest()
    return Snapshot(
        one.id,
        answer.url,
        digest,
        today,
        known.changed if known and known.sha256 == digest else today,
        answer.status,
        answer.content_type,
        answer.etag,
        answer.last_modified,
        one.url,
    )
