"""How far text moves the pen, from the font's own table (PDF 32000-1, 9.2.4, 9.4.4 and 9.7.4.3)."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Resource(Protocol):
    """A PDF object that may stand for another."""

    def get_object(self) -> object:
        """Give the object it stands for."""


Font = Mapping[str, Resource]
Shown = bytes | str | float

# The reader puts this between words that are only apart on paper; the jump itself has the width.
WORD_SPACE = " "
MOST_CODES = 70_000
NARROW = frozenset("iljtfrI.,:;'|!()[]-/ ")
WIDE = frozenset("mwMWæÆ@%—")


class Widths:
    """The glyph widths of one font, in thousandths of the type size."""

    def __init__(self, font: Font) -> None:
        """Read the table; a font without one gets estimates from the letters themselves."""
        self.code_length = 2 if _name(font.get("/Subtype")) == "/Type0" else 1
        self.default = 0.0
        self.table: dict[int, float] = {}
        if self.code_length == 2:
            self._read_composite(font)
        else:
            self._read_simple(font)

    def _read_simple(self, font: Font) -> None:
        """Read /Widths, which counts from /FirstChar; Type 3 fonts have a scale of their own."""
        first = _number(_object(font.get("/FirstChar")))
        matrix = [_number(value) for value in _array(font.get("/FontMatrix"))]
        scale = 1000 * matrix[0] if matrix else 1.0
        for place, value in enumerate(_array(font.get("/Widths"))):
            self.table[int(first) + place] = _number(value) * scale

    def _read_composite(self, font: Font) -> None:
        """Read /W: `first [w w w]` or `first last w`, and /DW for all others."""
        descendants = _array(font.get("/DescendantFonts"))
        inner = _object(descendants[0]) if descendants else None
        if not isinstance(inner, Mapping):
            return
        self.default = _number(_object(inner.get("/DW"))) or 1000.0
        entries = [_object(entry) for entry in _array(inner.get("/W"))]
        place = 0
        while place + 1 < len(entries):
            first, second = int(_number(entries[place])), entries[place + 1]
            if isinstance(second, Sequence) and not isinstance(second, (str, bytes)):
                for offset, value in enumerate(second):
                    self.table[first + offset] = _number(_object(value))
                place += 2
            else:
                width = _number(entries[place + 2]) if place + 2 < len(entries) else 0.0
                if len(self.table) < MOST_CODES:
                    last = min(int(_number(second)), first + MOST_CODES)
                    self.table.update(dict.fromkeys(range(first, last + 1), width))
                place += 3

    def advance(self, shown: Sequence[Shown], size: float, spacing: float, words: float) -> float:
        """Give the pen's way over strings and kerning numbers, in text space units."""
        way = 0.0
        for piece in shown:
            if isinstance(piece, (int, float)):
                way -= piece / 1000 * size
            elif piece == WORD_SPACE:
                continue
            elif isinstance(piece, bytes) and self.table:
                codes = self._codes(piece)
                way += sum(self.table.get(code, self.default) for code in codes) / 1000 * size
                way += spacing * len(codes) + words * codes.count(32) * (self.code_length == 1)
            else:
                text = piece if isinstance(piece, str) else piece.decode("cp1252", "replace")
                way += estimated_width(text) * size + spacing * len(text)
        return way

    def _codes(self, piece: bytes) -> list[int]:
        """Cut bytes into character codes."""
        if self.code_length == 1:
            return list(piece)
        pairs = range(0, len(piece) - 1, 2)
        return [int.from_bytes(piece[place : place + 2], "big") for place in pairs]


def estimated_width(text: str) -> float:
    """Estimate the width of text, in type sizes, from the proportions of common book faces."""
    narrow = sum(letter in NARROW for letter in text)
    wide = sum(letter in WIDE or letter.isupper() for letter in text)
    return 0.3 * narrow + 0.72 * wide + 0.5 * (len(text) - narrow - wide)


def _object(value: object) -> object:
    """Follow a reference."""
    return value.get_object() if hasattr(value, "get_object") else value


def _array(value: object) -> list[object]:
    """Give an array's members; anything else has none."""
    found = _object(value)
    return list(found) if isinstance(found, Sequence) and not isinstance(found, str) else []


def _number(value: object) -> float:
    """Give a number; anything else counts as nought."""
    found = _object(value)
    return float(found) if isinstance(found, (int, float)) else 0.0


def _name(value: object) -> str:
    """Give a name as text."""
    return str(_object(value))
