"""The options of `exit-assistent eval`; light enough to be read at every start of the command."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from evals.cases import Schema

USES: dict[str, tuple[Schema, ...]] = {
    "routing": ("routing", "questions", "conversations"),
    "dialogues": ("dialogues",),
    "retrieval": ("questions", "conversations"),
    "answers": ("questions",),
    "conversations": ("conversations",),
}

WHOLE = "all"  # the front door as the product has it
SIGNALS = ("triggers", "regression", "tuned", WHOLE)


def add_arguments(parser: argparse.ArgumentParser, run: Callable[..., int]) -> None:
    """Declare the options, and what runs when they have been read."""
    parser.set_defaults(run=run)
    names = [*USES, "speed", "all"]
    parser.add_argument("what", metavar="HVA", choices=names, help=", ".join(names))
    parser.add_argument(
        "--data",
        nargs="+",
        action="extend",
        type=Path,
        metavar="FIL.jsonl",
        help="filer med tilfeller (ellers de egne i evals/data)",
    )
    parser.add_argument("--report", type=Path, metavar="MAPPE", help=_REPORT)
    parser.add_argument("--signal", choices=SIGNALS, default=WHOLE, help=_SIGNAL)
    parser.add_argument(
        "--triggers-only",  # what `--signal triggers` was called before
        action="store_const",
        dest="signal",
        const="triggers",
        help=argparse.SUPPRESS,
    )
    for name, text in _SWITCHES.items():
        parser.add_argument(f"--{name}", action="store_true", help=text)


_REPORT = "skriv rapport.html og rapport.json i mappa"
_SIGNAL = (
    "routing og dialogues: utløserne alene (triggers), utløserne og reservesignalet (regression), "
    "det tilpassede signalet uten utløsere (tuned), eller som i bruk (all, ellers)"
)
_SWITCHES = {
    "json": "skriv alle tall og tilfeller som JSON",
    "without-bank": "søk uten spørsmålsbanken",
    "gate": "avslutt med 1 når et gulv ikke holder",
    "save-baseline": "lagre tallene i evals/baseline.json",
    "quick": "speed: uten prosessstart, bygging og vekst",
}
