"""exit-assistent eval speed: medians of three on an otherwise idle machine; never part of a test."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from collections.abc import Callable, Mapping, Sequence

from assistant.answering import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from evals.cases import CaseFile
from evals.growth import time_growth
from evals.processes import (
    RUNS,
    build_index,
    first_answer,
    median_of,
    page_reachable,
    served_memory,
)
from evals.provenance import provenance
from evals.stages import Times, fresh, time_answers, time_crowd, time_routing

_LEAST = 200  # questions that the answer's p50 and p95 must rest on
_LIMITS = {
    "oppstart/første svar/sekunder": 15.0,
    "oppstart/siden svarer/sekunder": 5.0,
    "oppstart/indeksen bygges/sekunder": 20.0,
    "steg/svar/p50 ms": 60.0,
    "steg/svar/p95 ms": 150.0,
    "ruting/ruting, 500 tegn/p95 ms": 150.0,
    "ruting/ruting, 20000 tegn/p95 ms": 3000.0,
    "ruting/utløsere, 500 tegn/p95 ms": 5.0,
    "minne/siden, klar/høyest MB": 1800.0,
}


def print_speed(
    options: argparse.Namespace,
    settings: Settings,
    files: Sequence[CaseFile],
    opener: Callable[[], Assistant],
) -> int:
    """Time everything, print it, and return 1 only when `--gate` is given and a limit is broken."""
    assistant = opener()
    tables = _measured(assistant, settings, files, options.quick)
    made_with = {**provenance(assistant, settings, files, {"quick": options.quick}), **_machine()}
    broken = broken_limits(tables)
    if options.json:
        print(json.dumps({"settings": made_with, "tables": tables}, ensure_ascii=False, indent=1))
    else:
        print(text_of(tables))
        print(f"\nOver grensen: {', '.join(broken) or 'ingen'}. Maskin: {_machine()}")
    return 1 if options.gate and broken else 0


def _measured(
    assistant: Assistant, settings: Settings, files: Sequence[CaseFile], quick: bool
) -> dict[str, dict[str, Times]]:
    retriever = assistant.retriever
    if retriever is None:
        raise assistant.trouble or AssistantError("Søket er ikke åpnet.")
    questions = [case.turns[-1] for file in files for case in file.questions]
    harmless = [m.text for file in files for m in file.messages if not m.critical]
    if len(set(questions)) < _LEAST or not harmless:
        raise AssistantError(f"eval speed trenger {_LEAST} spørsmål og noen harmløse meldinger.")
    tables = {
        "steg": _median(lambda run: time_answers(assistant, retriever, fresh(questions, run))),
        "ruting": _median(lambda run: time_routing(assistant, fresh(harmless, run))),
        "mange samtidig": _median(lambda run: time_crowd(assistant, questions, run)),
    }
    if not quick:
        tables["oppstart"] = {
            "første svar": {"sekunder": median_of(lambda: first_answer(settings))},
            "siden svarer": {"sekunder": median_of(lambda: page_reachable(settings))},
            "indeksen bygges": {"sekunder": median_of(lambda: build_index(settings, retriever))},
        }
        tables["minne"] = {"siden, klar": served_memory(settings)}
        tables["vekst"] = _median(lambda run: time_growth(retriever, questions))
    return tables


def _median(call: Callable[[str], Mapping[str, Times]]) -> dict[str, Times]:
    """Return the median of three of every number; the call is told which run it is."""
    runs = [call(str(run)) for run in range(RUNS)]
    return {
        row: {name: statistics.median(run[row][name] for run in runs) for name in cells}
        for row, cells in runs[0].items()
    }


def broken_limits(tables: Mapping[str, Mapping[str, Times]]) -> list[str]:
    """Return the names of the limits that the numbers exceed."""
    return [
        name
        for name, limit in _LIMITS.items()
        if (value := _value(tables, name)) is not None and value > limit
    ]


def _value(tables: Mapping[str, Mapping[str, Times]], name: str) -> float | None:
    table, row, column = name.split("/")
    return tables.get(table, {}).get(row, {}).get(column)


def text_of(tables: Mapping[str, Mapping[str, Times]]) -> str:
    """Return the tables as printed, each limited number with its limit beside it."""
    lines = []
    for title, table in tables.items():
        lines.append(f"\n{title}")
        for row, cells in table.items():
            parts = [_cell(f"{title}/{row}/{name}", name, value) for name, value in cells.items()]
            lines.append(f"  {row:24} " + "  ".join(parts))
    return "\n".join(lines)


def _cell(path: str, name: str, value: float) -> str:
    limit = _LIMITS.get(path)
    bar = "" if limit is None else f" (≤ {limit:g} {'✓' if value <= limit else '✗'})"
    return f"{name} {value:g}{bar}"


def _machine() -> dict[str, object]:
    return {"machine": platform.machine(), "cores": os.cpu_count(), "system": platform.system()}
