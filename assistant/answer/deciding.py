"""Decide how a question can be met: answered, refuted, or honestly not, and from which sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from assistant.answer.asking import Asked
from assistant.archive.retrieval import Finding
from assistant.desk.contacts import Record
from assistant.language import words

_NUMBERS = {
    word: str(number)
    for number, spelt in enumerate(
        ("to two", "tre three", "fire four", "fem five", "seks six", "sju syv seven", "atte eight",
         "ni nine", "ti ten", "elleve eleven", "tolv twelve"), start=2,
    )
    for word in spelt.split()
}  # fmt: skip
Stance = Literal["answers", "lacks", "corrects", "nothing"]


@dataclass(frozen=True)
class Bounds:
    """Where the stances begin; set on validation cases, see docs/maalinger.md."""

    far: float = 0.805  # top cosine below which nothing in the corpus is about the question
    far_untuned: float = 0.825  # the same without the tuned reader
    off_topic: float = 0.30  # share of the stance head
    off_topic_strange: float = 0.16  # the same where no known question is near
    strange: float = 0.63  # cosine to every known question below which a question is strange
    nearness: float = 13.0  # what the cosine to the nearest door of a stance counts, in nats
    known: float = 0.80  # cosine to a known question above which nothing is off topic
    near: float = 0.70  # cosine to a known question above which a far question is not off topic
    lacks: float = 0.9  # nats that tell for an honest no
    corrects: float = 0.0  # nats that tell against a correction
    corrects_leaning: float = -1.0  # more of them for a turn that leans on the one before


def decide(
    finding: Finding, asked: Asked, bodies: tuple[Record, ...], bounds: Bounds | None = None
) -> Stance:
    """Return the stance of the reply; `bodies` are the contact records the question names."""
    bounds = bounds or Bounds()
    stances = finding.stances
    if not finding.units or _is_off_topic(finding, bounds):
        return "nothing"
    likeliest = _likeliest(finding, asked, bounds) if stances else "answers"
    if likeliest != "lacks" and counts_differ(asked.text, finding.units[0].sentence.text):
        return "corrects"
    if asked.email and not asked.phone:
        return "lacks"
    if asked.phone and bodies and likeliest != "corrects":
        asked_for = next((b for b in bodies if not b.contact.is_local), bodies[0])
        return "answers" if asked_for.guide_quote else "lacks"
    return likeliest


def _is_off_topic(finding: Finding, bounds: Bounds) -> bool:
    """Tell whether nothing in the corpus is about the question."""
    if not finding.stances:
        return finding.top_cosine < bounds.far_untuned
    known = max((cosine for door, cosine in finding.doors if door.stance == "answers"), default=0.0)
    if known >= bounds.known:
        return False
    strange = all(cosine < bounds.strange for _, cosine in finding.doors)
    share = finding.stances["off_topic"]
    least = bounds.off_topic_strange if strange else bounds.off_topic
    return (finding.top_cosine < bounds.far and known < bounds.near) or share >= least


def counts_differ(question: str, sentence: str) -> bool:
    """Tell whether a question takes one number of something for granted and the sentence gives another."""
    theirs = _counts(sentence)
    numbers = {number for number, _ in theirs}
    for number, noun in _counts(question):
        if noun and number not in numbers and any(noun in near for _, near in theirs):
            return True
    return False


def _counts(text: str) -> list[tuple[str, str]]:
    """Return (number, the folded words after it) for every count below a hundred."""
    tokens = words(text)
    found = []
    for place, token in enumerate(tokens[:-1]):
        number = _NUMBERS.get(token, token if token.isdigit() and len(token) < 3 else "")
        if number:
            after = [t[:5] for t in tokens[place + 1 : place + 4] if len(t) >= 4]
            found.append((number, " ".join(after)))
    return [(n, near.split(" ")[0] if text.endswith("?") else near) for n, near in found]


def _likeliest(finding: Finding, asked: Asked, bounds: Bounds) -> Stance:
    """Weigh the stance head's shares with how near a known question of each stance lies."""
    bias: dict[Stance, float] = {
        "answers": 0.0,
        "lacks": bounds.lacks,
        # A few words that lean on the turn before seldom take anything for granted themselves.
        "corrects": bounds.corrects + (bounds.corrects_leaning if asked.leans else 0.0),
    }
    weight = {
        stance: math.log(finding.stances[stance] + 1e-6)
        + bounds.nearness * max((c for d, c in finding.doors if d.stance == stance), default=0.3)
        + bias[stance]
        for stance in bias
    }
    return max(weight, key=lambda stance: weight[stance])
