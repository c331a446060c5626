"""The language of a document that does not say it itself."""

from __future__ import annotations

from dataclasses import replace

from assistant.language import language_of
from ingest.parse.document import Document

ENOUGH = 20_000  # characters; more do not tell a language better
OTHER = "xx"


def with_language(document: Document, default: str) -> Document:
    """Return the document with the language it declares, else the one it is written in.

    `default` stands for text that is too short to tell, or in a language we do not know.
    """
    if document.language:
        return document
    blocks = (block.text for section in document.sections for block in section.blocks)
    found = language_of("\n".join((document.title, *blocks))[:ENOUGH], default)
    return replace(document, language=default if found == OTHER else found)
