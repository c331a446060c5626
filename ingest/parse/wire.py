"""Documents, acts and problems as JSON, for the way between two processes."""

import json
from dataclasses import asdict
from typing import Any

from ingest.parse.act import Act, ActSection
from ingest.parse.document import Block, Document, ParseProblem, Section


def packed(found: Document | Act | ParseProblem) -> str:
    """Give JSON of one line, in ASCII."""
    if isinstance(found, ParseProblem):
        return json.dumps({"problem": {"code": found.code, "advice": found.advice}})
    name = "act" if isinstance(found, Act) else "document"
    return json.dumps({name: asdict(found)})


def unpacked(text: bytes) -> Document | Act:
    """Read what `packed` wrote; raises the ParseProblem in it, or ValueError for anything else."""
    record: dict[str, Any] = json.loads(text)
    if "problem" in record:
        raise ParseProblem(**record["problem"])
    if "act" in record:
        return _act(**record["act"])
    if "document" in record:
        return _document(**record["document"])
    raise ValueError("no document, act or problem")


def _document(sections: list[dict[str, Any]], notes: list[str], **fields: Any) -> Document:
    """Build a document from its fields."""
    return Document(
        **fields, sections=tuple(_section(**section) for section in sections), notes=tuple(notes)
    )


def _section(headings: list[str], blocks: list[dict[str, Any]], **fields: Any) -> Section:
    """Build a section from its fields."""
    return Section(**fields, headings=tuple(headings), blocks=tuple(Block(**b) for b in blocks))


def _act(sections: list[dict[str, Any]], notices: list[str], **fields: Any) -> Act:
    """Build an act from its fields."""
    return Act(
        **fields,
        sections=tuple(_act_section(**section) for section in sections),
        notices=tuple(notices),
    )


def _act_section(
    ledd: list[str], headings: list[str], notes: list[str], **fields: Any
) -> ActSection:
    """Build a section of an act from its fields."""
    return ActSection(**fields, ledd=tuple(ledd), headings=tuple(headings), notes=tuple(notes))
