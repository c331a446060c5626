"""What lies on a page of a PDF and where: positions in points, the origin at the lower left."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text on one baseline: `x` to `x + width`, baseline `y`, type size in points."""

    text: str
    x: float
    y: float
    width: float
    size: float
    bold: bool = False

    @property
    def end(self) -> float:
        """Give the right edge."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line, level or upright."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def level(self) -> bool:
        """Tell a level line from an upright one."""
        return self.right - self.left >= self.top - self.bottom


@dataclass(frozen=True)
class Sheet:
    """One page: its number from 1, what is on it, and whether it shows a picture."""

    number: int
    fragments: tuple[Fragment, ...]
    rules: tuple[Rule, ...] = ()
    pictured: bool = False


@dataclass(frozen=True)
class Bookmark:
    """An entry of the outline: level from 1, title as written there, page number from 1."""

    level: int
    title: str
    page: int


@dataclass(frozen=True)
class PdfFacts:
    """What a file says of itself; the title may be empty, the date is ISO."""

    title: str
    language: str | None
    date: str | None
    bookmarks: tuple[Bookmark, ...]
