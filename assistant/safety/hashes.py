"""Checksums of the guidance texts: a text that was altered since somebody read it is noticed. Standard library only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from assistant.domain import Guidance
from assistant.errors import GuidanceError, StorageError
from assistant.safety.guidance_file import LANGUAGES, read_all, sha256

HASH_FILE = "HASHES"
_HASH_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_HASH_HEAD = "# Checksums of titles, texts and contacts. Renew with renew_hashes: see README.md.\n"


def whole_hash(guidance: Guidance) -> str:
    """Return one hash over what a reader is shown: titles, texts and contacts in every language."""
    shown: list[object] = [guidance.id, *guidance.categories]
    for language in LANGUAGES:
        shown += [guidance.title[language], guidance.text[language]]
        shown += [
            [c.id, c.name, c.phone, c.hours, c.source, c.checked, c.confidence]
            for c in guidance.contacts[language]
        ]
    return sha256(json.dumps(shown, ensure_ascii=False))


def renew_hashes(folder: Path) -> None:
    """Write the list of checksums anew, after someone has read the change.

    Raises GuidanceError for a text that does not pass the checks, StorageError when the list cannot be written.
    """
    lines = [f"{whole_hash(guidance)}  {guidance.id}\n" for guidance in read_all(folder)]
    write_whole(folder / HASH_FILE, _HASH_HEAD + "".join(lines))


def compare(path: Path, guidances: Iterable[Guidance], *, required: bool = False) -> None:
    """Raise GuidanceError if a text was altered, added or lost since the list was made.

    Another municipality's texts may have no list; with `required` that is a fault too.
    """
    if not path.is_file():
        if required:
            raise GuidanceError(path, "lista over sjekksummer mangler. Hent mappa på nytt.")
        return
    listed = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GuidanceError(path, f"kan ikke leses ({error}). Forny lista.") from error
    for number, line in enumerate(lines, start=1):
        match = _HASH_LINE.fullmatch(line)
        if match:
            listed[match[2]] = match[1]
        elif line and not line.startswith("#"):
            raise GuidanceError(path, "skal ha sjekksum, to mellomrom og id. Forny lista.", number)
    found = {guidance.id: whole_hash(guidance) for guidance in guidances}
    odd = sorted(g for g in {*listed, *found} if listed.get(g) != found.get(g))
    if odd:
        raise GuidanceError(
            path,
            f"disse tekstene er endret, lagt til eller borte siden lista ble laget: {', '.join(odd)}. "
            "Hent dem på nytt, eller les endringen og forny lista (README.md i mappa sier hvordan).",
        )


def write_whole(path: Path, text: str) -> None:
    """Write a file beside the old one and swap them, so that no reader sees half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".ny")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise StorageError(f"Får ikke skrevet {path} ({error.strerror}).") from error
