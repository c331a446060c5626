"""Lovdata's open bulk data: one act or regulation a file, HTML that is also XML."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.parse.act import ADDRESS, Act, is_in_force
from ingest.parse.document import ParseProblem, declared_language
from ingest.parse.lovdata_sections import sections_of
from ingest.parse.lovdata_text import has_class, words
from ingest.parse.plain import read_limited
from ingest.parse.xml_safe import parse_xml

LARGEST = 30_000_000


def read_act(path: Path, today: date) -> Act:
    """Read one file of the package; `today` decides what is in force. Raises ParseProblem."""
    root = parse_xml(read_limited(path, LARGEST))
    main = next((part for part in root.iter("main") if has_class(part, "documentBody")), None)
    facts = dict(_facts(root))
    if main is None or "legacyID" not in facts:
        raise ParseProblem("wrong_type")
    try:
        sections = tuple(sections_of(main, (), ADDRESS + main.get("data-lovdata-URL", "")))
    except RecursionError as error:
        raise ParseProblem("malformed") from error
    if not sections:
        raise ParseProblem("empty")
    stated, last_change = facts.get("dateInForce", ""), facts.get("lastChangeInForce")
    return Act(
        id=facts["legacyID"],
        title=facts.get("title", ""),
        short_title=re.split(r"\s+–\s+", facts.get("titleShort", ""))[0],
        language=_language(root),
        in_force=is_in_force(stated, last_change, today),
        in_force_text=stated,
        last_change=last_change,
        notices=tuple(words(part) for part in main if has_class(part, "defaultP")),
        sections=sections,
        url=ADDRESS + main.get("data-lovdata-URL", ""),
        changes_others=not any(has_class(part, "legalArticle") for part in main.iter()),
    )


def _facts(root: Element) -> Iterator[tuple[str, str]]:
    """Give the fields of the head by class; the visible labels change with the language."""
    for field in root.iter("dd"):
        name = field.get("class", "")
        if name != "table-of-contents":
            yield name, words(field)


def _language(root: Element) -> str:
    """Give nn for Nynorsk; some files say only `no` or `n`."""
    return "nn" if declared_language(root.get("lang")) == "nn" else "nb"
