"""Time what takes a process of its own: the first answer, the page, and building the index."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assistant.archive.retrieval import Retriever
from assistant.errors import AssistantError
from assistant.settings import Settings
from evals.stages import memory
from ingest.corpus import ingest

RUNS = 3
_WAIT = 120.0  # seconds before a process is given up
_QUESTION = "Hva er telefonnummeret til RVTS Øst?"


def median_of(call: Callable[[], float]) -> float:
    """Return the median of three, in seconds."""
    return round(statistics.median(call() for _ in range(RUNS)), 2)


def first_answer(settings: Settings) -> float:
    """Return the seconds from process start to the first answer, index and weights in place."""
    started = time.perf_counter()
    run = subprocess.run(
        [*_COMMAND, "ask", _QUESTION, "--json"],
        env=_environment(settings),
        capture_output=True,
        timeout=_WAIT,
        check=False,
    )
    if run.returncode:
        raise AssistantError(f"«ask» gikk ikke: {run.stderr.decode(errors='replace')[-300:]}")
    return time.perf_counter() - started


def page_reachable(settings: Settings) -> float:
    """Return the seconds from process start until the page answers 200 on loopback."""
    port = _free_port()
    command = [*_COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=_environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - started < _WAIT and process.poll() is None:
            if _answers(port):
                return time.perf_counter() - started
            time.sleep(0.05)
        raise AssistantError(f"Siden svarte ikke innen {_WAIT:g} sekunder.")
    finally:
        process.terminate()
        process.wait(10)


def served_memory(settings: Settings) -> Mapping[str, float]:
    """Return the resident memory and its peak, in MB, of a page whose whole office is open.

    A process of its own: the one that measures holds thousands of timed answers. Empty where /proc is not.
    """
    port = _free_port()
    command = [*_COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        command, env=_environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        started = time.perf_counter()
        while not _answers(port, "/health/ready"):
            if process.poll() is not None or time.perf_counter() - started > _WAIT:
                raise AssistantError(f"Siden ble ikke klar innen {_WAIT:g} sekunder.")
            time.sleep(0.2)
        return memory(Path(f"/proc/{process.pid}/status"))
    finally:
        process.terminate()
        process.wait(10)


def build_index(settings: Settings, retriever: Retriever) -> float:
    """Return the seconds an ingest takes into an empty data folder, with the weights loaded."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = replace(settings, data_dir=Path(folder), chroma_url=None)
        fresh.weights_dir.symlink_to(settings.weights_dir, target_is_directory=True)
        started = time.perf_counter()
        # The embedder of the running assistant is the one that ingest would load itself.
        ingest(fresh, retriever.embedder, _say_nothing)  # type: ignore[arg-type]
        return time.perf_counter() - started


_COMMAND = (sys.executable, "-m", "assistant.cli")


def _environment(settings: Settings) -> Mapping[str, str]:
    folders = {"DATA_DIR": settings.data_dir, "CORPUS_DIR": settings.corpus_dir}
    return {**os.environ, **{f"EXIT_{name}": str(path) for name, path in folders.items()}}


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def _answers(port: int, path: str = "/") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path)
        return connection.getresponse().status == 200
    return False


def _say_nothing(what: str, done: int, total: int) -> None:
    """Take no notice of progress."""
