"""The product in one straight line: route, retrieve, quote, prove, reply. Read this first."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from assistant import privacy
from assistant.answer import quoting, replies
from assistant.answer.citing import prove
from assistant.archive.retrieval import Finding, Retriever
from assistant.domain import Guidance, Language, Level, Outcome, Passage, Reply, Route, Signal
from assistant.errors import AssistantError
from assistant.language import reply_language, say
from assistant.safety.guidance import Shelf
from assistant.safety.routing import route

_LOG = logging.getLogger(__name__)
OFF_TOPIC = 0.815  # top cosine below which nothing in the corpus is about the question
LONGEST_QUESTION = 2_000  # characters that retrieval reads; routing reads everything


class Assistant:
    """Answers turns. Without a retriever or signal it still lets danger through."""

    def __init__(
        self,
        shelf: Shelf,
        retriever: Retriever | None = None,
        signal: Signal | None = None,
        *,
        trouble: AssistantError | None = None,
    ) -> None:
        """Take the guidance shelf and whatever works; `trouble` says why retrieval does not."""
        self.shelf, self.retriever, self.signal, self.trouble = shelf, retriever, signal, trouble

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
        language = language or reply_language(turns[-1] if turns else "")
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
        box = self.shelf.emergency_box if decided.level is not Level.ORDINARY else None
        try:
            reply = self._answer(turns, question, decided, language)
        except AssistantError as error:
            _LOG.warning("Svarte ikke: %s", error)
            text = say(language, "failed.general", what=str(error))
            reply = Reply(Outcome.FAILED, text, language, decided)
        warnings = (*_warnings(decided, question, box), *reply.warnings)
        return replace(
            reply, guidance=reply.guidance or box, warnings=tuple(dict.fromkeys(warnings))
        )

    def _answer(
        self, turns: Sequence[str], question: str, decided: Route, language: Language
    ) -> Reply:
        fixed = replies.notice(question, language)
        if fixed is not None:
            return Reply(Outcome.NOTICE, fixed, language, decided)
        if self.retriever is None:
            raise self.trouble or AssistantError(say(language, "notice.starting"))
        finding = self.retriever.find(question[:LONGEST_QUESTION])
        citations = prove(quoting.pick(finding))
        if not citations or finding.top_cosine < OFF_TOPIC:
            return _not_found(finding, decided, language)
        return Reply(
            Outcome.ANSWERED,
            replies.answer_text(citations, language),
            language,
            decided,
            stance="answers",
            citations=citations,
            hits=finding.hits,
        )


def may_show_anyway(decided: Route) -> bool:
    """Tell whether the reader may see what the guide says although a card stands on top."""
    return decided.category not in ("skadelig_forespørsel", "egen_intensjon")


def _not_found(finding: Finding, decided: Route, language: Language) -> Reply:
    nearest: Passage | None = finding.hits[0].passage if finding.hits else None
    return Reply(
        Outcome.NOT_FOUND,
        replies.not_found_text(nearest, language),
        language,
        decided,
        hits=finding.hits,
    )


def _warnings(decided: Route, question: str | None, guidance: Guidance | None) -> tuple[str, ...]:
    codes = []
    if decided.reduced:
        codes.append("reduced")
    if question and privacy.find(question):
        codes.append("personal_data")
    if guidance is not None and guidance.status == "utkast":
        codes.append("draft")
    return tuple(codes)
