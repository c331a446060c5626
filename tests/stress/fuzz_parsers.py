"""Mutated files through every parser: each must give a document or a named problem, in time.

    python -m tests.stress.fuzz_parsers [count]     prints a Markdown table; 2,000 for each reader by default

Files are mutated from the sample documents with a fixed seed, so case n is the same file each time.
Batches run in child processes held to 2 GiB of memory; a parser that hangs is stopped by an alarm.
"""

from __future__ import annotations

import json
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import FrameType

from ingest.parse.act import Act
from ingest.parse.document import Document, ParseProblem
from ingest.parse.docx import read_docx
from ingest.parse.html import read_html
from ingest.parse.lovdata import read_act
from ingest.parse.lovdata_markdown import read_act_markdown
from ingest.parse.markdown import read_markdown
from ingest.parse.pdf import read_pdf
from tests.ingest.parse.samples import SAMPLES, TODAY

SEED = 20261123
COUNT = 2000
BATCH = 100
# Of the processor's time, so that a busy machine makes no file a hang.
SECONDS = 20
MEMORY = 2 * 1024**3
LARGEST_SAMPLE = 600_000

Mutation = Callable[[bytes, random.Random], bytes]
Reader = Callable[[Path], Document | Act]

READERS: dict[str, tuple[str, Reader]] = {
    "pdf": ("pdf/*.pdf", read_pdf),
    "html": ("html/*.html", read_html),
    "docx": ("docx/*.docx", read_docx),
    "lovdata": ("lovdata/**/*.xml", lambda path: read_act(path, TODAY)),
    "lovdata_markdown": ("lover/**/*.md", lambda path: read_act_markdown(path, TODAY)),
    "markdown": ("lover/**/*.md", read_markdown),
}


class Hung(BaseException):
    """Raised by the alarm; no parser catches it."""


@dataclass(frozen=True)
class Outcome:
    """What became of one mutated file; `result` is document, a problem's code, crash: … or hang."""

    parser: str
    result: str
    seconds: float
    memory: int


def outcomes(start: int, stop: int) -> Iterator[Outcome]:
    """Try the cases with these numbers, in this process."""
    signal.signal(signal.SIGPROF, _alarm)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(start, stop):
            yield attempt(number, Path(folder))


def attempt(number: int, folder: Path) -> Outcome:
    """Write one mutated file and read it."""
    chance = random.Random(SEED + number)
    parser = list(READERS)[number % len(READERS)]
    pattern, reader = READERS[parser]
    sample = chance.choice(_samples(pattern))
    path = folder / f"{number}{sample.suffix}"
    path.write_bytes(mutated(sample.read_bytes(), parser, chance))
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        reader(path)
        result = "document"
    except ParseProblem as problem:
        result = problem.code
    except Hung:
        result = "hang"
    except Exception as error:  # noqa: BLE001 - the very thing this looks for
        result = f"crash: {type(error).__name__} in {parser}, case {number}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds = time.process_time() - began
    path.unlink()
    return Outcome(parser, result, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


@cache
def _samples(pattern: str) -> list[Path]:
    """List the samples that are small enough to try many times."""
    return [p for p in sorted(SAMPLES.glob(pattern)) if p.stat().st_size <= LARGEST_SAMPLE]


def _alarm(number: int, frame: FrameType | None) -> None:
    """Break off a parser that takes too long."""
    raise Hung


def mutated(data: bytes, parser: str, chance: random.Random) -> bytes:
    """Change a file in one to four places, inside its packing half the time."""
    for _ in range(chance.randint(1, 4)):
        if parser == "docx" and chance.random() < 0.6:
            data = _mutated_part(data, chance)
        elif parser == "pdf" and chance.random() < 0.6:
            data = _mutated_stream(data, chance)
        else:
            data = _kinds(parser, chance)(data, chance)
    return data


def _kinds(parser: str, chance: random.Random) -> Mutation:
    """Choose a way to change a file; markup stays well-formed half the time, to get further in."""
    gentle = parser in {"docx", "lovdata", "html"} and chance.random() < 0.6
    return chance.choice((_reworded, _transplanted) if gentle else MUTATIONS)


def _flipped(data: bytes, chance: random.Random) -> bytes:
    """Change single bytes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 40)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    """Take a piece out."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randint(1, 4000) :]


def _truncated(data: bytes, chance: random.Random) -> bytes:
    """Break a file off."""
    return data[: chance.randrange(len(data) + 1)]


def _repeated(data: bytes, chance: random.Random) -> bytes:
    """Put a piece in many times over."""
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randint(1, 300)]
    return data[:start] + piece * chance.choice((2, 10, 500)) + data[start:]


def _moved(data: bytes, chance: random.Random) -> bytes:
    """Put a piece somewhere else."""
    start, target = chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randint(1, 3000)]
    return data[:target] + piece + data[target:]


def _numbered(data: bytes, chance: random.Random) -> bytes:
    """Make some numbers huge, negative or nought."""
    odd = (b"0", b"-1", b"65536", b"4294967296", b"99999999999999999999", b"1e309")

    def changed(found: re.Match[bytes]) -> bytes:
        return chance.choice(odd) if chance.random() < 0.02 else found[0]

    return re.sub(rb"\d+", changed, data)


