"""Read phrases.toml and find its words and phrases in folded text. Standard library only."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from assistant.language import fold

Cancels = dict[str, tuple[str, ...]]  # calming list -> lists that take the calm away again

_GAP = 4  # words that may stand between two terms of a pattern
_CERTAIN = 7  # letters from which a word may be recognised in spite of a slip of the finger
_LONGEST = 40  # letters of a word that are looked at
_TERM = re.compile(r"\((?P<words>[^)]*)\)|(?P<op>[+>!])(?P<gap>\d*)|(?P<name>\w+)")

# Words that folding would turn into quite another word (får/far, så/sa, dø/do, noe/nynorsk no, mål/mal).
_KEEP_APART = {"får": "fær", "faar": "fær", "så": "so", "saa": "so", "noe": "noko", "mål": "målet"}
_KEEP_APART |= {"dø": "døy", "dö": "døy"}
_APART = re.compile(rf"\b(?:{'|'.join(_KEEP_APART)})\b", re.IGNORECASE)


def folded(text: str) -> str:
    """Return the text folded as the lists are, with words that folding confuses kept apart."""
    return fold(_APART.sub(lambda word: _KEEP_APART[word.group().lower()], text))


@dataclass(frozen=True)
class Hit:
    """Where a list was found: word numbers, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Rule:
    """One pattern: lists that must stand near each other, in any order unless `ordered`."""

    category: str
    reason: str
    terms: tuple[str, ...]
    gaps: tuple[int, ...]
    ordered: bool
    across: bool  # may reach into the next sentence
    negatable: bool
    unless: frozenset[str]  # lists that calm the sentence


@dataclass
class _Node:
    """A place inside an entry: the words that lead on, and the list that ends here."""

    following: dict[int, list[_Node]] = field(default_factory=dict)
    ends: str | None = None


