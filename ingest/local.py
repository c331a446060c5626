"""The municipality's own documents: files in EXIT_LOCAL_DIR/documents, read, never sent anywhere."""

from __future__ import annotations

import hashlib
import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from assistant.domain import Authority, Passage, Source
from assistant.errors import SettingsError
from ingest.chunk import passages
from ingest.clock import Progress, silent
from ingest.parse.chooser import choose
from ingest.parse.document import Document, ParseProblem
from ingest.parse.plain import read_limited
from ingest.parsed import Parsed
from ingest.reading import Reading, Remark
from ingest.spoken import with_language

LARGEST = 30_000_000
SUFFIXES = {".docx", ".md", ".pdf", ".html", ".txt"}
WRONG_SUFFIX = "Filtypen leses ikke. Lagre fila som .docx, .pdf, .md, .html eller .txt."
OUTSIDE = "Snarveien peker ut av mappa og leses ikke. Legg selve fila i mappa."
# Left behind by Word, Windows and macOS; not documents.
NOISE = ("~$", ".", "Thumbs.db", "desktop.ini")
LABEL = "Lokal rutine: {title}"
LANGUAGE = "nb"  # of a document that is too short to tell
GONE = (
    "EXIT_LOCAL_DIR er {folder}, men den mappa finnes ikke. Koble til disken eller rett innstillingen. "
    "Indeksen er urørt."
)
UNREADABLE = "Mappa kan ikke åpnes. Gi brukeren som kjører innlesingen, rett til å lese den."
LEAVES = (
    "EXIT_CHROMA_URL er {url}, en annen maskin, og det ligger dokumenter i {folder}. Lokale dokumenter forlater aldri "
    "maskinen. Fjern EXIT_CHROMA_URL, la den peke på 127.0.0.1, eller ta dokumentene ut av mappa."
)


def read_local(
    local_dir: Path | None,
    start: int,
    progress: Progress = silent,
    parsed: Parsed | None = None,
) -> Reading:
    """Return the passages of every readable document, numbered from `start`, and the files that are not.

    A file that is gone is simply not read: its passages leave the index with the next build. Raises
    SettingsError when the whole folder is gone, as when a share is not mounted.
    """
    if local_dir is None:
        return Reading()
    if not local_dir.is_dir():
        raise SettingsError(GONE.format(folder=local_dir))
    parsed = parsed or Parsed()
    folder = local_dir / "documents"
    found: list[Passage] = []
    remarks: list[Remark] = []
    closed: list[str] = []
    files = list(_files(folder, closed))
    for place in closed:
        remarks.append(Remark(source_id(place), shown(place), UNREADABLE))
    for number, path in enumerate(files, start=1):
        name = path.relative_to(folder).as_posix()
        try:
            document = with_language(_read(path, folder, parsed), LANGUAGE)
        except ParseProblem as problem:
            remarks.append(Remark(source_id(name), shown(name), problem.advice))
        else:
            found += passages(document, _source(name, document), start + len(found))
            remarks += [
                Remark(source_id(name), shown(name), note, failed=False) for note in document.notes
            ]
        progress("Leser lokale dokumenter", number, len(files))
    return Reading(tuple(found), tuple(remarks))


def keep_at_home(local_dir: Path | None, chroma_url: str | None) -> None:
    """Raise SettingsError when local documents would be sent to a Chroma server on another machine."""
    if local_dir is None or not chroma_url or _is_this_machine(chroma_url):
        return
    folder = local_dir / "documents"
    if next(_files(folder), None) is not None:
        raise SettingsError(LEAVES.format(url=chroma_url, folder=folder))


def _is_this_machine(url: str) -> bool:
    """Tell whether an address is on loopback; any other name may lead anywhere."""
    host = urlsplit(url).hostname
    if host is None or host == "localhost":  # without a host, the index asks this machine
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def source_id(name: str) -> str:
    """Return the id of a document by its place in the folder."""
    return f"lokal-{hashlib.sha256(os.fsencode(name)).hexdigest()[:12]}"


def shown(name: str) -> str:
    """Return a file's name as it can be written: one that is not UTF-8 gets signs for what it is not."""
    return os.fsencode(name).decode("utf-8", "replace")


def _files(folder: Path, closed: list[str] | None = None) -> Iterator[Path]:
    """Yield files in a fixed order; folders behind symbolic links are yielded, not entered.

    The names of folders that cannot be opened are added to `closed`.
    """

    def note(error: OSError) -> None:
        if closed is not None and not isinstance(error, FileNotFoundError):
            closed.append(os.path.relpath(error.filename, folder))

    for place, folders, files in os.walk(folder, onerror=note, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith(NOISE))
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*files, *links]):
            if not name.startswith(NOISE):
                yield Path(place) / name


def _read(path: Path, folder: Path, parsed: Parsed) -> Document:
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise ParseProblem("damaged", "Fila kan ikke åpnes.") from error
    if not real.is_relative_to(folder.resolve()):
        raise ParseProblem("wrong_type", OUTSIDE)
    if real.is_dir() or path.suffix.lower() not in SUFFIXES:
        raise ParseProblem("wrong_type", WRONG_SUFFIX)
    if not real.is_file():
        raise ParseProblem("wrong_type", "Dette er ikke en vanlig fil.")
    return parsed.read(choose(read_limited(real, LARGEST), path.suffix.lower()), real)


def _source(name: str, document: Document) -> Source:
    title = LABEL.format(title=shown(document.title or Path(name).stem))
    return Source(
        id=source_id(name),
        title=title,
        publisher="",
        year=(document.date or "")[:4],
        url=None,
        kind="lokal",
        language=document.language or LANGUAGE,
        licence="",
        authority=Authority.LOCAL,
        confidence="V",
        description=shown(name),
        store=True,
    )
