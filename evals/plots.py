"""Plots as inline SVG: nothing is fetched, and every bar and dot has its number in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_LABEL, _WIDTH, _ROW = 300, 760, 24  # pixels
_PLOT = _WIDTH - _LABEL - 90


@dataclass(frozen=True)
class Bar:
    """One line of a plot: a share with its interval, the bars it is held to, and what was before."""

    label: str
    value: float
    text: str
    interval: tuple[float, float] | None = None
    floor: float | None = None
    aim: float | None = None
    before: float | None = None
    ok: bool | None = None


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Return horizontal bars from 0 to 1 with interval, floor (line), aim (dashes), before (ring)."""
    height = _ROW * len(rows) + 30
    body = "".join(_bar(bar, 8 + _ROW * n) for n, bar in enumerate(rows))
    axis = "".join(_tick(share / 4, height) for share in range(5))
    return _svg(title, height, axis + body)


def histogram(title: str, groups: Mapping[str, Sequence[float]], bins: int = 20) -> str:
    """Return one small histogram a group, all on the same axis from the least to the largest."""
    values = [value for group in groups.values() for value in group]
    if not values:
        return ""
    low, high = min(values), max(values)
    step = (high - low) / bins or 1.0
    body = ""
    for n, (name, group) in enumerate(groups.items()):
        counts = [0] * bins
        for value in group:
            counts[min(bins - 1, int((value - low) / step))] += 1
        body += _columns(f"{name} ({len(group)})", counts, 10 + 70 * n)
    bottom = 70 * len(groups) + 26
    body += _text(_LABEL, bottom, f"{low:.3g}") + _text(
        _LABEL + _PLOT, bottom, f"{high:.3g}", "end"
    )
    return _svg(title, bottom + 10, body)


def _bar(bar: Bar, top: int) -> str:
    middle, kind = top + 8, {True: "good", False: "bad", None: "plain"}[bar.ok]
    parts = [_text(_LABEL - 8, middle + 4, bar.label, "end")]
    parts.append(
        f'<rect class="{kind}" x="{_LABEL}" y="{top}" width="{_x(bar.value) - _LABEL:.1f}" height="16"/>'
    )
    if bar.interval:
        low, high = (_x(end) for end in bar.interval)
        parts.append(f'<path class="span" d="M{low:.1f} {middle}H{high:.1f}"/>')
    for name, at in (("floor", bar.floor), ("aim", bar.aim)):
        if at is not None:
            parts.append(f'<path class="{name}" d="M{_x(at):.1f} {top - 3}V{top + 19}"/>')
    if bar.before is not None:
        parts.append(f'<circle class="before" cx="{_x(bar.before):.1f}" cy="{middle}" r="5"/>')
    parts.append(_text(_LABEL + _PLOT + 8, middle + 4, bar.text))
    return "".join(parts)


def _columns(name: str, counts: Sequence[int], top: int) -> str:
    most, wide = max(counts) or 1, _PLOT / len(counts)
    parts = [_text(_LABEL - 8, top + 40, name, "end")]
    for n, count in enumerate(counts):
        tall = 50 * count / most
        x, y = _LABEL + n * wide, top + 50 - tall
        parts.append(
            f'<rect class="plain" x="{x:.1f}" y="{y:.1f}" width="{wide - 1:.1f}" height="{tall:.1f}">'
            f"<title>{count}</title></rect>"
        )
    return "".join(parts)


def _tick(share: float, height: int) -> str:
    line = f'<path class="axis" d="M{_x(share):.1f} 2V{height - 20}"/>'
    return line + _text(
        round(_x(share)), height - 6, f"{share:.2f}".rstrip("0").rstrip("."), "middle"
    )


def _x(share: float) -> float:
    inside = 0.0 if math.isnan(share) else min(1.0, max(0.0, share))
    return _LABEL + _PLOT * inside


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, height: int, body: str) -> str:
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg {size} role="img" aria-label="{escape(title)}">{body}</svg></figure>'
    )
