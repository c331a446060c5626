"""What the corpus holds: every source, act and local document, its state and age, for `exit-assistent kilder`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from assistant.archive.index import current_folder
from assistant.domain import GUIDE, Source
from assistant.errors import StorageError
from assistant.settings import Settings
from ingest.copies import Copy, newest, read_copies
from ingest.corpus import declared_statutes, read_sources, shelf
from ingest.local import source_id
from ingest.snapshots import Shelf
from ingest.statutes import Statutes

# "ikke lest inn": the text is at hand, but the index in use was made without it.
State = Literal["lest", "bare lenke", "ikke hentet", "ikke lest inn", "feilet"]
NO_ADDRESS = "Adressen er ikke kjent."
FROM_PACKAGE = "Leses fra Lovdatas pakke, se {source}."
NOT_LISTED = "Står ikke i statutes.toml."
DAMAGED = "Indeksen i {folder} er skadet ({error}). Kjør: exit-assistent ingest"


@dataclass(frozen=True)
class Holding:
    """One line of the table; days are ISO, `changed` is when the text was last another."""

    id: str
    title: str
    state: State
    passages: int
    licence: str
    fetched: str | None = None
    age_days: int | None = None
    changed: str | None = None
    url: str | None = None
    remark: str = ""


@dataclass(frozen=True)
class Indexed:
    """What the manifest of the index in use says."""

    passages: Mapping[str, int]
    titles: Mapping[str, str]
    remarks: Mapping[str, tuple[str, bool]]  # words, and whether it is a failure


def holdings(settings: Settings, today: date) -> list[Holding]:
    """Return every source in the order of sources.toml, then the acts, then the local documents.

    Raises StorageError when the manifest of the index in use is damaged.
    """
    sources = read_sources(settings.corpus_dir / "sources.toml")
    statutes = declared_statutes(settings)
    indexed = _indexed(settings)
    rows = [
        _source(source, indexed, shelf(settings), statutes, today) for source in sources.values()
    ]
    if statutes is not None:
        folders = [settings.corpus_dir / "statutes", shelf(settings).folder / "statutes"]
        copies = newest(copy for folder in folders for copy in read_copies(folder))
        rows += _packages(statutes, shelf(settings), today)
        rows += _acts(statutes, copies, indexed, today)
    return [*rows, *_local(indexed, _local_days(settings.local_dir), today)]


def _indexed(settings: Settings) -> Indexed:
    folder = current_folder(settings.index_dir)
    if folder is None:
        return Indexed({}, {}, {})
    try:
        return _told(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(DAMAGED.format(folder=folder, error=error)) from error


def _told(manifest: dict[str, Any]) -> Indexed:
    rows = manifest.get("sources", ())
    remarks: dict[str, tuple[str, bool]] = {}
    titles = {row["id"]: str(row.get("title", row["id"])) for row in rows}
    for remark in manifest.get("remarks", ()):
        earlier, failed = remarks.get(remark["source_id"], ("", False))
        words = f"{earlier} {remark['what']}".strip()
        remarks[remark["source_id"]] = (words, failed or bool(remark["failed"]))
        titles.setdefault(remark["source_id"], remark["title"])
    return Indexed({row["id"]: int(row["passages"]) for row in rows}, titles, remarks)


def _source(
    source: Source, indexed: Indexed, kept: Shelf, statutes: Statutes | None, today: date
) -> Holding:
    snapshot, failure = kept.get(source.id), kept.failure(source.id)
    count = indexed.passages.get(source.id, 0)
    remark, unread = indexed.remarks.get(source.id, ("", False))
    state = _state(count, source.id == GUIDE or snapshot is not None)
    if not source.store:
        state, remark = "bare lenke", "" if source.url else NO_ADDRESS
    elif failure or unread:
        state, remark = "feilet", failure[1] if failure else remark
    elif source.url and "lovdata.no" in source.url:
        count, state, remark = _by_package(source.url, statutes, indexed)
    fetched = snapshot.fetched if snapshot else None
    changed = snapshot.changed if snapshot else source.year if source.id == GUIDE else None
    age = _days(fetched, today)
    return Holding(
        source.id,
        source.title,
        state,
        count,
        source.licence,
        fetched,
        age,
        changed,
        source.url,
        remark,
    )


def _state(passages: int, at_hand: bool) -> State:
    if passages:
        return "lest"
    return "ikke lest inn" if at_hand else "ikke hentet"


def _by_package(url: str, statutes: Statutes | None, indexed: Indexed) -> tuple[int, State, str]:
    """Tell how a source that is an act is held: its §§ come with the acts, not from its own page."""
    act = next((a for a in statutes.acts if _is_page_of(a.url, url)), None) if statutes else None
    if act is None:
        return 0, "ikke hentet", NOT_LISTED
    held = indexed.passages.get(act.source, 0)
    return 0, _state(held, False), FROM_PACKAGE.format(source=act.source)


def _is_page_of(act_url: str, url: str) -> bool:
    return url == act_url or url.startswith(f"{act_url}/")


def _packages(statutes: Statutes, kept: Shelf, today: date) -> Iterator[Holding]:
    for package in statutes.packages:
        if not statutes.wanted_from(package):
            continue
        snapshot, failure = kept.get(package.id), kept.failure(package.id)
        yield Holding(
            package.id,
            package.title,
            "feilet" if failure else "lest" if snapshot else "ikke hentet",
            0,
            f"{statutes.licence}, {statutes.publisher}",
            snapshot.fetched if snapshot else None,
            _days(snapshot.fetched if snapshot else None, today),
            snapshot.changed if snapshot else None,
            package.url,
            failure[1] if failure else "",
        )


def _acts(
    statutes: Statutes, copies: Mapping[str, Copy], indexed: Indexed, today: date
) -> Iterator[Holding]:
    for act in statutes.acts:
        copy = copies.get(act.id)
        count = indexed.passages.get(act.source, 0)
        remark, _ = indexed.remarks.get(act.source, ("", False))
        yield Holding(
            act.source,
            act.title,
            _state(count, copy is not None),
            count,
            f"{statutes.licence}, {statutes.publisher}",
            copy.origin.copied if copy else None,
            _days(copy.origin.copied if copy else None, today),
            copy.act.last_change if copy else None,
            act.url,
            remark,
        )


def _local(indexed: Indexed, days: Mapping[str, str], today: date) -> Iterator[Holding]:
    for id_, title in indexed.titles.items():
        if id_.startswith("lokal-"):
            remark, failed = indexed.remarks.get(id_, ("", False))
            yield Holding(
                id_,
                title,
                "feilet" if failed else "lest",
                indexed.passages.get(id_, 0),
                "lokal",
                None,
                _days(days.get(id_), today),
                days.get(id_),
                remark=remark,
            )


def _local_days(local_dir: Path | None) -> dict[str, str]:
    """Return the day each file in the local folder was last changed, by the id of its document."""
    if local_dir is None:
        return {}
    days: dict[str, str] = {}
    folder = local_dir / "documents"
    for path in folder.rglob("*"):
        with suppress(OSError):  # a file may go meanwhile
            day = date.fromtimestamp(path.stat().st_mtime).isoformat()
            days[source_id(path.relative_to(folder).as_posix())] = day
    return days


def _days(day: str | None, today: date) -> int | None:
    """Return the age in days; a copy known by its month counts from the month's first day."""
    if day is None:
        return None
    whole = day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else f"{day}-01"
    return (today - date.fromisoformat(whole)).days


def as_json(rows: Sequence[Holding]) -> str:
    """Return the rows as JSON."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)


def as_table(rows: Sequence[Holding]) -> str:
    """Return the rows for a terminal, and a line of counts.

    Remarks have a line of their own, and so has the address of what can only be read at its own place.
    """
    lines = [f"{'Kilde':<38} {'Tilstand':<12} {'Alder':>9} {'Endret':<11} {'Avsnitt':>7}  Lisens"]
    for row in rows:
        age = f"{row.age_days} dager" if row.age_days is not None else "–"
        title = row.title if len(row.title) <= 38 else row.title[:37] + "…"
        lines.append(
            f"{title:<38} {row.state:<12} {age:>9} {row.changed or '–':<11} {row.passages:>7}  {row.licence}"
        )
        address = row.url if row.state in ("bare lenke", "ikke hentet") else None
        lines += [f"    {line}" for line in (address, row.remark) if line]
    states = [row.state for row in rows]
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    return "\n".join([*lines, "", f"{len(rows)} kilder: {counts}."])
