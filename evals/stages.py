"""Time what happens in one process: the stages of an answer, routing by length, and many at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

from assistant.answer import quoting
from assistant.answer.citing import prove
from assistant.answering import Assistant
from assistant.archive.retrieval import Retriever
from assistant.safety import triggers
from assistant.safety.routing import route
from evals.measures import percentile

Times = Mapping[str, float]
Item = TypeVar("Item")
THREADS = (1, 8, 32)
_ROUTED = 40  # texts a length
_EACH = 96  # questions asked in all, however many threads share them


def spread(millis: Sequence[float]) -> dict[str, float]:
    """Return p50 and p95 in milliseconds, and how many were timed."""
    p50, p95 = percentile(millis, 0.50), percentile(millis, 0.95)
    return {"p50 ms": round(p50, 2), "p95 ms": round(p95, 2), "n": len(millis)}


def fresh(texts: Sequence[str], run: str) -> list[str]:
    """Return the texts, each made new by a number, so that no remembered answer is timed."""
    return [f"{text} ({run}.{n})" for n, text in enumerate(texts)]


def time_answers(
    assistant: Assistant, retriever: Retriever, questions: Sequence[str]
) -> dict[str, Times]:
    """Time whole answers, and each stage by itself, called directly one question at a time.

    `retrieve` is the search with its embedding; `embed` is one embedding of the question alone.
    """
    findings = [retriever.find(question) for question in questions]  # also warms everything up
    statements = [quoting.pick(finding.units) for finding in findings]
    return {
        "svar": _timed(lambda q: assistant.ask([q]), questions),
        "route": _timed(lambda q: route([q], assistant.signal), questions),
        "embed": _timed(lambda q: retriever.embedder.queries([q]), questions),
        "retrieve": _timed(retriever.find, questions),
        "pick": _timed(quoting.pick, [finding.units for finding in findings]),
        "prove": _timed(prove, statements),
    }


def time_routing(assistant: Assistant, harmless: Sequence[str]) -> dict[str, Times]:
    """Time routing and the triggers alone on harmless texts of 500 and 20,000 characters.

    A text that a trigger catches would stop early, so those are left out.
    """
    calm = [text for text in harmless if triggers.match(text) is None]
    found: dict[str, Times] = {}
    for length, count in ((500, _ROUTED), (20_000, _ROUTED // 8)):
        texts = [_of_length(calm, n, length) for n in range(count)]
        found[f"ruting, {length} tegn"] = _timed(lambda t: route([t], assistant.signal), texts)
        found[f"utløsere, {length} tegn"] = _timed(triggers.match, texts)
    return found


def time_crowd(assistant: Assistant, questions: Sequence[str], run: str) -> dict[str, Times]:
    """Ask from 1, 8 and 32 threads at once; return answers a second and the wait for each."""
    found: dict[str, Times] = {}
    for threads in THREADS:
        asked = fresh(list(islice(cycle(questions), _EACH)), f"{run}.{threads}")
        started = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            waits = list(pool.map(lambda q: _millis(lambda: assistant.ask([q])), asked))
        rate = len(asked) / (time.perf_counter() - started)
        found[f"{threads} tråder"] = {"svar/s": round(rate, 2), **spread(waits)}
    return found


def memory(status: Path) -> Times:
    """Return a process's resident memory and its highest, in MB, from its /proc status; nothing without it."""
    if not status.is_file():
        return {}
    rows = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    names = {"nå": "VmRSS", "høyest": "VmHWM"}
    return {f"{k} MB": round(int(rows[v].split()[0]) / 1024) for k, v in names.items()}


def _timed(call: Callable[[Item], object], items: Iterable[Item]) -> Times:
    return spread([_millis(partial(call, item)) for item in items])


def _millis(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _of_length(texts: Sequence[str], start: int, length: int) -> str:
    """Return texts strung together from a starting place until they are long enough."""
    parts, size = [], 0
    for text in islice(cycle(texts), start, start + 10_000):
        parts.append(text)
        size += len(text) + 1
        if size >= length:
            break
    return " ".join(parts)[:length]
