"""Deterministic triggers: danger said in words that a rule can name. Standard library only.

A trigger always escalates, so each rule needs several signs near each other in one sentence. What
calms a sign (a denial, the past, fiction, a general question) counts only in the clause or sentence
it stands in, so that harmless words elsewhere never hide a danger.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.language import visible
from assistant.safety.patterns import Hit, Rule, folded, load

_LEXICON, _RULES, _CANCELS = load(Path(__file__).with_name("phrases.toml"))

_BEFORE, _AFTER = 3, 2  # words before and after a sign in which a denial reaches it
_CALM_BEFORE, _CALM_AFTER = 24, 8  # words in which a calming cue reaches a sign
_NEAREST = 3  # candidates looked at for each further term, so that the work stays linear
_FRAGMENT = 4  # words of a sentence so short that it is read together with short neighbours
_SHORT = 16  # words of a newest turn that can lean on what came before
_NOT_ON = {"over", "unrelated", "fiction", "resolved", "food"}  # lists that show a turn does not

_TOKEN = re.compile(r"[a-z0-9§]+|[.!?¶]+|[,;:()\[\]\"«»“”–—|]")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_LETTERS = re.compile(r"\w(?: \w)*[.,!?]?")  # one word whose letters stand apart
# A full stop after these, or after a number, does not end the sentence.
_NO_STOP = frozenset("kl ca nr dvs jf pga ift mht evt tlf inkl eks bl f dr mr mrs st s".split())
# Words that open a new clause, so that a denial before them does not reach what follows.
_OPENERS = frozenset(
    "men but og and och fordi because at that att om if whether hvis viss dersom nar when mens medan "
    "while hvor kvar where so eller or for".split()
)
# Words that, written with a capital inside a sentence, begin a new one.
_STARTERS = frozenset(
    "Vi Det Han Hun Ho Hu Jeg Eg Jag De Dei Hva Kva Vad Hvad Hvem Kven Vem Hvordan Korleis Hur Kan Må "
    "Skal Når Nå No Nu Ikke Ikkje Inte Har Er The We What Who How He She They It When Can Do Is My "
    "Please Takk Neste Dette Den Først Alle Til På For Etter Also Our This That".split()
)
_JUMBLED = 4  # letters from which such a word is known with its letters out of order
_STARTERS_SORTED = frozenset("".join(sorted(word)) for word in _STARTERS)
# Words that tell an English message. There «no» is a denial and «I» a person, elsewhere «nå» and «in».
_ENGLISH = frozenset(
    "the and she they was with you my this what are has im ive theres hes shes dont isnt were want "
    "will how your our its not who does did cant about when where tell someone".split()
)
_SAME = {(False, "no"): "na", (True, "i"): "jeg"}


@dataclass(frozen=True)
class Match:
    """A danger found: its category, what matched in plain Norwegian, and the words themselves."""

    category: str
    reason: str
    span: str


def match(text: str) -> Match | None:
    """Return the first danger the rules find in a message, in the order of the file, or None."""
    for reading in _readings(text):
        for rule in _RULES:
            path = next(_paths(rule, reading), None)
            if path is not None:
                span = reading.shown(min(h.start for h in path), max(h.end for h in path))
                return Match(rule.category, f"{rule.reason}: «{span}»", span)
    return None


def goes_on(text: str) -> bool:
    """Tell whether a short turn leans on what came before: neither over nor about something else."""
    reading = next(_readings(text))
    if not 0 < len(reading.words) <= _SHORT:
        return False
    return "leans" in reading.hits and not reading.hits.keys() & _NOT_ON


def is_over(text: str) -> bool:
    """Tell whether a turn says that a danger is over, or was none."""
    return bool(next(_readings(text)).hits.keys() & {"over", "resolved"})


@dataclass(frozen=True)
class _Reading:
    """The folded words of a message; for each its clause, sentence and place in the original."""

    written: Sequence[str]
    words: Sequence[str]
    place: Sequence[int]  # number of the word in `written`
    clause: Sequence[int]
    sentence: Sequence[int]

    @cached_property
    def hits(self) -> dict[str, list[Hit]]:
        """Return the hits of every list, less those inside a harmless turn of phrase."""
        hits = _LEXICON.hits(self.words)
        harmless = _covered(hits.get("harmless", ()))
        if not harmless:
            return hits
        kept = {
            name: [h for h in found if harmless.isdisjoint(range(h.start, h.end))]
            for name, found in hits.items()
        }
        return {name: found for name, found in kept.items() if found}

    @cached_property
    def denials(self) -> frozenset[int]:
        """Return the numbers of the words that deny."""
        return frozenset(
            _covered(self.hits.get("denial", ())) - _covered(self.hits.get("not_denial", ()))
        )

    @cached_property
    def stretch(self) -> Sequence[int]:
        """Return for each word the number of its sentence, short neighbouring ones read as one."""
        numbers: list[int] = []
        short = False
        for _, group in itertools.groupby(self.sentence):
            size = len(list(group))
            joined = short and size <= _FRAGMENT
            short = size <= _FRAGMENT
            number = (numbers[-1] if numbers else 0) + (not joined)
            numbers += [number] * size
        return numbers

    def shown(self, start: int, end: int) -> str:
        """Return the words from number `start` to `end` as they were written."""
        piece = self.written[self.place[start] : self.place[end - 1] + 1]
        return " ".join(piece).replace("¶", "").strip(' .,:;!?«»"')


def _covered(hits: Sequence[Hit]) -> set[int]:
    return {n for hit in hits for n in range(hit.start, hit.end)}


def _readings(text: str) -> Iterator[_Reading]:
    """Yield the message as it stands, then with broken lines joined if it has any."""
    text = _closed_up(_APOSTROPHE.sub("", visible(text)))
    yield _read(text.replace("\n", " ¶ "))
    if "\n" in text.strip():
        yield _read(text)


def _closed_up(text: str) -> str:
    """Close up the words of a text whose letters stand one space apart and its words two."""
    parts = re.split(r" {2,3}", text)
    apart = [_LETTERS.fullmatch(part) is not None for part in parts]
    if sum(apart) < 3:
        return text
    return " ".join(
        part.replace(" ", "") if a else part for part, a in zip(parts, apart, strict=True)
    )


def _read(text: str) -> _Reading:
    written, pieces = text.split(), folded(text).split()
    if len(written) != len(pieces):  # letters written apart have been closed up
        written = pieces
    titled = sum(word.istitle() for word in written) * 2 > len(written)
    words: list[str] = []
    place: list[int] = []
    clause: list[int] = []
    sentence: list[int] = []
    clauses = sentences = 0
    for number, piece in enumerate(pieces):
        sentences += _starts(written[number]) and not titled
        for token in _TOKEN.findall(piece):
            if token[0] in ".!?¶":
                ends = (
                    token != "."
                    or not words
                    or not (words[-1] in _NO_STOP or words[-1].isdecimal())
                )
                sentences += ends
            elif token[0].isalnum() or token[0] == "§":
                clauses += token in _OPENERS
                words.append(token)
                place.append(number)
                clause.append(clauses + sentences)
                sentence.append(sentences)
            else:
                clauses += 1
    return _Reading(written, _in_language(words, sentence), place, clause, sentence)


def _starts(word: str) -> bool:
    """Tell whether a word with a capital begins a sentence, two letters in the wrong order or not."""
    if word in _STARTERS:
        return True
    return len(word) >= _JUMBLED and word[0].isupper() and "".join(sorted(word)) in _STARTERS_SORTED


def _in_language(words: Sequence[str], sentence: Sequence[int]) -> list[str]:
    """Return the words with those that mean different things in English and Norwegian told apart.

    Every sentence is judged by itself, so that one in English does not change what «no» means in the
    next; a very short one is in the language of the sentence before it.
    """
    found: list[str] = []
    english = not _ENGLISH.isdisjoint(words)
    for _, group in itertools.groupby(zip(words, sentence, strict=True), key=lambda pair: pair[1]):
        here = [word for word, _ in group]
        if len(here) >= _FRAGMENT or not _ENGLISH.isdisjoint(here):
            english = not _ENGLISH.isdisjoint(here)
        found += [_SAME.get((english, word), word) for word in here]
    return found


def _paths(rule: Rule, reading: _Reading) -> Iterator[tuple[Hit, ...]]:
    """Yield the places where the rule holds and nothing denies or calms it."""
    if any(term not in reading.hits for term in rule.terms):
        return
    orders = [rule.terms] if rule.ordered else itertools.permutations(rule.terms)
    widest = max(rule.gaps, default=0)
    for terms in orders:
        gaps = rule.gaps if rule.ordered else (widest,) * len(rule.gaps)
        for first in reading.hits[terms[0]]:
            for path in _extend((first,), terms[1:], gaps, rule.across, reading):
                if not (rule.negatable and _denied(path, reading)) and not _calmed(
                    rule, path, reading
                ):
                    yield path


def _extend(
    path: tuple[Hit, ...],
    terms: Sequence[str],
    gaps: Sequence[int],
    across: bool,
    reading: _Reading,
) -> Iterator[tuple[Hit, ...]]:
    """Yield the path continued with a hit of every further term, each near the one before it."""
    if not terms:
        yield path
        return
    end, candidates = path[-1].end, reading.hits[terms[0]]
    last = reading.stretch[path[0].start] + across
    at = bisect_left(candidates, end, key=lambda hit: hit.start)
    for hit in candidates[at : at + _NEAREST]:
        if hit.start - end > gaps[0] or reading.stretch[hit.start] > last:
            return
        yield from _extend((*path, hit), terms[1:], gaps[1:], across, reading)


def _denied(path: tuple[Hit, ...], reading: _Reading) -> bool:
    """Tell whether a denial stands by one of the signs, in the same clause and not part of a sign."""
    own = _covered(path)
    return any(
        n in reading.denials and n not in own and reading.clause[n] == reading.clause[sign.start]
        for sign in path
        for n in range(max(0, sign.start - _BEFORE), min(len(reading.words), sign.end + _AFTER))
    )


def _calmed(rule: Rule, path: tuple[Hit, ...], reading: _Reading) -> bool:
    """Tell whether the past, fiction, a general question or the like stands in the same sentence.

    What takes the calm away («nå», «på ordentlig») counts when it stands nearer to the signs.
    """
    start, end = path[0].start, path[-1].end

    def distance(name: str) -> int | None:
        """Return the words between the signs and the nearest hit of a list in their sentences."""
        hits = reading.hits.get(name, [])
        at = bisect_left(hits, start - _CALM_BEFORE, key=lambda hit: hit.start)
        near = itertools.takewhile(lambda hit: hit.start < end + _CALM_AFTER, hits[at : at + 64])
        return min(
            (
                max(start - hit.end, hit.start - end, 0)
                for hit in near
                if reading.sentence[start]
                <= reading.sentence[hit.start]
                <= reading.sentence[end - 1]
            ),
            default=None,
        )

    for name in rule.unless & reading.hits.keys():
        calm = distance(name)
        if calm is not None:
            against = [d for d in map(distance, _CANCELS.get(name, ())) if d is not None]
            if not against or calm < min(against):
                return True
    return False
