"""The §§ that have moved or been renumbered: what a question cites by its old place, and where it stands now."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.desk.act_names import act_url, names_of
from assistant.desk.references import readable
from assistant.errors import CorpusError
from assistant.language import fold

_YEAR = re.compile(r"\s(?:18|19|20)\d\d$")
_BETWEEN = (
    r"s?(?: av)?(?: fra)?(?: \(?(?P<year>(?:18|19|20)\d\d)\)?)?,?\s*(?:§+|paragraf\w*|section)?\s*"
)


@dataclass(frozen=True)
class Moved:
    """One § by its old place; `url` is the address of the § that took over, None where facts cannot pair them."""

    cited: str
    number: str  # folded, without spaces
    names: frozenset[str]  # folded names of the act it stood in
    pattern: re.Pattern[str]
    url: str | None

    def is_cited_by(self, title: str, url: str | None) -> bool:
        """Tell whether a § (its act's title or what it is cited as, its address) has the very name that has moved."""
        act = title.partition(" §")[0]
        return bool(self.names & names_of(act)) and (url or "").endswith(f"/§{self.number}")


def load_moved(file: Path) -> tuple[Moved, ...]:
    """Read the moves that have taken effect from statutes.toml; raise CorpusError for one that is not whole."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("moved", [])
        return tuple(_moved(row) for row in rows if row["since"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CorpusError(file, f"kan ikke leses ({error}).") from error


def moved_in(question: str, moves: Iterable[Moved]) -> Moved | None:
    """Return the first moved § that a question cites by its old act and number."""
    folded = readable(question)
    for move in moves:
        found = move.pattern.search(folded)
        # «straffeloven av 2005 § 139» is not the § 139 of 1902.
        if found and (not found.groupdict().get("year") or found["year"] in fold(move.cited)):
            return move
    return None


def _moved(row: dict[str, str]) -> Moved:
    act = _YEAR.sub("", re.split(r" § | kapittel ", row["cited"])[0])
    names = "|".join(re.escape(name) for name in sorted(names_of(act)))
    number = re.escape(fold(row["number"])).replace(r"\ ", r"\s*")
    place = f"/§{row['successor_number'].replace(' ', '')}" if row["successor_number"] else ""
    return Moved(
        row["cited"],
        fold(row["number"]).replace(" ", ""),
        frozenset(names_of(act)),
        re.compile(rf"(?<!\w)(?:{names}){_BETWEEN}{number}(?![\w-])(?! ?[a-h](?!\w)| ?i(?! ?\w))"),
        f"{act_url(row['successor'])}{place}" if place else None,
    )
