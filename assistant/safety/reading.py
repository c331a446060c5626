"""A message as the triggers read it: folded words, each with its clause, sentence and place.

Standard library only.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.language import visible
from assistant.safety.patterns import Hit, Lexicon, folded

_FRAGMENT = 4  # words of a sentence so short that it is read together with short neighbours
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
class Reading:
    """The folded words of a message; for each its clause, sentence and place in the original."""

    lexicon: Lexicon
    written: Sequence[str]
    words: Sequence[str]
    place: Sequence[int]  # number of the word in `written`
    clause: Sequence[int]
    sentence: Sequence[int]

    @cached_property
    def hits(self) -> dict[str, list[Hit]]:
        """Return the hits of every list, less those inside a harmless turn of phrase."""
        hits = self.lexicon.hits(self.words)
        harmless = covered(hits.get("harmless", ()))
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
            covered(self.hits.get("denial", ())) - covered(self.hits.get("not_denial", ()))
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


def readings(text: str, lexicon: Lexicon) -> Iterator[Reading]:
    """Yield the message as it stands, then with broken lines joined if it has any."""
    text = _closed_up(_APOSTROPHE.sub("", visible(text)))
    yield _read(text.replace("\n", " ¶ "), lexicon)
    if "\n" in text.strip():
        yield _read(text, lexicon)


def _closed_up(text: str) -> str:
    """Close up the words of a text whose letters stand one space apart and its words two."""
    parts = re.split(r" {2,3}", text)
    apart = [_LETTERS.fullmatch(part) is not None for part in parts]
    if sum(apart) < 3:
        return text
    return " ".join(
        part.replace(" ", "") if a else part for part, a in zip(parts, apart, strict=True)
    )


def _read(text: str, lexicon: Lexicon) -> Reading:
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
    return Reading(lexicon, written, _in_language(words, sentence), place, clause, sentence)


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


def covered(hits: Sequence[Hit]) -> set[int]:
    """Return the numbers of the words that hits lie over."""
    return {n for hit in hits for n in range(hit.start, hit.end)}
