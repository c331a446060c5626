"""The report: one HTML page that needs nothing from another host, and the numbers as JSON beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from html import escape
from pathlib import Path
from typing import Any

from evals.baseline import load
from evals.figures import Figure, Record, Section, Slice
from evals.hardest import hardest
from evals.numbers import as_json
from evals.plots import Bar, bars, histogram
from evals.tables import counted_of, label, mark, shortened

_STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
_LEADING = {
    "routing": ("safe", "escalate", "hard", "soft"),
    "dialogues": ("safe", "hard", "soft"),
    "retrieval": ("recall@1", "recall@5"),
    "answers": ("right", "recall@5", "lead"),
    "conversations": ("right", "recall@5"),
}


def write_report(folder: Path, sections: Sequence[Section], made_with: Mapping[str, Any]) -> None:
    """Write rapport.html and rapport.json into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = json.dumps(as_json(sections, made_with), ensure_ascii=False, indent=1)
    (folder / "rapport.json").write_text(numbers + "\n", encoding="utf-8")
    (folder / "rapport.html").write_text(page(sections, made_with, load()), encoding="utf-8")


def page(
    sections: Sequence[Section], made_with: Mapping[str, Any], baseline: Mapping[str, Any]
) -> str:
    """Return the whole page; `baseline` is what the figures are set beside."""
    parts = [f"<h1>Måling av exit-assistenten</h1><p>{escape(made_with['date'])}</p>", _LEGEND]
    for part in sections:
        before = baseline["sections"].get(part.name, {}).get("figures", {})
        parts += _section(part, before)
    settings = escape(json.dumps(made_with, ensure_ascii=False, indent=1))
    parts.append(f"<h2>Innstillinger</h2><pre>{settings}</pre>")
    body = "\n".join(parts)
    return (
        '<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Måling</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


_LEGEND = (
    "<p>Søylen er verdien, den tynne streken er 95 %-intervallet, den hele streken gulvet, den "
    "stiplede målet, og ringen basislinja. ✗ under gulvet, ✓ over gulvet, ★ målet er nådd. "
    "Skiver med under 25 tilfeller står som antall, og gulv bedømmes ikke der.</p>"
)


def _section(part: Section, before: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>{escape(part.title)}</h2><p>{len(part.records)} tilfeller.</p>"
    shown = [figure for figure in part.figures if figure.total and figure.interval]
    yield bars("Mot gulv, mål og basislinje", [_overall(f, before) for f in shown])
    yield _figures(part.figures, before)
    for by in dict.fromkeys(piece.by for piece in part.slices):
        pieces = [piece for piece in part.slices if piece.by == by]
        if len(pieces) > 1:
            yield from _by(part.name, by, pieces)
    for name in ("beste treff", "millis"):
        yield histogram(f"Fordeling: {name}", _groups(part.records, name))
    yield _misses(part)
    yield _hardest(part)


def _overall(figure: Figure, before: Mapping[str, Any]) -> Bar:
    old = before.get(figure.measure.key)
    return Bar(
        figure.measure.label,
        figure.value,
        f"{figure.value:.3f} {mark(figure)}",
        figure.interval,
        figure.floor,
        figure.measure.aim,
        old["value"] if old else None,
        figure.holds,
    )


def _figures(figures: Sequence[Figure], before: Mapping[str, Any]) -> str:
    rows = []
    for figure in figures:
        old = before.get(figure.measure.key, {}).get("value")
        cells = (
            figure.measure.label,
            f"{figure.value:.3f} {mark(figure)}",
            counted_of(figure),
            "" if figure.interval is None else "{:.3f}–{:.3f}".format(*figure.interval),
            "" if figure.floor is None else f"{'≤ ' * figure.measure.at_most}{figure.floor:g}",
            "" if figure.measure.aim is None else f"{figure.measure.aim:g}",
            "" if old is None else f"{old:.3f}",
        )
        rows += [_row(cells)] if figure.total else []
    heads = ("Tall", "Verdi", "Antall", "95 %", "Gulv", "Mål", "Basislinje")
    return f"<table><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr>{''.join(rows)}</table>"


def _row(cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}</tr>"


def _by(section: str, by: str, pieces: Sequence[Slice]) -> Iterator[str]:
    for key in _LEADING[section]:
        found = [(p, f) for p in pieces for f in p.figures if f.measure.key == key]
        rows = [
            Bar(p.name, f.value, f"{counted_of(f)} {mark(f)}", f.interval, f.floor, ok=f.holds)
            for p, f in found
        ]
        if rows:
            yield bars(f"{found[0][1].measure.label}, etter {by}", rows)


def _groups(records: Sequence[Record], name: str) -> dict[str, list[float]]:
    """Return a number's values, apart for the cases that went right and those that did not."""
    groups: dict[str, list[float]] = {}
    for record in records:
        if name in record.numbers:
            kind = (record.tags.get("slag") or ("alle",))[0]
            right = {1.0: ", rett", 0.0: ", galt"}.get(record.scores.get("right", -1.0), "")
            groups.setdefault(kind + right, []).append(record.numbers[name])
    return dict(sorted(groups.items()))


def _misses(part: Section) -> str:
    rows = [
        _row(
            (
                r.id,
                ", ".join(label(m.key) for m in measures),
                *map(shortened, (r.text, r.expected, r.got)),
            )
        )
        for r, measures in part.misses
    ]
    return _folded("Bommer", ("Id", "Bom", "Tekst", "Ventet", "Fikk"), rows)


def _hardest(part: Section) -> str:
    rows = [_row(astuple(hard)) for hard in hardest(part)]
    heads = ("Sannsynlighet", "Id", "Fil", "Ventet", "Fikk", "Tekst")
    return _folded("De vanskeligste", heads, rows) if rows else ""


def _folded(title: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    cells = "".join(f"<th>{head}</th>" for head in heads)
    return (
        f"<details><summary>{title} ({len(rows)})</summary>"
        f"<table><tr>{cells}</tr>{''.join(rows)}</table></details>"
    )