class Lexicon:
    """The lists of the file, compiled so that one pass over the words finds every entry."""

    def __init__(self, lists: Mapping[str, str], macros: Mapping[str, str]) -> None:
        """Compile the lists; raise KeyError naming an entry that makes no sense."""
        self._macros = {name: tuple(words.split("/")) for name, words in macros.items()}
        self._atoms: dict[tuple[str, str], int] = {}  # (kind, letters) -> number of the pattern
        self._written: dict[str, int] = {}  # word pattern as written -> its number
        self._root = _Node()
        for name, entries in lists.items():
            for entry in re.split(r"[,\n]", entries):
                if entry.split():
                    self._add(entry.split(), name)
        self._lengths = {
            kind: sorted({len(letters) for k, letters in self._atoms if k == kind})
            for kind in ("prefix", "suffix", "infix")
        }
        # Whole words less one letter, to recognise a word typed with a letter missing.
        self._shortened: dict[str, set[int]] = {}
        for (kind, letters), atom in self._atoms.items():
            if kind in ("exact", "prefix") and len(letters) > _CERTAIN:
                for at in range(1, len(letters)):
                    self._shortened.setdefault(letters[:at] + letters[at + 1 :], set()).add(atom)
        self.atoms_of = lru_cache(maxsize=50_000)(self._atoms_of)

    def hits(self, words: Sequence[str]) -> dict[str, list[Hit]]:
        """Return every list found in the words, each with its hits in order."""
        atoms = [self.atoms_of(word) for word in words]
        found: dict[str, list[Hit]] = {}
        for start in range(len(words)):
            live, position = [self._root], start
            here: set[tuple[str, int]] = set()
            while live and position < len(words):
                here_atoms = atoms[position]
                live = [n for node in live for a in here_atoms for n in node.following.get(a, ())]
                position += 1
                here.update((node.ends, position) for node in live if node.ends)
            for name, end in sorted(here):
                found.setdefault(name, []).append(Hit(start, end))
        return found

    def _add(self, places: Sequence[str], name: str) -> None:
        """Add an entry: its places in order, each with the alternatives that may stand there."""
        starts = [self._root]
        for number, place in enumerate(places):
            end = _Node()
            for option in place.replace("?", "").split("/"):
                for words in self._macros[option[1:]] if option[:1] == "@" else (option,):
                    self._chain(starts, words.replace("-", "_").split("_"), end)
            starts = [*starts, end] if "?" in place else [end]
            if all("?" in later for later in places[number + 1 :]):
                end.ends = name

    def _chain(self, starts: Sequence[_Node], words: Sequence[str], end: _Node) -> None:
        """Lead from every start through the words to the end."""
        if not all(word.strip("*") for word in words):
            raise KeyError("_".join(words))
        nodes = [*(_Node() for _ in words[1:]), end]
        for word, before, node in zip(words, [starts, *([n] for n in nodes)], nodes, strict=False):
            atom = self._atom(word)
            for place in before:
                place.following.setdefault(atom, []).append(node)

    def _atom(self, word: str) -> int:
        if word not in self._written:
            letters = folded(word.strip("*")).replace(" ", "").replace("'", "")
            kind = "prefix" if word.endswith("*") else "exact"
            if word.startswith("*"):
                kind = "infix" if kind == "prefix" else "suffix"
            self._written[word] = self._atoms.setdefault((kind, letters), len(self._atoms))
        return self._written[word]

    def _atoms_of(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the word patterns that a folded word fits."""
        word = word[:_LONGEST]
        keys = [("exact", word), *_specials(word)]
        keys += [("prefix", word[:n]) for n in self._lengths["prefix"] if n <= len(word)]
        keys += [("suffix", word[-n:]) for n in self._lengths["suffix"] if n <= len(word)]
        for n in self._lengths["infix"]:
            keys += [("infix", word[at : at + n]) for at in range(len(word) - n + 1)]
        return tuple(
            {self._atoms[key] for key in keys if key in self._atoms} or self._mistyped(word)
        )

    def _mistyped(self, word: str) -> set[int]:
        """Return the patterns of the words that differ by a letter missing, added or swapped."""
        if not _CERTAIN <= len(word) <= _LONGEST or not word.isalpha():
            return set()
        slips = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
        slips |= {
            word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)
        }
        found = {self._atoms["exact", slip] for slip in slips if ("exact", slip) in self._atoms}
        return found | self._shortened.get(word, set())


def _specials(word: str) -> Iterator[tuple[str, str]]:
    """Yield what a number stands for: any number, an age under eighteen, a year gone by."""
    if word.isdecimal() and len(word) <= 4:
        number = int(word)
        yield "exact", "#number"
        if number < 18:
            yield "exact", "#minor"
        if 1900 <= number <= 2024:
            yield "exact", "#year"


def load(path: Path) -> tuple[Lexicon, tuple[Rule, ...], Cancels]:
    """Read the phrase file; raise CorpusError when it is missing, malformed or names an unknown list."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        lists = {name: _without_comments(text) for name, text in raw["lists"].items()}
        cancels = {name: tuple(by.split()) for name, by in raw["calm"].items()}
        rules = tuple(rule for group in raw["group"] for rule in _rules(group, cancels, lists))
        lexicon = Lexicon(lists, raw["macros"])
    except (OSError, UnicodeDecodeError, KeyError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(path, f"kan ikke leses ({error}). Hent fila på nytt.") from error
    used = {name for rule in rules for name in rule.unless} | {
        n for by in cancels.values() for n in by
    }
    if used - set(lists):
        raise CorpusError(path, f"ukjente lister: {', '.join(sorted(used - set(lists)))}.")
    return lexicon, rules, cancels


def _without_comments(text: str) -> str:
    return "\n".join(line.split("# ")[0] for line in text.splitlines())


def _rules(group: Mapping[str, Any], calm: Iterable[str], lists: dict[str, str]) -> Iterator[Rule]:
    """Yield the rules of a group; entries written in brackets become lists of their own."""
    for pattern in group["find"]:
        terms: list[str] = []
        gaps: list[int] = []
        unless = set(calm) - set(group.get("despite", ())) | set(group.get("unless", ()))
        ordered = barred = False
        for part in _TERM.finditer(pattern):
            if part["op"]:
                barred, ordered = part["op"] == "!", ordered or part["op"] == ">"
                if not barred:
                    gaps.append(int(part["gap"] or group.get("gap", _GAP)))
                continue
            name = part["name"] or f"({part['words']})"
            lists.setdefault(name, part["words"] or lists[name])
            if barred:
                unless.add(name)
            else:
                terms.append(name)
        yield Rule(
            category=group["category"],
            reason=group["reason"],
            terms=tuple(terms),
            gaps=tuple(gaps),
            ordered=ordered,
            across=bool(group.get("across", False)),
            negatable=bool(group.get("negatable", True)),
            unless=frozenset(unless),
        )
