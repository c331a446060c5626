"""Tables: where lines are drawn, by their grid; where none are, by cells that stand in line."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.parse.pdf_ink import Fragment, Rule, Sheet
from ingest.parse.pdf_lines import Cell, Line, lines_of

# Drawn lines that meet may miss each other by this much, in points.
SLACK = 4.0


@dataclass(frozen=True)
class Grid:
    """A drawn table: where its upright lines are from the left, its level ones from below."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def holds(self, fragment: Fragment) -> bool:
        """Tell whether text stands inside."""
        across = self.columns[0] - SLACK < fragment.x < self.columns[-1]
        return across and self.rows[0] < fragment.y + fragment.size / 3 < self.rows[-1]


def tables(sheet: Sheet) -> tuple[list[Line], list[Fragment]]:
    """Give the rows of the drawn tables, as lines, and the text outside them."""
    grids = list(_grids(sheet.rules))
    inside: dict[int, list[Fragment]] = defaultdict(list)
    outside: list[Fragment] = []
    for fragment in sheet.fragments:
        place = next((i for i, grid in enumerate(grids) if grid.holds(fragment)), None)
        (outside if place is None else inside[place]).append(fragment)
    rows = [row for place in inside for row in _rows(grids[place], inside[place])]
    return rows, outside


def _grids(rules: Iterable[Rule]) -> Iterable[Grid]:
    """Find groups of lines that touch and make at least two columns."""
    for group in _groups(rules):
        uprights = [rule for rule in group if not rule.level]
        columns = _places([rule.left for rule in uprights])
        levels = [rule for rule in group if rule.level and _ends_at(rule, columns)]
        rows = _places([rule.bottom for rule in levels])
        if len(columns) > 2 and len(rows) > 1:
            yield Grid(columns, rows)


def _groups(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Group lines whose surroundings overlap."""
    boxes: list[tuple[Rule, list[Rule]]] = []
    for rule in sorted(rules, key=lambda rule: -rule.top):
        box, members = rule, [rule]
        apart = []
        for other, others in boxes:
            if _touch(box, other):
                box, members = _around(box, other), others + members
            else:
                apart.append((other, others))
        boxes = [*apart, (box, members)]
    return [members for _, members in boxes]


def _touch(one: Rule, other: Rule) -> bool:
    """Tell whether two boxes overlap or nearly do."""
    across = one.left - SLACK < other.right and other.left - SLACK < one.right
    return across and one.bottom - SLACK < other.top and other.bottom - SLACK < one.top


def _around(one: Rule, other: Rule) -> Rule:
    """Give the box around two boxes."""
    return Rule(
        min(one.left, other.left),
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
    )


def _places(values: Sequence[float]) -> tuple[float, ...]:
    """Sort places, those nearer than the slack made one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > SLACK:
            places.append(value)
    return tuple(places)


def _ends_at(rule: Rule, columns: Sequence[float]) -> bool:
    """Tell a border from an underline: a border runs from one upright line to another."""
    return all(
        any(abs(end - column) <= SLACK for column in columns) for end in (rule.left, rule.right)
    )


def _rows(grid: Grid, fragments: Iterable[Fragment]) -> list[Line]:
    """Put text into the grid and give its rows, from the top downwards."""
    fields: dict[tuple[int, int], list[Fragment]] = defaultdict(list)
    for fragment in fragments:
        row = bisect_right(grid.rows, fragment.y + fragment.size / 3) - 1
        column = max(0, bisect_right(grid.columns, fragment.x + 1) - 1)
        fields[row, column].append(fragment)
    texts = {place: _field_text(pieces) for place, pieces in fields.items()}
    last = len(grid.columns) - 1
    found = []
    for row in sorted({row for row, _ in texts}, reverse=True):
        text = "\t".join(texts.get((row, column), "") for column in range(last))
        size = max(piece.size for place, pieces in fields.items() for piece in pieces)
        top = grid.rows[row + 1] - size
        cell = Cell(text.strip("\t"), grid.columns[0], grid.columns[-1], top, size, row=True)
        found.append(Line((cell,)))
    return [line for line in found if line.text.strip()]


def _field_text(pieces: Iterable[Fragment]) -> str:
    """Give the text of one field of a table on one line."""
    return " ".join(line.text for line in lines_of(pieces))


def aligned_rows(lines: Sequence[Line]) -> list[Line]:
    """Make table rows of lines, one below the other, whose cells begin at the same places."""
    found: list[Line] = []
    for place, line in enumerate(lines):
        neighbours = [*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]]
        if len(line.cells) > 1 and any(_in_line(line, other) for other in neighbours):
            first, last = line.cells[0], line.cells[-1]
            text = "\t".join(cell.text for cell in line.cells)
            line = Line((Cell(text, first.x, last.end, line.y, line.size, first.bold, row=True),))
        found.append(line)
    return found


def _in_line(line: Line, other: Line) -> bool:
    """Tell whether two lines share the place where a later cell begins."""
    places = [cell.x for cell in other.cells[1:]]
    return any(abs(cell.x - place) < SLACK for cell in line.cells[1:] for place in places)
