"""Run the stress modules with their full counts and write docs/stress.md: python -m tests.stress [MODULE …].

With names of modules only those run; the parts of the others in docs/stress.md stay as they are.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

PARTS: dict[str, list[str]] = {  # heading, which begins with the module: its arguments
    "fuzz_triggers": ["10000"],
    "fuzz_route": ["2000"],
    "metamorphic": ["2000"],
    "fuzz_parsers": ["2000"],
    "faults": [],
    "kill_builds": ["50"],
    "at_size": [],
    "at_size --encoder": ["--encoder"],
    "many_documents": [],
    "with_samples": [],
}
OUT = Path(__file__).parents[2] / "docs" / "stress.md"
HEAD = "# Stress\n\nWritten by `make stress`; each part says when and where it ran. Do not edit by hand.\n"


def main(names: Sequence[str], out: Path = OUT) -> int:
    """Run the modules one by one; return 1 if any failed, 2 for a name that is none."""
    unknown = set(names) - set(map(module_of, PARTS))
    if unknown:
        print(f"No such module: {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    written = parts_of(out.read_text(encoding="utf-8")) if out.is_file() else {}
    failed = False
    for part in wanted(names):
        print(f"{part} …", flush=True)
        written[part], right = run(part, PARTS[part])
        failed |= not right
        # After each, so that a run broken off keeps what it has done.
        out.write_text(page(written), encoding="utf-8")
    return int(failed)


def module_of(part: str) -> str:
    """Return the module that writes a part."""
    return part.split()[0]


def wanted(names: Sequence[str]) -> Iterator[str]:
    """Yield the parts of these modules, or all."""
    return (part for part in PARTS if not names or module_of(part) in names)


def run(part: str, arguments: Sequence[str]) -> tuple[str, bool]:
    """Run one module; return its part of the page, and whether all went well."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", f"tests.stress.{module_of(part)}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    said, right = done.stdout.strip(), done.returncode == 0
    if not said:
        said = f"```\n{done.stderr.strip()[-2000:]}\n```"
    minutes = (time.monotonic() - began) / 60
    result = "passed" if right else f"**failed** (exit status {done.returncode})"
    return f"{date.today()}, {machine()}, {minutes:.1f} min: {result}.\n\n{said}", right


def machine() -> str:
    """Return in a few words what this runs on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"


def parts_of(text: str) -> dict[str, str]:
    """Return the parts of a page by heading."""
    pieces = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return {name: body.strip() for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


def page(parts: Mapping[str, str]) -> str:
    """Return the page: the parts there are, in the order of PARTS."""
    return "\n".join([HEAD, *(f"## {name}\n\n{parts[name]}\n" for name in PARTS if name in parts)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
