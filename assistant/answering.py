"""The product in one straight line: route, retrieve, quote, prove, reply. Read this first."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from assistant import privacy
from assistant.answer import asking, replies
from assistant.answer.clerk import Answer, Clerk
from assistant.archive.retrieval import Retriever
from assistant.desk.corrections import notes_for
from assistant.desk.records import Desk
from assistant.domain import Guidance, Language, Level, Outcome, Reply, Route, Signal
from assistant.errors import AssistantError
from assistant.language import reply_language, say
from assistant.safety.guidance import WANTS_OUT, Shelf
from assistant.safety.routing import route

_LOG = logging.getLogger(__name__)


class Assistant:
    """Answers turns. Without a retriever or signal it still lets danger through."""

    def __init__(
        self,
        shelf: Shelf,
        retriever: Retriever | None = None,
        signal: Signal | None = None,
        *,
        desk: Desk | None = None,
        trouble: AssistantError | None = None,
    ) -> None:
        """Take the guidance shelf and whatever works; `trouble` says why retrieval does not."""
        self.shelf, self.retriever, self.signal, self.trouble = shelf, retriever, signal, trouble
        self.clerk = Clerk(retriever, desk) if retriever is not None else None

    @property
    def reduced(self) -> bool:
        """Tell whether search or the learned signal is missing, so that only triggers and cards work."""
        return self.retriever is None or self.signal is None

    def ask(
        self, turns: Sequence[str], *, language: Language | None = None, show_anyway: bool = False
    ) -> Reply:
        """Answer the newest of the user's turns; never raises an AssistantError.

        `show_anyway` is the reader's deliberate second step after a card: what the guide says on it.
        """
        started = time.perf_counter()
        language = language or _language(turns)
        decided = route(turns, self.signal)
        if decided.level is Level.ESCALATE and not (show_anyway and may_show_anyway(decided)):
            reply = self._escalated(decided, language)
        else:
            reply = self._ordinary(turns, decided, language)
        return replace(reply, millis=round((time.perf_counter() - started) * 1000, 1))

    def _escalated(self, decided: Route, language: Language) -> Reply:
        guidance = self.shelf.for_category(str(decided.category))
        return Reply(
            Outcome.ESCALATED,
            guidance.text[language],
            language,
            decided,
            guidance=guidance,
            contacts=guidance.contacts[language],
            warnings=_warnings(decided, None, guidance),
        )

    def _ordinary(self, turns: Sequence[str], decided: Route, language: Language) -> Reply:
        question = turns[-1] if turns else ""
        try:
            reply = self._answer(turns, question, decided, language)
        except AssistantError as error:
            _LOG.warning("Svarte ikke: %s", error)
            text = say(language, "failed.general", what=str(error))
            reply = Reply(Outcome.FAILED, text, language, decided)
        fails = self.reduced or reply.outcome is Outcome.FAILED
        careful = fails or decided.level is not Level.ORDINARY
        box = self.shelf.emergency_box if careful else None
        reduced = ("reduced",) if fails else ()
        warnings = (*_warnings(decided, question, box), *reduced, *reply.warnings)
        return replace(
            reply, guidance=reply.guidance or box, warnings=tuple(dict.fromkeys(warnings))
        )

    def _answer(
        self, turns: Sequence[str], question: str, decided: Route, language: Language
    ) -> Reply:
        fixed = replies.notice(question, language)
        if fixed is not None:
            return Reply(Outcome.NOTICE, fixed, language, decided)
        if decided.level is Level.ORDINARY and asking.wants_out(question):
            return self._wants_out(decided, language)
        if self.clerk is None:
            raise self.trouble or AssistantError(say(language, "notice.starting"))
        answer = self.clerk.answer(turns, language)
        if asking.only_states(question) and not answer.is_close:
            return Reply(Outcome.NOTICE, say(language, "notice.background"), language, decided)
        return self._told(answer, self.clerk, decided, language)

    def _wants_out(self, decided: Route, language: Language) -> Reply:
        card = self.shelf[WANTS_OUT]
        return Reply(
            Outcome.NOTICE,
            card.text[language],
            language,
            decided,
            guidance=card,
            contacts=card.contacts[language],
        )

    def _told(self, answer: Answer, clerk: Clerk, decided: Route, language: Language) -> Reply:
        """Put an answer into words: quotes, what is newer, or an honest no."""
        quotes = [citation.quote for citation in answer.citations]
        notes = notes_for(quotes, clerk.desk.corrections, language)
        if answer.stance == "nothing":
            nearest = answer.finding.hits[0].passage if answer.finding.hits else None
            text = replies.not_found_text(nearest, language)
        elif answer.stance == "lacks":
            text = replies.lacks_text(
                answer.citations, clerk.gap_in(answer.citations, language), language
            )
        else:
            lead = say(language, "answer.corrects") if answer.stance == "corrects" else None
            text = replies.answer_text(answer.citations, language, lead, notes)
        text = replies.with_move(text, answer.moved, answer.citations, language)
        text = replies.with_not_held(text, answer.not_held, language)
        text = replies.with_duties(text, answer.offices, answer.everyone, language)
        found = answer.stance != "nothing" and bool(answer.citations)
        return Reply(
            Outcome.ANSWERED if found else Outcome.NOT_FOUND,
            text,
            language,
            decided,
            stance=None if answer.stance == "nothing" else answer.stance,
            citations=answer.citations,
            hits=answer.finding.hits,
            contacts=answer.contacts,
            suggestions=answer.suggestions,
            warnings=("outdated",) if notes else (),
        )


def _language(turns: Sequence[str]) -> Language:
    """Return the newest turn's language; one too short to tell keeps the language before it."""
    language: Language = "nb"
    for turn in turns:
        language = reply_language(turn, language)
    return language


def may_show_anyway(decided: Route) -> bool:
    """Tell whether the reader may see what the guide says although a card stands on top."""
    return decided.category not in ("skadelig_forespørsel", "egen_intensjon")


def _warnings(decided: Route, question: str | None, guidance: Guidance | None) -> tuple[str, ...]:
    codes = []
    if decided.reduced:
        codes.append("reduced")
    if question and privacy.find(question):
        codes.append("personal_data")
    if guidance is not None and guidance.status == "utkast":
        codes.append("draft")
    return tuple(codes)
