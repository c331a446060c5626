"""The child process of `guarded`: one file in, one line of JSON out, within a limit of memory."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from ingest.parse.act import Act, act_document
from ingest.parse.document import Document, ParseProblem
from ingest.parse.wire import packed

MOST_MEMORY = 2 * 1024**3
LARGEST_RESULT = 100_000_000


def main(arguments: list[str]) -> None:
    """Read the file named by kind and path (for acts also a day) and print what came of it."""
    kind, path, *rest = arguments
    limit_memory()
    try:
        answer = packed(_reader(kind, *rest)(Path(path)))
    except ParseProblem as problem:
        answer = packed(problem)
    except MemoryError:
        answer = packed(ParseProblem("too_large"))
    if len(answer) > LARGEST_RESULT:
        answer = packed(ParseProblem("too_large"))
    sys.stdout.write(answer)


def limit_memory() -> None:
    """Hold this process to its share of memory, on systems that can."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or hard > MOST_MEMORY:
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _reader(kind: str, today: str = "") -> Callable[[Path], Document | Act]:
    """Load the one parser that is needed; all of them would take most of a second to load."""
    match kind:
        case "pdf":
            from ingest.parse.pdf import read_pdf

            return read_pdf
        case "html":
            from ingest.parse.html import read_html

            return read_html
        case "docx":
            from ingest.parse.docx import read_docx

            return read_docx
        case "act_markdown":
            from ingest.parse.lovdata_markdown import read_act_markdown

            return lambda path: read_act_markdown(path, date.fromisoformat(today))
        case "act" | "lovdata":
            from ingest.parse.lovdata import read_act

            if not today:
                return lambda path: act_document(read_act(path, date.today()))
            return lambda path: read_act(path, date.fromisoformat(today))
        case "markdown":
            from ingest.parse.markdown import read_markdown

            return read_markdown
    raise ValueError(f"no parser for {kind}")


if __name__ == "__main__":
    main(sys.argv[1:])