def _nested(data: bytes, chance: random.Random) -> bytes:
    """Put in marks that open and never close."""
    mark = chance.choice(
        (b"<div>", b"<ul><li>", b"<w:p>", b"[", b"<<", b"(", b"**", b"> ", b"<!--")
    )
    start = chance.randrange(len(data) + 1)
    return data[:start] + mark * chance.choice((3, 300, 20_000)) + data[start:]


def _noisy(data: bytes, chance: random.Random) -> bytes:
    """Put in bytes without meaning."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + chance.randbytes(chance.randint(1, 2000)) + data[start:]


def _reworded(data: bytes, chance: random.Random) -> bytes:
    """Change attribute values and words between tags, so that markup stays well-formed."""
    odd = (
        b"",
        b"0",
        b"-1",
        b"99999999999999999999",
        b"x" * 5000,
        b"\xc3\xa5",
        b"true",
        b"9" * 5000,
    )

    def changed(found: re.Match[bytes]) -> bytes:
        return found[1] + chance.choice(odd) + found[3] if chance.random() < 0.03 else found[0]

    return re.sub(rb"""(="|>)([^<>"]*)("|<)""", changed, data)


def _transplanted(data: bytes, chance: random.Random) -> bytes:
    """Put one whole element where another was."""
    elements = list(re.finditer(rb"<([a-zA-Z:]+)(?:\s[^<>]*)?>[^<>]*</\1>", data))
    if len(elements) < 2:
        return data
    one, other = chance.choice(elements), chance.choice(elements)
    return data[: one.start()] + other[0] * chance.choice((0, 1, 50)) + data[one.end() :]


MUTATIONS = (_flipped, _cut, _truncated, _repeated, _moved, _numbered, _nested, _noisy)


def _mutated_part(data: bytes, chance: random.Random) -> bytes:
    """Change one XML part of a Word file and pack it again."""
    packed = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", 8) as new:
            names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
            target = "word/document.xml" if chance.random() < 0.5 else chance.choice(names)
            for name in old.namelist():
                part = old.read(name)
                change = _kinds("docx", chance)
                new.writestr(name, change(part, chance) if name == target else part)
    except (zipfile.BadZipFile, zlib.error, ValueError, IndexError, EOFError, OSError):
        return data
    except (NotImplementedError, RuntimeError):
        return data
    return packed.getvalue()


def _mutated_stream(data: bytes, chance: random.Random) -> bytes:
    """Change one packed stream of a PDF and pack it again."""
    streams = list(re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL))
    if not streams:
        return data
    found = chance.choice(streams)
    try:
        content = zlib.decompressobj().decompress(found[1], 5_000_000)
    except zlib.error:
        return data
    changed = zlib.compress(chance.choice(MUTATIONS)(content, chance))
    return data[: found.start(1)] + changed + b"\n" + data[found.end(1) :]


def in_batches(count: int) -> Iterator[Outcome]:
    """Try so many cases, batch by batch in child processes."""
    for start in range(0, count, BATCH):
        stop = min(start + BATCH, count)
        command = [sys.executable, "-m", "tests.stress.fuzz_parsers", str(start), str(stop)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = done.stdout.decode().splitlines()
        for line in lines:
            yield Outcome(**json.loads(line))
        if len(lines) < stop - start:
            yield Outcome("?", f"crash: process died at case {start + len(lines)}", 0.0, 0)


def table(found: list[Outcome]) -> str:
    """Give a Markdown table: a line for each parser, and below it what failed."""
    rows = ["| parser | files | document | problem | crash or hang | slowest, CPU s | memory, MB |"]
    rows.append("|---|---|---|---|---|---|---|")
    by_parser: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        by_parser[outcome.parser].append(outcome)
    for parser, some in by_parser.items():
        bad = sum(is_failure(outcome) for outcome in some)
        good = sum(outcome.result == "document" for outcome in some)
        slowest, memory = max(o.seconds for o in some), max(o.memory for o in some) // 1024
        named = len(some) - good - bad
        cells = (parser, len(some), good, named, bad, f"{slowest:.1f}", memory)
        rows.append(f"| {' | '.join(map(str, cells))} |")
    codes = Counter(o.result for o in found if o.result != "document")
    rows += ["", "Problems: " + ", ".join(f"{code} {n}" for code, n in codes.most_common()) + "."]
    return "\n".join(rows)


def is_failure(outcome: Outcome) -> bool:
    """Tell a crash or a hang from a document or a named problem."""
    return outcome.result == "hang" or outcome.result.startswith("crash")


def main(arguments: list[str]) -> int:
    """Run a batch (two numbers), or all cases."""
    if len(arguments) == 2:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for outcome in outcomes(int(arguments[0]), int(arguments[1])):
            print(json.dumps(asdict(outcome)), flush=True)
        return 0
    count = int(arguments[0]) if arguments else COUNT
    found = list(in_batches(count * len(READERS)))
    print(
        f"{count} files for each of {len(READERS)} readers, {len(found)} in all.\n\n{table(found)}"
    )
    return int(any(is_failure(outcome) for outcome in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
