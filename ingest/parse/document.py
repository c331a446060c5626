"""What every parser returns, and the one way a parser says no."""

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "item", "table_row", "footnote"]
ProblemCode = Literal[
    "encrypted",
    "damaged",
    "empty",
    "scanned",
    "unreadable",
    "too_large",
    "wrong_type",
    "too_many_pages",
    "timeout",
    "malformed",
]

ADVICE: dict[ProblemCode, str] = {
    "encrypted": "Filen er låst med passord. Be avsenderen om en utgave uten passord.",
    "damaged": "Filen er skadet eller ufullstendig. Last den ned på nytt fra kilden.",
    "empty": "Fant ingen tekst å lese. Kontroller at filen eller adressen er den rette.",
    "scanned": (
        "Filen er bilder av sider, uten tekst. Kjør tekstgjenkjenning (OCR) på den, "
        "eller finn en utgave med tekst."
    ),
    "unreadable": (
        "Bokstavene i filen kan ikke gjøres om til tekst. Finn en annen utgave, "
        "eller kjør tekstgjenkjenning (OCR) på den."
    ),
    "too_large": "Filen er for stor eller pakker ut til for mye. Del den i mindre filer.",
    "wrong_type": "Innholdet stemmer ikke med filtypen. Kontroller adressen og filnavnet.",
    "too_many_pages": "Filen har for mange sider. Del den i mindre filer.",
    "timeout": "Filen tok for lang tid å lese. Del den opp, eller finn en annen utgave.",
    "malformed": "Filen følger ikke formatet sitt. Hent den på nytt, eller lagre den på nytt.",
}


@dataclass(frozen=True)
class Block:
    """One piece of running text; cells of a table row are divided by a tab, lines by a newline."""

    kind: BlockKind
    text: str
    page: int | None = None


@dataclass(frozen=True)
class Section:
    """The text under one heading; `headings` is the path to it, without the document's title."""

    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    anchor: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Document:
    """A file as text: `language` as declared (nb, nn, en), `date` ISO, `notes` for readers."""

    title: str
    language: str | None
    date: str | None
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


class ParseProblem(Exception):
    """A file that cannot be used: `code` for programs, `advice` in bokmål for people."""

    def __init__(self, code: ProblemCode, advice: str | None = None) -> None:
        """Take the usual advice for the code unless a better one is at hand."""
        self.code: ProblemCode = code
        self.advice: str = advice or ADVICE[code]
        super().__init__(f"{code}: {self.advice}")


def declared_language(code: str | None) -> str | None:
    """Reduce a language tag to nb, nn or en; `no` means bokmål, other languages are kept as is."""
    primary = (code or "").strip().lower().replace("_", "-").split("-")[0]
    return {"no": "nb", "nor": "nb", "nob": "nb", "nno": "nn", "eng": "en"}.get(
        primary, primary
    ) or None
