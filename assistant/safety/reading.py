"""A message as the triggers read it: folded words, each in its clause and sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language import visible
from assistant.safety.patterns import folded

_TOKEN = re.compile(r"[a-z0-9§]+|[.!?¶]+|[,;:()\[\]\"«»“”–—|]|\s-(?=\s)")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_WIDE = re.compile(r"(?<=\b\w)[ ]{2,3}(?=\w\b)")  # between words whose letters stand apart
# A full stop after these, or after a number, does not end the sentence.
_NO_STOP = frozenset(["kl", "ca", "nr", "dvs", "jf", "pga", "ift", "mht", "evt", "tlf", "inkl", "eks", "bl", "f", "dr", "mr", "mrs", "st", "s"])
# Words that open a new clause, so that a denial before them does not reach what follows.
_OPENERS = frozenset(
    ["men", "but", "og", "and", "och", "fordi", "because", "at", "that", "att", "om", "if", "whether", "hvis", "viss", "dersom", "nar", "when", "mens", "medan", "while", "hvor", "kvar", "where", "sa", "so", "eller", "or", "og", "for"]
)
# Words that, written with a capital inside a sentence, begin a new one.
_STARTERS = frozenset(
    ["Vi", "Det", "Han", "Hun", "Ho", "Hu", "Jeg", "Eg", "Jag", "De", "Dei", "Hva", "Kva", "Vad", "Hvad", "Hvem", "Kven", "Vem", "Hvordan", "Korleis", "Hur", "Kan", "Må", "Skal", "Når", "Nå", "No", "Nu", "I", "Ikke", "Ikkje", "Inte", "Har", "Er", "The", "We", "What", "Who", "How", "He", "She", "They", "It", "When", "Can", "Do", "Is", "My", "Please", "Takk", "Neste", "Dette", "Den", "Først", "Alle", "Til", "På", "For", "Etter", "Also", "Our", "This", "That"]
) - {"I"}


# Words that tell an English message, where «no» is a denial.
_ENGLISH = frozenset(
    ["the", "and", "she", "they", "was", "with", "you", "my", "this", "what", "are", "has", "im", "ive", "theres", "hes", "shes", "dont", "isnt", "were", "want", "will", "how", "your", "our", "its", "not", "who", "does", "did", "cant", "about", "when", "where", "tell", "someone"]
)


# Nynorsk «no» is «nå», English «I» is «jeg»; in the other language they are quite different words.
_SAME = {(False, "no"): "na", (True, "i"): "jeg"}


@dataclass(frozen=True)
class Reading:
    """The folded words of a message; for each its clause, sentence and place in the original."""

    words: tuple[str, ...]
    clause: tuple[int, ...]
    sentence: tuple[int, ...]
    place: tuple[int, ...]  # number of the word in `shown`
    shown: tuple[str, ...]

    def words_at(self, start: int, end: int) -> str:
        """Return the words from token `start` to `end` as they were written."""
        piece = self.shown[self.place[start] : self.place[end - 1] + 1]
        return " ".join(piece).replace("¶", "").strip(" .,:;!?")


def readings(text: str) -> Iterator[Reading]:
    """Yield the message as it stands, then with broken lines joined if it has any."""
    text = _APOSTROPHE.sub("", visible(text))
    text = _WIDE.sub(" ~ ", text)
    yield _read(text.replace("\n", " ¶ "))
    if "\n" in text.strip():
        yield _read(text)


def _read(text: str) -> Reading:
    shown = text.split()
    pieces = folded(text).split()
    if len(shown) != len(pieces):  # letters written apart have been closed up
        shown = pieces
    english = not _ENGLISH.isdisjoint(pieces)
    words: list[str] = []
    clause, sentence, place = [], [], []
    clauses = sentences = 0
    for number, (written, piece) in enumerate(zip(shown, pieces, strict=True)):
        if written in _STARTERS and number and not shown[number - 1].isupper():
            sentences += 1
        for token in _TOKEN.findall(piece):
            if token[0] in ".!?¶":
                if token != "." or not words or not (words[-1] in _NO_STOP or words[-1].isdecimal()):
                    sentences += 1
            elif not token[0].isalnum() and token[0] != "§":
                clauses += 1
            else:
                clauses += token in _OPENERS
                words.append(_SAME.get((english, token), token))
                clause.append(clauses + sentences)
                sentence.append(sentences)
                place.append(number)
    return Reading(tuple(words), tuple(clause), tuple(sentence), tuple(place), tuple(shown))
