"""Run every stress module with its full counts and write docs/stress.md."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MODULES = {
    "fuzz_triggers": ["10000"],
    "metamorphic": ["2000"],
    "fuzz_parsers": ["2000"],
    "kill_builds": ["50"],
    "at_size": [],
}
OUT = Path(__file__).parents[2] / "docs" / "stress.md"


def main() -> int:
    """Run the modules one by one; return 1 if any failed."""
    parts, failed = ["# Stress\n\nWritten by `make stress`.\n"], 0
    for name, arguments in MODULES.items():
        print(f"{name} …", flush=True)
        run = subprocess.run(
            [sys.executable, "-m", f"tests.stress.{name}", *arguments],
            capture_output=True,
            text=True,
        )
        failed += run.returncode != 0
        parts.append(f"## {name}\n\n{run.stdout.strip() or run.stderr[-2000:]}\n")
        OUT.write_text("\n".join(parts), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
