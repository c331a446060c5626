"""A thousand local documents through the real readers: first, again, with 1 % changed; prints a Markdown table.

`python -m tests.stress.many_documents [COUNT]`. Reading only: the index at size is `at_size`'s matter.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.local import read_local
from ingest.parsed import Parsed
from tests.ingest.parse.making import docx, line, paragraph, pdf
from tests.stress.seeded import passages

COUNT, CHANGED = 1000, 0.01
SENTENCES = 40  # a document


def write(folder: Path, count: int, edition: int) -> int:
    """Write so many documents, of three kinds in turn; return how many differ from what lay there."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = 0
    for number, (name, data) in enumerate(documents(count)):
        anew = edition > 0 and number < count * CHANGED
        if anew:
            name, data = next(documents(1, number, f"Utgave {edition}. "))
        if anew or not (folder / name).is_file():
            (folder / name).write_bytes(data)
            changed += 1
    return changed


def documents(count: int, first: int = 0, opening: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield (name, content): Word, PDF and Markdown in turn."""
    words = [passage.text for passage in passages(SENTENCES)]
    for number in range(first, first + count):
        lines = [f"{opening}Dokument {number}.", *words]
        match number % 3:
            case 0:
                data = docx("".join(paragraph(each) for each in lines))
            case 1:
                data = pdf(["\n".join(line(50, 800 - 15 * n, t) for n, t in enumerate(lines))])
            case _:
                data = "\n\n".join([f"# Dokument {number}", *lines]).encode()
        yield f"{number:05}{('.docx', '.pdf', '.md')[number % 3]}", data


def measure(count: int, home: Path) -> list[tuple[str, int, int, float, int]]:
    """Return (what, documents new or changed, passages, seconds, megabytes) for each run."""
    rows = []
    for what, edition in (("first", 0), ("nothing changed", 0), ("1 % changed", 1)):
        changed = write(home / "documents", count, edition)
        began = time.monotonic()
        parsed = Parsed(home / "parsed")
        found = read_local(home, 0, parsed=parsed)
        parsed.forget_the_rest()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        if found.remarks:
            raise SystemExit(f"Not read: {found.remarks[:3]}")
        rows.append((what, changed, len(found.passages), time.monotonic() - began, peak))
    return rows


def main(arguments: list[str]) -> int:
    """Measure and print the table; fail when an update costs more than a fifth of the first reading."""
    count = int(arguments[0]) if arguments else COUNT
    with tempfile.TemporaryDirectory(prefix="exit-documents-") as name:
        rows = measure(count, Path(name))
    print(f"{count} documents (Word, PDF, Markdown in turn).\n")
    print(
        "| reading | new or changed | passages | seconds | peak memory, MB |\n|---|---|---|---|---|"
    )
    for what, changed, found, seconds, peak in rows:
        print(f"| {what} | {changed} | {found} | {seconds:.1f} | {peak} |")
    return int(rows[2][3] > rows[0][3] / 5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
