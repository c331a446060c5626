"""The drawn lines of a page, which tell where the rows and columns of a table are."""

from collections.abc import Sequence

from ingest.parse.pdf_ink import Rule
from ingest.parse.pdf_matrix import Matrix, Point, moved

STROKED = {b"S", b"s", b"B", b"B*", b"b", b"b*"}
FILLED = {b"f", b"F", b"f*"}
THIN = 2.5
MOST_RULES = 4000


class Strokes:
    """Collects level and upright lines, and the edges of boxes, from path operators."""

    def __init__(self) -> None:
        """Start with nothing drawn."""
        self.rules: list[Rule] = []
        self._lines: list[Rule] = []
        self._bars: list[Rule] = []
        self._point: Point = (0.0, 0.0)

    def draw(self, operator: bytes, numbers: Sequence[float], cm: Matrix) -> None:
        """Take one path operator; what is painted becomes rules, what only clips does not."""
        if operator in {b"m", b"l"} and len(numbers) >= 2:
            point = moved(cm, numbers[0], numbers[1])
            if operator == b"l":
                self._add_line(self._point, point)
            self._point = point
        elif operator == b"re" and len(numbers) >= 4:
            left, bottom, width, height = numbers[:4]
            self._add_box(moved(cm, left, bottom), moved(cm, left + width, bottom + height))
        elif operator in STROKED | FILLED | {b"n"}:
            painted = self._bars + (self._lines if operator in STROKED else [])
            if operator != b"n" and len(self.rules) < MOST_RULES:
                self.rules.extend(painted)
            self._lines, self._bars = [], []

    def _add_line(self, start: Point, end: Point) -> None:
        """Keep a line that is level or upright."""
        (left, right), (bottom, top) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        if min(right - left, top - bottom) < THIN and len(self._lines) < MOST_RULES:
            self._lines.append(Rule(left, bottom, right, top))

    def _add_box(self, corner: Point, opposite: Point) -> None:
        """Keep a thin box as one line, and a wide one as its four edges."""
        left, right = sorted((corner[0], opposite[0]))
        bottom, top = sorted((corner[1], opposite[1]))
        if min(right - left, top - bottom) < THIN and len(self._bars) < MOST_RULES:
            self._bars.append(Rule(left, bottom, right, top))
            return
        for edge in ((left, bottom, right, bottom), (left, top, right, top)):
            self._add_line(edge[:2], edge[2:])
        for edge in ((left, bottom, left, top), (right, bottom, right, top)):
            self._add_line(edge[:2], edge[2:])
