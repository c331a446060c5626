"""The figures as Norwegian tables for the terminal, with the misses listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from assistant.language import collapse
from evals.figures import FEW, Figure, Section, Slice
from evals.hardest import lines_of

_TEXT = 200  # characters of a missed case
_WIDTH = 50
_HEADINGS = {
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr": "MRR",
    "safe": "trygg",
    "escalate": "escal.",
    "hard": "hard",
    "soft": "myk",
    "category": "kateg.",
    "in_time": "i tide",
    "right": "rett",
    "lead": "først",
    "all_cited": "alle",
    "length": "lengde",
    "verbatim": "ordr.",
    "off_topic": "utenfor",
    "near_topic": "nær",
    "false_premise": "premiss",
    "over_refusal": "avvist",
    "wrong_stance": "stance",
    "stopped": "stoppet",
    "real_escalate": "ekte e",
    "real_caution": "ekte c",
}


def text_of(section: Section) -> str:
    """Return a section's tables and misses as they are printed."""
    lines = [f"\n{section.title} ({len(section.records)} tilfeller)", "=" * 78]
    lines += [f"{'':{_WIDTH}} verdi  antall      95 %-intervall  gulv   mål"]
    lines += [_line(figure) for figure in section.figures if figure.total]
    for by in dict.fromkeys(part.by for part in section.slices):
        lines += _slices(by, [part for part in section.slices if part.by == by])
    for name, table in section.tables.items():
        lines += _counts(name, table)
    lines += _misses(section)
    lines += lines_of(section)
    return "\n".join(lines)


def mark(figure: Figure) -> str:
    """Return whether the floor and the aim hold: ✗ below the floor, ✓ floor, ★ aim."""
    if figure.holds is False:
        return "✗"
    if figure.holds and figure.at_aim:
        return "★"
    return "✓" if figure.holds else " "


def counted_of(figure: Figure) -> str:
    """Return hits and cases, such as 19/20; a median has cases only."""
    return str(figure.total) if figure.hits is None else f"{figure.hits:.4g}/{figure.total}"


def label(key: str) -> str:
    """Return the short column heading of a measure."""
    return _HEADINGS.get(key, key)


def _line(figure: Figure) -> str:
    measure = figure.measure
    low, high = figure.interval or (0.0, 0.0)
    counted = counted_of(figure)
    between = f"{low:.3f}–{high:.3f}" if figure.interval else ""
    bars = f"{_bar(figure.floor, measure.at_most):>6} {_bar(measure.aim, measure.at_most):>6}"
    value = f"{figure.value:.3f}"
    return f"{measure.label:{_WIDTH}} {value} {counted:>9} {between:>15} {bars} {mark(figure)}"


def _bar(bar: float | None, at_most: bool) -> str:
    return "" if bar is None else f"{'≤' if at_most else ''}{bar:g}"


def _slices(by: str, parts: list[Slice]) -> Iterator[str]:
    """Yield one table, a line a slice; under 25 cases as counts, with the interval below."""
    if len(parts) < 2 and by != "språk":
        return
    measures = {figure.measure.key for part in parts for figure in part.figures}
    keys = [key for key in _HEADINGS if key in measures]
    yield f"\nEtter {by}"
    yield f"{'':24}{'':>5} " + "".join(f"{label(key):>9}" for key in keys)
    for part in parts:
        cells = {figure.measure.key: _cell(figure) for figure in part.figures}
        yield f"{part.name[:40]:24}{part.cases:>5} " + "".join(
            f"{cells.get(key, ''):>9}" for key in keys
        )
    if any(figure.total < FEW for part in parts for figure in part.figures):
        yield "\n".join(_intervals(parts))


def _cell(figure: Figure) -> str:
    if figure.hits is None:
        return f"{figure.value:g}{mark(figure)}"
    if figure.total < FEW:
        return f"{counted_of(figure)} "
    return f"{figure.value:.3f}{mark(figure)}"


def _intervals(parts: Iterable[Slice]) -> Iterator[str]:
    """Yield the 95 % interval of the first figure of every slice that is too small to judge."""
    for part in parts:
        small = [f for f in part.figures if f.interval and f.total < FEW][:1]
        for figure in small:
            low, high = figure.interval or (0.0, 1.0)
            where = f"{part.name}, {label(figure.measure.key)}"
            yield f"  få tilfeller: {where} {counted_of(figure)}, {low:.2f}–{high:.2f}"


def _counts(name: str, table: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    if not table:
        return
    yield f"\nTabell: {name}"
    for row, cells in table.items():
        ordered = sorted(cells.items(), key=lambda cell: -cell[1])
        yield f"  {row:40} " + ", ".join(f"{column} {value:.4g}" for column, value in ordered)


def _misses(section: Section) -> Iterator[str]:
    misses = section.misses
    yield f"\nBommer ({len(misses)})"
    for record, measures in misses:
        keys = ", ".join(label(measure.key) for measure in measures)
        where = " ".join(name for by in ("språk", "stil") for name in record.tags.get(by, ()))
        yield f"- {record.id} [{keys}] {where}: «{shortened(record.text)}»"
        yield f"    ventet: {shortened(record.expected)}"
        yield f"    fikk:   {shortened(record.got)}"


def shortened(text: str) -> str:
    """Return a text on one line, at most 200 characters."""
    text = collapse(text)
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"
