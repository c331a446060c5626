"""exit-assistent eval: score the assistant on written cases, print tables, store the numbers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.errors import SettingsError
from assistant.opening import shelf_of
from assistant.settings import Settings
from evals.answers import score_answers
from evals.cases import CaseFile, of_schema
from evals.conversations import score_conversations
from evals.figures import Section
from evals.library import open_library
from evals.numbers import as_json
from evals.options import USES, WHOLE
from evals.provenance import provenance
from evals.reading import read_cases
from evals.replies import Asker
from evals.report import write_report
from evals.retrieval import score_retrieval
from evals.routing import score_dialogues, score_messages
from evals.signals import router_of, signal_of
from evals.tables import text_of

DATA = Path(__file__).parent / "data"
Opener = Callable[[], Assistant]


def run(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Run one eval; return 1 only when `--gate` is given and a floor does not hold."""
    if options.signal != WHOLE and options.what not in ("routing", "dialogues"):
        raise SettingsError("--signal gjelder bare eval routing og eval dialogues.")
    if options.what == "speed":
        from evals.speed import print_speed

        return print_speed(options, settings, case_files("all", options.data), opener)
    files = case_files(options.what, options.data)
    assistant = opened(options, settings, opener)
    sections = score(options.what, files, assistant, settings, options.signal)
    switches = {
        "without_bank": options.without_bank,
        "signal": options.signal,
        "signal_missing": assistant.signal is None,
    }
    made_with = provenance(assistant, settings, files, switches)
    _output(options, sections, made_with)
    return 1 if options.gate and not all(part.floors_hold for part in sections) else 0


def case_files(what: str, given: Sequence[Path] | None) -> list[CaseFile]:
    """Read the files an eval uses; raise SettingsError when a given file is of no use to it."""
    files = [read_cases(path) for path in (given or sorted(DATA.glob("*.jsonl")))]
    if what == "all":
        wanted = files
    else:
        wanted = of_schema(files, *USES[what])
        useless = [file for file in files if file not in wanted]
        if given and useless:
            names = ", ".join(f"{file.path.name} ({file.schema})" for file in useless)
            raise SettingsError(f"eval {what} bruker ikke: {names}.")
    if not wanted:
        raise SettingsError(f"Fant ingen tilfeller for eval {what}. Bruk --data FIL.jsonl.")
    return wanted


def opened(options: argparse.Namespace, settings: Settings, opener: Opener) -> Assistant:
    """Return the assistant as the options want it: with one signal, or without the question bank."""
    if options.signal != WHOLE:
        return Assistant(shelf_of(settings), signal=signal_of(options.signal, settings))
    assistant = opener()
    if options.without_bank and assistant.retriever is not None:
        weights = assistant.retriever.weights
        assistant.retriever.weights = replace(weights, door=0.0, doors=0)
    return assistant


def score(
    what: str,
    files: Sequence[CaseFile],
    assistant: Assistant,
    settings: Settings,
    signal: str = WHOLE,
) -> list[Section]:
    """Return the sections that were asked for and that there are cases for."""
    router = router_of(signal, assistant.signal)
    asker = Asker(assistant, sum(len(file.questions) for file in files))
    index = assistant.retriever.index if assistant.retriever else None
    library = open_library(settings.corpus_dir, index)
    scorers: dict[str, Callable[[], Section]] = {
        "routing": lambda: score_messages(files, router, assistant.signal),
        "dialogues": lambda: score_dialogues(files, router, assistant.signal),
        "retrieval": lambda: score_retrieval(files, asker),
        "answers": lambda: score_answers(files, asker, library),
        "conversations": lambda: score_conversations(files, asker, library),
    }
    wanted = scorers if what == "all" else {what: scorers[what]}
    sections = [scorer() for name, scorer in wanted.items() if of_schema(files, *USES[name])]
    return [part for part in sections if part.records]


def _output(
    options: argparse.Namespace, sections: Sequence[Section], made_with: dict[str, Any]
) -> None:
    if options.save_baseline:
        from evals.baseline import save

        save(sections, made_with)
    if options.report:
        write_report(options.report, sections, made_with)
    if options.json:
        print(json.dumps(as_json(sections, made_with), ensure_ascii=False, indent=1))
    else:
        if made_with["options"]["signal_missing"]:
            print("Det lærte signalet mangler: alt som ikke utløses, får caution.")
        print("\n".join(text_of(part) for part in sections))
