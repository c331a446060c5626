"""One line of a case file, read with checks: what is wrong is said with file, line and key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import CorpusError


class Row:
    """The keys of one JSON line, and where the line stands."""

    def __init__(self, file: Path, line: int, text: str) -> None:
        """Parse the line; raise CorpusError if it is not a JSON object."""
        self.file, self.line = file, line
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise self.wrong(f"linja er ikke gyldig JSON ({error}).") from error
        if not isinstance(values, dict):
            raise self.wrong("linja må være et JSON-objekt med nøkler.")
        self.values: Mapping[str, object] = values

    def wrong(self, what: str) -> CorpusError:
        """Return the error that names this line."""
        return CorpusError(self.file, what, self.line)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; a missing key is an error unless there is a default."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(f"nøkkelen «{key}» må være en tekst.")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise self.wrong(f"nøkkelen «{key}» må være true eller false.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; a missing key is an empty list."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.wrong(f"nøkkelen «{key}» må være ei liste med tekster.")
        return tuple(value)

    def text_lists(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of lists of strings, none of them empty; a missing key is an empty list."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(_is_choice(choice) for choice in value):
            raise self.wrong(f"nøkkelen «{key}» må være ei liste med lister av tekster.")
        return tuple(tuple(choice) for choice in value)

    def inner(self, key: str) -> tuple[Row, ...]:
        """Return a list of objects, each as a row of the same line."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            raise self.wrong(f"nøkkelen «{key}» må være ei liste som ikke er tom.")
        return tuple(Row(self.file, self.line, json.dumps(item)) for item in value)


def _is_choice(choice: object) -> bool:
    return (
        isinstance(choice, list) and bool(choice) and all(isinstance(v, str) and v for v in choice)
    )
