"""Compose what is shown: quotes grouped under their heading path, and the fixed replies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from assistant.desk.acts import NotHeld
from assistant.desk.duties import Office, Section
from assistant.desk.moved import Moved
from assistant.domain import GUIDE, Authority, Citation, Contact, Language, Passage
from assistant.language import GREETING, THANKS, collapse, fold, say

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"

_IDENTITY = re.compile(
    r"(?:hvem|hva|kven|kva|who|what) (?:er|are) (?:du|dere|you)\b.{0,25}\??$"
    r"|(?:hva|kva) (?:kan|gjor|gjer) du\b.{0,30}\??$|what (?:can|do) you do\b.{0,20}\??$"
    r"|er du (?:en |ein |et |eit )?(?:robot|maskin|menneske|ekte|ai|ki|chatbot|bot)\b.{0,30}\??$"
    r"|are you (?:a |an )?(?:robot|machine|human|real|ai|bot|chatbot|person)\b.{0,20}\??$"
)


def notice(question: str, language: Language) -> str | None:
    """Return the fixed reply to a greeting, thanks or a question about the assistant; None for a question."""
    folded = fold(question)
    if not re.search(r"\w", folded):
        return say(language, "notice.empty")
    for pattern, name in ((GREETING, "greeting"), (THANKS, "thanks"), (_IDENTITY, "identity")):
        if pattern.match(folded):
            return say(language, f"notice.{name}")
    return None


def answer_text(
    citations: Sequence[Citation],
    language: Language,
    lead: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """Return the Markdown of an answer: quotes by source and heading path, then what is newer.

    Every source has its own lead line («Loven sier», «Veilederen sier»); `lead` replaces the first.
    """
    blocks = [f"**{lead}**" if citations else lead] if lead else []
    for speaker, cited in groupby(citations, key=lambda citation: _speaker(citation.passage)):
        group = list(cited)
        if not lead or speaker != _speaker(citations[0].passage):
            blocks.append(f"**{_says(group[0].passage, language)}**")
        for passage, quoted in groupby(group, key=lambda citation: citation.passage):
            shown = list(quoted)
            quotes = "\n".join(f"> {_quoted(one)}\n>" for one in shown).removesuffix("\n>")
            # Half a § must not look like the whole.
            part = passage.authority is Authority.LAW and len(shown) < len(passage.sentences)
            blocks.append(f"{_path(passage, language, part=part)}\n\n{quotes}")
    blocks += [f"**{say(language, 'answer.newer')}:** {escape(note)}" for note in notes]
    return "\n\n".join(blocks)


def with_move(
    text: str, moved: Moved | None, citations: Sequence[Citation], language: Language
) -> str:
    """Return a reply's text below a line on the § that was asked for by its old place, and where it stands now."""
    if moved is None:
        return text
    found = (c.passage for c in citations if moved.url and c.passage.url == moved.url)
    now = next(found, None)
    name = "moved" if now else "moved_check"
    where = " › ".join(now.headings) if now else ""
    line = say(language, f"answer.{name}", cited=escape(moved.cited), now=escape(where))
    return f"{line}\n\n{text}"


def with_not_held(text: str, sections: Sequence[NotHeld], language: Language) -> str:
    """Return a reply's text below a line for each § that was asked for and whose words cannot be quoted here."""
    lines = [say(language, "answer.not_held", cited=escape(s.cited), url=s.url) for s in sections]
    return "\n\n".join([*lines, text])


def with_duties(
    text: str, offices: Sequence[Office], everyone: Section | None, language: Language
) -> str:
    """Return a reply's text above a line of links for each office, and for the duty that everyone has, if given."""
    lines = [_duty_line(office, language) for office in offices]
    if everyone is not None:
        lines.append(say(language, "duties.everyone", section=_linked(everyone, named=True)))
    return "\n\n".join([text, *lines])


def _duty_line(office: Office, language: Language) -> str:
    parts, act = [], ""
    for kind, group in groupby(office.sections, key=lambda pair: pair[0]):
        said = []
        for _, section in group:
            to = f" ({say(language, f'duties.to_{section.to}')})" if section.to else ""
            said.append(_linked(section, named=section.act != act) + to)
            act = section.act
        parts.append(f"{say(language, f'duties.{kind}')} {', '.join(said)}")
    check = f" ({say(language, 'answer.must_check')})" if office.must_be_checked else ""
    lead = say(language, "duties.lead", office=office.name[language])
    return f"**{lead}:** {'; '.join(parts)}{check}."


def _linked(section: Section, *, named: bool) -> str:
    name = f"{section.act} § {section.number}" if named else f"§ {section.number}"
    return f"[{name}]({section.url.replace(' ', '')})"


def _speaker(passage: Passage) -> str:
    """Return whose words they are: all acts speak as the law, every other source for itself."""
    return "lov" if passage.authority is Authority.LAW else passage.source_id


def _says(passage: Passage, language: Language) -> str:
    """Return the line above the quotes of one source: who says it, by authority."""
    if passage.authority is Authority.GUIDE and passage.source_id == GUIDE:
        return say(language, "answer.lead")
    if passage.authority in (Authority.LAW, Authority.LOCAL):
        return say(language, f"answer.lead_{passage.authority.value}")
    return say(language, "answer.lead_source", source=escape(passage.source_title))


def _quoted(citation: Citation) -> str:
    mark = (
        CIRCLED[citation.number - 1] if citation.number <= len(CIRCLED) else f"({citation.number})"
    )
    text = escape(collapse(citation.quote))
    return f"«{text}» {mark}"


def _path(passage: Passage, language: Language, *, part: bool) -> str:
    """Return the heading path; outside the guide with the document's title, its date, and if it is in part."""
    path = " › ".join(passage.headings) or passage.source_title
    if passage.source_id == GUIDE:
        return f"*{escape(path)}*"
    if passage.authority is not Authority.LAW:
        path = passage.label
    notes = [say(language, "answer.as_of", date=passage.date)] if passage.date else []
    notes += [say(language, "answer.excerpt")] if part else []
    noted = f" ({', '.join(notes)})" if notes else ""
    return f"*{escape(path + noted)}*"


def escape(text: str) -> str:
    """Return text that Markdown and HTML show as it stands."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]#|~])", r"\\\1", text)


def not_found_text(nearest: Passage | None, language: Language) -> str:
    """Return the honest no: one sentence, the nearest section, and whom to ask."""
    parts = [say(language, "answer.not_found")]
    if nearest is not None:
        section = " › ".join(nearest.headings) or nearest.source_title
        parts.append(say(language, "answer.nearest", section=f"*{escape(section)}*"))
    parts.append(say(language, "answer.ask_whom"))
    return "\n\n".join(parts)


def lacks_text(citations: Sequence[Citation], gap: str | None, language: Language) -> str:
    """Return that the source does not say it, what it does say nearest, and whom to ask."""
    lead = say(language, "answer.lacks_about" if citations else "answer.lacks")
    parts = [answer_text(citations, language, lead)]
    if gap:
        parts.append(say(language, "answer.gap", missing=gap))
    parts.append(say(language, "answer.ask_whom"))
    return "\n\n".join(parts)


def contact_details(contact: Contact, language: Language) -> list[str]:
    """Return what stands beside a contact's number: its hours, whose record it is, or that it must be checked."""
    details = [contact.hours] if contact.hours else []
    if contact.must_be_checked or contact.overdue(date.today()):
        details.append(say(language, "answer.must_check"))
    if contact.is_local:
        details.append(say(language, "answer.local_contact", date=contact.checked))
    return details
