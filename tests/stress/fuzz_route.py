"""Random and mutated messages through the whole assistant: python -m tests.stress.fuzz_route [COUNT].

Counts exceptions (also those of the learned signal, which the route survives without a word), the
slowest message, and messages that take longer than three seconds. Some are turns of a conversation,
some are long.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.answering import Assistant
from assistant.domain import Signal, SignalScore
from tests.stress.fuzz_triggers import ALPHABET, messages
from tests.stress.mutations import DANGERS, KINDS, NEUTRAL, REPORTED
from tests.stress.opening import SIGNAL_MISSING, whole_assistant

LIMIT = 3.0  # seconds a message may take, whatever its length
HANG = 10 * LIMIT  # by the clock on the wall, on however busy a machine
LONGEST = 20_000  # characters of a message
_LONG_EVERY, _TURNS_EVERY = 50, 5


@dataclass
class Outcome:
    """What became of the messages."""

    count: int = 0
    raised: Counter[str] = field(default_factory=Counter)  # by where and type
    example: dict[str, str] = field(default_factory=dict)  # the first message of each
    slowest: float = 0.0  # seconds, by the clock or of the processor, whichever is less
    length: int = 0  # characters of the slowest
    late: int = 0  # messages over LIMIT

    @property
    def failed(self) -> bool:
        """Tell whether anything was raised or late."""
        return bool(self.raised or self.late)


class Watched:
    """A signal that notes what it raises before the route swallows it."""

    def __init__(self, signal: Signal, outcome: Outcome) -> None:
        self._signal, self._outcome = signal, outcome

    def score(self, turns: Sequence[str]) -> SignalScore:
        try:
            return self._signal.score(turns)
        except Exception as error:
            note(self._outcome, "signal", error, turns)
            raise


def note(outcome: Outcome, where: str, error: Exception, turns: Sequence[str]) -> None:
    """Count an exception and keep the first message that led to it."""
    name = f"{where}: {type(error).__name__}"
    outcome.raised[name] += 1
    outcome.example.setdefault(name, ascii(turns)[:200])


def conversations(count: int, seed: int, longest: int) -> Iterator[list[str]]:
    """Yield turns: random and mutated messages, some long, some with turns before them."""
    chance = random.Random(seed)
    plain = messages(count, seed)
    changes = list((KINDS | REPORTED).values())
    earlier: list[str] = []
    for number, text in enumerate(plain, start=1):
        if number % _LONG_EVERY == 0:
            text = _long(chance, longest)
        elif number % 2:
            text = chance.choice(changes)(chance.choice(DANGERS), chance)[-longest:]
        yield [*earlier[-2:], text] if number % _TURNS_EVERY == 0 else [text]
        earlier.append(text)


def _long(chance: random.Random, longest: int) -> str:
    """Return a message of that length: letters at random, or sentences, half of them with a danger inside."""
    if chance.random() < 0.4:
        return "".join(chance.choices(ALPHABET, k=longest))
    some = " ".join(chance.choices(NEUTRAL, k=longest // 20))[:longest]
    at, danger = chance.randrange(longest), chance.choice((chance.choice(DANGERS), ""))
    return f"{some[:at]} {danger} {some[at:]}"[:longest]


def fuzz(assistant: Assistant, count: int, seed: int = 1, longest: int = LONGEST) -> Outcome:
    """Ask so many times and return what became of it."""
    outcome = Outcome(count)
    signal = assistant.signal
    assert signal is not None, SIGNAL_MISSING
    watched = Assistant(
        assistant.shelf,
        assistant.retriever,
        Watched(signal, outcome),
        desk=assistant.clerk.desk if assistant.clerk else None,
    )
    for turns in conversations(count, seed, longest):
        began, busy = time.perf_counter(), time.process_time()
        try:
            watched.ask(turns)
        except Exception as error:  # noqa: BLE001  # any exception is what we look for
            note(outcome, "ask", error, turns)
        wall = time.perf_counter() - began
        # What others do with the processor makes no message late, nor do two cores at once.
        seconds = min(wall, time.process_time() - busy)
        outcome.late += seconds > LIMIT or wall > HANG
        if seconds > outcome.slowest:
            outcome.slowest, outcome.length = seconds, len(turns[-1])
    return outcome


def table(outcome: Outcome) -> str:
    """Return the outcome as Markdown, with the first message of each exception below."""
    cells = (
        outcome.count,
        outcome.raised.total(),
        outcome.late,
        f"{outcome.slowest:.2f} ({outcome.length} characters)",
    )
    rows = ["| messages | exceptions | over 3 s | slowest, s |", "|---|---|---|---|"]
    rows.append(f"| {' | '.join(map(str, cells))} |")
    for name, times in outcome.raised.items():
        rows += ["", f"- {name}, {times} times, first for `{outcome.example[name]}`"]
    return "\n".join(rows)


def main(count: int) -> int:
    """Print the table; return 1 if anything was raised or late, or the signal is missing."""
    with tempfile.TemporaryDirectory(prefix="exit-route-") as folder:
        assistant = whole_assistant(Path(folder))
        if assistant.signal is None:
            print(SIGNAL_MISSING)
            return 1
        outcome = fuzz(assistant, count)
    print(table(outcome))
    return int(outcome.failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
