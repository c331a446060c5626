"""The nouns of exit-assistent: frozen values that every room passes to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from enum import StrEnum
from typing import Literal, Protocol

Language = Literal["nb", "nn", "en"]
Text = dict[str, str]  # one text per language: {"nb": ..., "nn": ..., "en": ...}
Vector = Sequence[float]
GUIDE = "veileder-exit"  # the source id of the guide that the question bank and the reader know by heart


class Authority(StrEnum):
    """How much weight a source carries; the order of the members is the rank, law first."""

    LAW = "lov"
    GUIDE = "veileder"
    LITERATURE = "faglitteratur"
    LOCAL = "lokal"

    @property
    def rank(self) -> int:
        """Return 0 for law, 1 for guides, 2 for literature, 3 for local notes."""
        return list(Authority).index(self)


class Level(StrEnum):
    """What the front door decided for the newest turn, mildest first."""

    ORDINARY = "ordinary"
    CAUTION = "caution"
    ESCALATE = "escalate"

    @property
    def rank(self) -> int:
        """Return 0 for ordinary, 1 for caution, 2 for escalate."""
        return list(Level).index(self)


class Outcome(StrEnum):
    """How a question ended."""

    ESCALATED = "escalated"
    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    NOTICE = "notice"
    FAILED = "failed"


CATEGORIES = (
    "akutt_fare",
    "planlagt_vold",
    "selvmord_selvskade",
    "barn_i_fare",
    "utreise",
    "trusler_mot_fagperson_eller_utbryter",
    "akutt_helse",
    "egen_intensjon",
    "skadelig_forespørsel",
)


@dataclass(frozen=True)
class Source:
    """A document the corpus rests on, fetched or only described."""

    id: str
    title: str
    publisher: str
    year: str
    url: str | None
    kind: str
    language: str
    licence: str
    authority: Authority
    confidence: str
    description: str = ""
    store: bool = False  # may its text be stored here, by its licence


@dataclass(frozen=True)
class Sentence:
    """One quotable unit of a passage: a sentence, a list item or a contact line."""

    text: str  # verbatim in the passage
    lead_in: str = ""  # the sentence that introduces the list this item belongs to, or ""


@dataclass(frozen=True)
class Passage:
    """A stretch of one section, short enough to read at a glance (about 600 characters)."""

    id: str
    source_id: str
    source_title: str
    authority: Authority
    headings: tuple[str, ...]
    text: str
    sentences: tuple[Sentence, ...]
    position: int  # place in the corpus, in reading order
    language: str = "nb"
    url: str | None = None  # the public page or file, without a text fragment
    exact_url: bool = False  # whether `url` is the very page the words stand on
    page: int | None = None
    date: str | None = None
    until: str | None = None  # ISO day from which the source itself says that other words apply

    def lapsed(self, today: Day) -> bool:
        """Tell whether the words no longer apply, so that they may not be quoted."""
        return self.until is not None and self.until <= today.isoformat()

    @property
    def label(self) -> str:
        """Return the heading path a reader sees, source first."""
        return " › ".join((self.source_title, *self.headings))


@dataclass(frozen=True)
class Hit:
    """A passage found for a question, with the fused score (0 to 1, higher is nearer)."""

    passage: Passage
    score: float


@dataclass(frozen=True)
class Citation:
    """A numbered, proven quote."""

    number: int
    passage: Passage
    quote: str
    url: str | None

    @property
    def label(self) -> str:
        """Return the heading path of the cited passage."""
        return self.passage.label


LOCAL = "lokal"  # confidence of a contact that the municipality itself has written down


@dataclass(frozen=True)
class Contact:
    """A human-checked contact record; never generated."""

    id: str
    name: str
    phone: str | None
    hours: str | None
    source: str
    checked: str
    confidence: str  # V, V3, G, H or G/H (see the nomenclature in the README), or LOCAL
    url: str | None = None
    about: str = ""

    @property
    def must_be_checked(self) -> bool:
        """Tell whether the number may be shown only with «må kontrolleres» beside it."""
        return "H" in self.confidence or self.confidence == "G"

    @property
    def is_local(self) -> bool:
        """Tell whether the municipality itself has written the record down."""
        return self.confidence == LOCAL

    def overdue(self, today: Day) -> bool:
        """Tell whether the municipality's own record was checked more than twelve months ago."""
        return self.is_local and (today - Day.fromisoformat(self.checked)).days > 365


@dataclass(frozen=True)
class SignOff:
    """A professional's approval of one guidance text, tied to the text's hash."""

    name: str
    role: str
    date: str
    sha256: str


@dataclass(frozen=True)
class Guidance:
    """A fixed text, written by people, that is shown byte for byte."""

    id: str
    categories: tuple[str, ...]
    title: Text
    text: Text
    contacts: dict[str, tuple[Contact, ...]]  # per language
    sha256: Text  # per language, over the text's UTF-8 bytes
    status: Literal["utkast", "godkjent"]
    overdue: bool = False  # approved, but more than twelve months ago
    sign_off: SignOff | None = None


@dataclass(frozen=True)
class Route:
    """What the front door decided, and why."""

    level: Level
    category: str | None = None
    signal: Literal["trigger", "model", "context"] | None = None
    reason: str = ""
    reduced: bool = False  # the learned signal was unavailable


@dataclass(frozen=True)
class SignalScore:
    """The learned signal's view of one message: the likeliest category and the two verdicts."""

    category: str
    probability: float  # 0 to 1 that the message is dangerous
    level: Level
    excerpt: str = ""  # the sentence or window that scored highest
    from_context: bool = False  # the newest turn alone would not have reached this level


@dataclass(frozen=True)
class Reply:
    """Everything the assistant says to one turn; the JSON contract of `docs/kontrakt.md`."""

    outcome: Outcome
    text: str
    language: Language
    route: Route
    stance: Literal["answers", "lacks", "corrects"] | None = None
    guidance: Guidance | None = None
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    contacts: tuple[Contact, ...] = ()
    warnings: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    millis: float = 0.0


class Embedder(Protocol):
    """Turns texts into unit vectors of one width."""

    @property
    def fingerprint(self) -> str:
        """Return a name for these weights that changes when they do."""
        ...

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed questions; one unit vector a text."""
        ...

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed passages; one unit vector a text."""
        ...


class Attender(Protocol):
    """Turns texts into vectors that also look for particular things in them."""

    def attended(self, texts: Sequence[str], looks: Sequence[Vector]) -> list[list[float]]:
        """Embed questions; a text's unit vector, then one more for each look, end to end."""
        ...


class Signal(Protocol):
    """The learned second opinion of the front door; it may only raise a level."""

    def score(self, turns: Sequence[str]) -> SignalScore:
        """Judge the newest of the turns, with what came before it."""
        ...
