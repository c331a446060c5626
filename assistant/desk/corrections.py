"""What has overtaken the guide's words since 2020: notes shown under a quote, never instead of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.domain import Language, Text
from assistant.errors import CorpusError
from assistant.language import collapse


@dataclass(frozen=True)
class Correction:
    """A note that belongs to some words of the guide."""

    quote: str
    text: Text
    confidence: str
    url: str | None = None


def load_corrections(file: Path) -> tuple[Correction, ...]:
    """Read corpus/corrections.toml; raise CorpusError when a note lacks a language."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("correction", [])
        return tuple(
            Correction(
                collapse(row["quote"]),
                {"nb": row["nb"], "nn": row["nn"], "en": row["en"]},
                row["confidence"],
                row.get("url"),
            )
            for row in rows
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CorpusError(file, f"kan ikke leses ({error}).") from error


def load_gaps(file: Path) -> dict[str, Text]:
    """Read what the guide's text lacks in the reader's language, keyed by the verbatim words beside the gap."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("gap", [])
        return {
            str(row["quote"]): {
                "nb": row["missing"],
                "nn": row["missing_nn"],
                "en": row["missing_en"],
            }
            for row in rows
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CorpusError(file, f"kan ikke leses ({error}).") from error


def overtaken(quotes: Iterable[str], corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return the corrections that belong to the quotes, each once."""
    texts = [collapse(quote) for quote in quotes]
    return tuple(c for c in corrections if any(c.quote in text for text in texts))


def notes_for(
    quotes: Iterable[str], corrections: Iterable[Correction], language: Language
) -> tuple[str, ...]:
    """Return the notes that belong to the quotes, each once, with the address where there is one."""
    notes = [
        f"{c.text[language]} {c.url}" if c.url else c.text[language]
        for c in overtaken(quotes, corrections)
    ]
    return tuple(dict.fromkeys(notes))
