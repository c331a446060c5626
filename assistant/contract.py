"""The JSON that `ask --json` and `batch` write; its keys are always there, null when absent."""

from __future__ import annotations

import json
import re
from typing import Any

from assistant.domain import Citation, Contact, Hit, Reply

_HITS = 10
_HIT_TEXT = 1000  # characters
_HALF = re.compile(r"[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return a text with every half of a character, such as a cut emoji, replaced by the sign for one (�)."""
    return _HALF.sub("\ufffd", text)


def as_json(value: object, indent: int | None = None) -> str:
    """Return JSON that can be written as UTF-8, whatever the question held."""
    return whole(json.dumps(value, ensure_ascii=False, indent=indent))


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as plain JSON values (`docs/kontrakt.md`)."""
    guidance = reply.guidance
    return {
        "outcome": reply.outcome.value,
        "stance": reply.stance,
        "text": reply.text,
        "language": reply.language,
        "route": {
            "level": reply.route.level.value,
            "category": reply.route.category,
            "signal": reply.route.signal,
            "reason": reply.route.reason,
        },
        "guidance": guidance
        and {
            "id": guidance.id,
            "sha256": guidance.sha256[reply.language],
            "status": guidance.status,
        },
        "citations": [_citation(citation) for citation in reply.citations],
        "hits": [_hit(hit) for hit in reply.hits[:_HITS]],
        "contacts": [_contact(contact) for contact in reply.contacts],
        "warnings": list(reply.warnings),
        "suggestions": list(reply.suggestions),
        "millis": reply.millis,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    passage = citation.passage
    return {
        "number": citation.number,
        "passage_id": passage.id,
        "source_id": passage.source_id,
        "authority": passage.authority.value,
        "label": citation.label,
        "quote": citation.quote,
        "url": citation.url,
        "page": passage.page,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "passage_id": hit.passage.id,
        "source_id": hit.passage.source_id,
        "text": hit.passage.text[:_HIT_TEXT],
        "score": hit.score,
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "name": contact.name,
        "phone": contact.phone,
        "hours": contact.hours,
        "source": contact.source,
        "checked": contact.checked,
        "confidence": contact.confidence,
    }
