"""Read the guide: its chapters as Markdown, verbatim, with the addresses and gaps of guide.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from ingest.parse.document import Block, Document, Section

RESTORED = "<!-- gjenopprettet -->"


def read_guide(folder: Path) -> Document:
    """Return the guide as one document, chapters in order; raise CorpusError naming file and line."""
    plan = read_toml(folder / "guide.toml")
    try:
        chapters = [(folder / chapter["file"], chapter.get("url")) for chapter in plan["chapter"]]
        furniture = set(plan.get("furniture", ()))
        language, date = str(plan["language"]), str(plan["date"])
    except (KeyError, TypeError) as error:
        raise CorpusError(folder / "guide.toml", f"mangler feltet {error}.") from error
    sections = [
        replace(section, url=url)
        for file, url in chapters
        for section in _sections(file, furniture)
    ]
    return Document("Veileder for exit-arbeid", language, date, tuple(sections))


def gaps(folder: Path) -> dict[str, str]:
    """Return what the guide's text lacks, keyed by the verbatim words beside the gap."""
    plan = read_toml(folder / "guide.toml")
    return {str(gap["quote"]): str(gap["missing"]) for gap in plan.get("gap", ())}


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of the corpus; raise CorpusError with the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(path, "fila mangler. Hent den fra kodelageret på nytt.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(path, "er ikke UTF-8. Lagre fila som UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise CorpusError(
            path, f"er ikke gyldig TOML: {error}", int(line[1]) if line else None
        ) from error


def _sections(file: Path, furniture: set[str]) -> list[Section]:
    headings: tuple[str, ...] = ()
    found: list[tuple[tuple[str, ...], list[Block]]] = []
    for number, line in enumerate(_lines(file), start=1):
        text = line.strip()
        if match := re.match(r"(#{1,4}) (.+)", text):
            title = match[2].replace(RESTORED, "").strip()
            headings = (*headings[: len(match[1]) - 1], title)
            found.append((headings, []))
        elif text and not found:
            raise CorpusError(
                file, "teksten begynner uten overskrift. Sett «# Kapittel» øverst.", number
            )
        elif text and text not in furniture:
            kind, body = ("item", text[2:]) if text.startswith("- ") else ("paragraph", text)
            found[-1][1].append(Block(kind, body))  # type: ignore[arg-type]  # one of two literals
    return [
        Section(tuple(h for h in path if h != "Veileder for exit-arbeid"), tuple(blocks))
        for path, blocks in found
        if blocks
    ]


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError(file, "kapittelet mangler. Hent fila fra kodelageret på nytt.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(file, "er ikke UTF-8. Lagre fila som UTF-8.") from error
