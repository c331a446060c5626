"""Random and mutated messages through the triggers: python -m tests.stress.fuzz_triggers [COUNT].

Counts exceptions and the slowest message, and for dangers that the triggers catch how many variants
(neutral text, case, orders, typos, letters written apart …) are no longer caught, by kind.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assistant.safety import triggers
from tests.stress.mutations import AROUND, DANGERS, KINDS, NEUTRAL, REPORTED, SPELT, Mutation

CASES = Path(__file__).parents[2] / "evals" / "data"
ALPHABET = (
    "abcdefghijklmnopqrstuvwxyzæøåäö ABCÆØÅ0123456789.,!?-_*/()«»"
    "\"'\n\t€§½ßłñ漢🙂\u200b\u00ad\u0301\U000e0041\ud800"
)
ROUNDS = 5
Lost = list[tuple[str, str, str]]  # (kind, danger, variant)


def messages(count: int, seed: int) -> Iterator[str]:
    """Yield random texts, dangers with letters changed, and dangers and neutral text mixed word by word."""
    chance = random.Random(seed)
    words = " ".join((*DANGERS, *NEUTRAL)).split()
    for number in range(count):
        if number % 3 == 0:
            yield "".join(chance.choices(ALPHABET, k=chance.randrange(400)))
        elif number % 3 == 1:
            letters = list(chance.choice(DANGERS))
            for _ in range(chance.randrange(1, 8)):
                letters[chance.randrange(len(letters))] = chance.choice(ALPHABET)
            yield "".join(letters)
        else:
            yield chance.choice((" ", "", "\n")).join(
                chance.choices(words, k=chance.randrange(120))
            )


def fuzz(count: int, seed: int = 1) -> tuple[Counter[str], float]:
    """Return the exceptions by type, and the slowest message in milliseconds."""
    raised: Counter[str] = Counter()
    slowest = 0.0
    for text in messages(count, seed):
        start = time.perf_counter()
        try:
            triggers.match(text)
            triggers.goes_on(text)
        except Exception as error:  # noqa: BLE001  # any exception is what we look for
            raised[type(error).__name__] += 1
        slowest = max(slowest, (time.perf_counter() - start) * 1000)
    return raised, slowest


def variants(
    dangers: Sequence[str] = DANGERS,
    kinds: Mapping[str, Mutation] = KINDS,
    rounds: int = 1,
    seed: int = 1,
) -> tuple[Counter[str], Lost]:
    """Return how many variants were tried by kind, and those that are no longer caught."""
    chance = random.Random(seed)
    tried: Counter[str] = Counter()
    lost = []
    for kind, change in kinds.items():
        for danger in tuple(dangers) * rounds:
            text = change(danger, chance)
            tried[kind] += text != danger
            if text != danger and triggers.match(text) is None:
                lost.append((kind, danger, text))
    return tried, lost


def critical_messages() -> tuple[str, ...]:
    """Return the dangerous messages of our own cases."""
    lines = [
        line
        for file in sorted(CASES.glob("routing_*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return tuple(row["text"] for row in map(json.loads, lines) if row["critical"])


def table(tried: Counter[str], lost: Lost) -> str:
    """Return the counts as Markdown."""
    by_kind = Counter(kind for kind, _, _ in lost)
    rows = ["| kind | variants of caught dangers | no longer caught |", "|---|---|---|"]
    rows += [f"| {kind} | {tried[kind]} | {by_kind[kind]} |" for kind in tried]
    return "\n".join([*rows, f"| all | {tried.total()} | {len(lost)} |", ""])


def listed(lost: Lost) -> str:
    """Return a line for each danger that was lost: what the triggers see in it, and what hides that."""
    kinds: dict[str, dict[str, None]] = {}
    for kind, danger, _ in lost:
        kinds.setdefault(danger, {})[kind] = None
    rows = []
    for danger, some in kinds.items():
        found = triggers.match(danger)
        rows.append(f"- {found.reason if found else danger}; hidden by {', '.join(some)}")
    return "\n".join([*rows, ""])


def main(count: int) -> int:
    """Print the tables; return 1 if anything was raised, or a danger hidden."""
    raised, slowest = fuzz(count)
    print("| inputs | exceptions | slowest ms |\n|---|---|---|")
    print(f"| {count} | {raised.total()} | {slowest:.1f} |\n")
    tried, lost = variants(rounds=ROUNDS)
    print(f"The {len(DANGERS)} dangers of the test:\n\n{table(tried, lost)}\n{listed(lost)}")
    own = [text for text in critical_messages() if triggers.match(text)]
    tried, hidden = variants(own, AROUND)
    print(f"{len(own)} messages of evals/data, their own words as they stand:\n")
    print(f"{table(tried, hidden)}\n{listed(hidden)}")
    print(
        "Reported only: the words that a rule names misspelt, or messages of evals/data respelt.\n"
    )
    misspelt, missed = variants((*DANGERS, *own), REPORTED)
    respelt, gone = variants(own, SPELT)
    print(table(misspelt + respelt, missed + gone))
    return 1 if raised or lost or hidden else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
