"""Follows the drawing of one page and notes every piece of text, where it is and how wide."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, MutableSequence
from typing import Any

from ingest.parse.pdf_ink import Fragment, Rule
from ingest.parse.pdf_matrix import Matrix, times, turned
from ingest.parse.pdf_strokes import Strokes
from ingest.parse.pdf_widths import WORD_SPACE, Font, Shown, Widths

SHOWING = {b"Tj", b"TJ", b"'", b'"'}
STAND_STILL = ([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], b"cm")
# In thousandths: gaps between words in justified text were 140 to 370, kerning below 90.
WORD_GAP = 120.0
BOLD_NAMES = ("bold", "black", "heavy", "demi")
LEANING = 0.02


class Pen:
    """Visitors for pypdf's extraction of a single page."""

    def __init__(self) -> None:
        """Start on a clean page."""
        self.strokes = Strokes()
        self._fragments: list[tuple[int, Fragment]] = []
        self._widths: dict[int, Widths] = {}
        self._shown: list[Shown] = []
        self._spacing, self._word_spacing, self._stretch = 0.0, 0.0, 1.0
        self._saved: list[tuple[float, float, float]] = []
        self._last: tuple[tuple[float, ...], float] = ((), 0.0)

    def before(self, operator: bytes, operands: list[object], cm: Matrix, tm: Matrix) -> None:
        """Note an operator that shows text, sets spacing or draws."""
        numbers = [float(value) for value in operands if isinstance(value, (int, float))]
        if operator in SHOWING and operands:
            shown = operands[-1]
            pieces = shown if isinstance(shown, list) else [shown]
            self._shown += [
                piece for piece in pieces if isinstance(piece, (bytes, str, float, int))
            ]
        elif operator == b"Tc" and numbers:
            self._spacing = numbers[0]
        elif operator == b"Tw" and numbers:
            self._word_spacing = numbers[0]
        elif operator == b"Tz" and numbers:
            self._stretch = numbers[0] / 100
        elif operator == b"q":
            self._saved.append((self._spacing, self._word_spacing, self._stretch))
        elif operator == b"Q" and self._saved:
            self._spacing, self._word_spacing, self._stretch = self._saved.pop()
        else:
            self.strokes.draw(operator, numbers, cm)

    def text(self, text: str, cm: Matrix, tm: Matrix, font: Font | None, size: float) -> None:
        """Note a piece of text as pypdf gives it, with the line ends of its own left out."""
        shown, self._shown = self._shown, []
        text = text.replace("\n", "")
        if not text or not (shown or text.strip()):
            return
        matrix = times(tm, cm)
        along, up = math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3])
        widths = self._widths_of(font)
        way = widths.advance(shown, size, self._spacing, self._word_spacing)
        # Text shown twice without a move in between starts where the first piece ended.
        origin = tuple(round(value, 3) for value in matrix)
        start = self._last[1] if origin == self._last[0] else 0.0
        self._last = (origin, start + way * self._stretch)
        quarter = math.atan2(matrix[1], matrix[0]) / (math.pi / 2)
        if abs(quarter - round(quarter)) > LEANING:
            return
        turn = round(quarter) % 4
        x, y = turned(matrix[4], matrix[5], turn)
        fragment = Fragment(
            text, x + start * along, y, way * self._stretch * along, size * up, _is_bold(font)
        )
        self._fragments.append((turn, fragment))

    def fragments(self) -> tuple[Fragment, ...]:
        """Give the text that runs the way most of the page does; the rest is labels and stamps."""
        usual = self._usual_turn()
        return tuple(fragment for turn, fragment in self._fragments if turn == usual)

    def rules(self) -> tuple[Rule, ...]:
        """Give the drawn lines, turned like the text: pages on their side are read upright."""
        turn = self._usual_turn()
        corners = (
            (turned(rule.left, rule.bottom, turn), turned(rule.right, rule.top, turn))
            for rule in self.strokes.rules
        )
        return tuple(
            Rule(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            for (x1, y1), (x2, y2) in corners
        )

    def _usual_turn(self) -> int:
        """Find by how many quarters most of the text is turned."""
        letters: Counter[int] = Counter()
        for turn, fragment in self._fragments:
            letters[turn] += len(fragment.text)
        return letters.most_common(1)[0][0] if letters else 0

    def _widths_of(self, font: Font | None) -> Widths:
        """Read each font's table once."""
        key = id(font)
        if key not in self._widths:
            self._widths[key] = Widths(font or {})
        return self._widths[key]


def apart(operations: Iterable[tuple[Any, bytes]]) -> Iterator[tuple[Any, bytes]]:
    """Make pypdf report each shown piece by itself: it hands over its text at every `cm`.

    Where the pen jumps by a word's gap inside a piece, a space is put in.
    """
    for operands, operator in operations:
        if operator == b"TJ" and operands and isinstance(operands[0], MutableSequence):
            operands[0][:] = list(_spaced(operands[0]))
        yield operands, operator
        if operator in SHOWING:
            yield STAND_STILL


def _spaced(pieces: Iterable[Any]) -> Iterator[Any]:
    """Give strings and kerning numbers, with a space before a wide jump."""
    for piece in pieces:
        if isinstance(piece, (int, float)) and -piece >= WORD_GAP:
            yield WORD_SPACE
        yield piece


def _is_bold(font: Font | None) -> bool:
    """Judge by the font's name."""
    name = str((font or {}).get("/BaseFont", "")).lower()
    return any(part in name for part in BOLD_NAMES)
