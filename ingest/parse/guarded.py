"""Parsers run in a process of their own, so that a file that hangs or swells takes nothing down."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from ingest.parse.act import Act
from ingest.parse.chooser import Kind
from ingest.parse.document import Document, ParseProblem
from ingest.parse.wire import unpacked

SECONDS = 120.0
ROOT = Path(__file__).parents[2]


def read_guarded(kind: Kind, path: Path, seconds: float = SECONDS) -> Document:
    """Read a file in a child process; raises ParseProblem, `timeout` after so many seconds.

    The child may use 2 GiB of memory where the system can hold it to that (Linux).
    """
    found = _run([kind, str(path.resolve())], seconds)
    if isinstance(found, Act):
        raise ParseProblem("wrong_type")
    return found


def read_act_guarded(path: Path, today: date, seconds: float = SECONDS) -> Act:
    """Read an act, raw (`.xml`) or as Markdown (`.md`), in a child process; raises ParseProblem."""
    kind = "act_markdown" if path.suffix == ".md" else "act"
    found = _run([kind, str(path.resolve()), today.isoformat()], seconds)
    if isinstance(found, Document):
        raise ParseProblem("wrong_type")
    return found


def _run(arguments: list[str], seconds: float) -> Document | Act:
    """Start the child, wait, and read its answer."""
    command = [sys.executable, "-m", "ingest.parse.child", *arguments]
    try:
        # The child is found by its folder; stderr is the libraries' chatter about odd files.
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ParseProblem("timeout") from error
    try:
        return unpacked(done.stdout)
    except (ValueError, TypeError, KeyError) as error:
        # The child died without an answer.
        raise ParseProblem("damaged") from error
