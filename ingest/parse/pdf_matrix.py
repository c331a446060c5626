"""Places on a page: the six numbers of a transformation (PDF 32000-1, 8.3.3) applied and joined."""

from collections.abc import Sequence

Matrix = Sequence[float]
Point = tuple[float, float]


def moved(matrix: Matrix, x: float, y: float) -> Point:
    """Apply a transformation matrix to a point."""
    return (
        matrix[0] * x + matrix[2] * y + matrix[4],
        matrix[1] * x + matrix[3] * y + matrix[5],
    )


def times(first: Matrix, second: Matrix) -> tuple[float, ...]:
    """Multiply two transformation matrices."""
    a, b, c, d, e, f = first
    return (
        a * second[0] + b * second[2],
        a * second[1] + b * second[3],
        c * second[0] + d * second[2],
        c * second[1] + d * second[3],
        e * second[0] + f * second[2] + second[4],
        e * second[1] + f * second[3] + second[5],
    )


def turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """Turn the page back by quarters, so that text runs from left to right."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]
