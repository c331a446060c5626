"""What the two training commands share: their options, and the settings they write beside an adapter."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ingest.tuning.lora import SHARP


def parser(epochs: int) -> argparse.ArgumentParser:
    """Return a parser of the options that both commands take."""
    options = argparse.ArgumentParser()
    options.add_argument("out", type=Path)
    options.add_argument("--corpus", type=Path, default=Path("corpus"))
    options.add_argument("--weights", type=Path, required=True)
    options.add_argument("--without", nargs="*", default=[], help="authors to leave out")
    options.add_argument("--epochs", type=int, default=epochs)
    options.add_argument("--rate", type=float, default=8e-4)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--onward", type=Path, help="folder of an adapter to go on from")
    options.add_argument(
        "--rehearsed",
        type=float,
        default=0.4,
        help="share of what that adapter has seen that is looked at again in an epoch",
    )
    return options


def write_settings(folder: Path, module: str, settings: dict[str, Any]) -> None:
    """Write what an adapter was trained on and the command that trained it, beside the adapter."""
    told = {"command": " ".join([f"python -m {module}", *sys.argv[1:]]), "sharp": SHARP, **settings}
    (folder / "settings.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
