"""Show a reply in the terminal: what the page shows, in plain lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.answer.replies import contact_details
from assistant.contract import whole
from assistant.domain import Contact, Guidance, Language, Reply
from assistant.language import say


def for_terminal(reply: Reply) -> str:
    """Return a reply as text: standing and emergency box, the words, numbers, sources, what to ask next."""
    return whole("\n\n".join(_parts(reply)))


def _parts(reply: Reply) -> Iterator[str]:
    language, guidance = reply.language, reply.guidance
    is_card = guidance is not None and guidance.text[language] == reply.text
    if guidance is not None:
        yield f"[{_standing(guidance, language)}]"
        if not is_card:
            yield guidance.text[language]
    yield reply.text
    # A card's text holds its numbers already, each with its mark.
    numbers = [] if is_card else list(_numbers(reply.contacts, language))
    if numbers:
        yield "\n".join([f"{say(language, 'card.contacts')}:", *numbers])
    first = {citation.number: citation for citation in reversed(reply.citations)}
    for number in sorted(first):
        yield f"[{number}] {first[number].label}\n    {first[number].url or ''}".rstrip()
    if reply.suggestions:
        further = [f"- {question}" for question in reply.suggestions]
        yield "\n".join([f"{say(language, 'answer.see_also')}:", *further])


def _standing(guidance: Guidance, language: Language) -> str:
    signed = guidance.sign_off
    if guidance.status == "utkast" or signed is None:
        return say(language, "card.draft")
    if guidance.overdue:
        return say(language, "card.overdue", date=signed.date)
    return say(language, "card.approved", date=signed.date, role=signed.role)


def _numbers(contacts: Iterable[Contact], language: Language) -> Iterator[str]:
    for contact in contacts:
        if contact.phone:
            details = contact_details(contact, language)
            more = f" ({', '.join(details)})" if details else ""
            yield f"- {contact.name}: {contact.phone}{more}"
