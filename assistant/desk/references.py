"""Read the §§ that a text refers to, and of which act: «hpl. §§ 31 og 33», «§ 27 i politiloven», «strl 196»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from assistant.language import fold, visible

# «i» with a space before it is a letter of the § only at an end: «§ 27 i politiloven» is § 27.
_LETTER = r"(?: ?[a-h](?![a-z])| ?i(?=$|[?.,;:)]))"
_NUMBER = rf"\d{{1,3}}(?!\d)(?:(?: ?[a-h])?-\d{{1,2}}(?!\d))?{_LETTER}?"
_AND = r"(?:,| og| eller| samt| and| or)+ ?"
_SIGN = r"(?:§+|\bparagraf\w*|\bsections?|\bsec\.?)"
_CITED = re.compile(
    rf"(?P<sign>{_SIGN}) ?(?P<first>{_NUMBER}(?:-\d{{3}}(?!\d))?)"
    rf"(?P<more>(?:{_AND}(?:{_NUMBER}|[a-h](?![a-z])))*)"
)
_ITEM = re.compile(rf"{_NUMBER}|(?<![a-z])[a-h](?![a-z])")
# «§§ 21-23», «§§ 13 til 13 g», «§ 4 f-4 i»
_RANGE = re.compile(
    rf"(?P<sign>{_SIGN}) ?(?P<low>\d{{1,3}}(?: ?[a-i])?) ?(?:-|til|to) ?"
    rf"(?P<high>\d{{1,3}}(?: ?[a-i](?![a-z]))?)(?![\d-])"
)
_LONGEST_RANGE = 12
# «strl 196», and not «straffeloven, 6 år» or «nav-loven 7. mars».
_BARE = re.compile(
    rf"^\.? ?(?P<first>{_NUMBER})(?=$|[?!,;:)]|\.(?! ?(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des))"
    r"| (?:om|forste|andre|tredje|fjerde|bokstav|nr)\b)"
)
# An act that is not on the list.
_OTHER_ACT = re.compile(
    r"\b\w{3,}(?:lov|loven|lova|lovens|forskrift(?:en|a)?)\b|\b(?!the |this |that |new |old )[a-z]{3,} (?:act|code)\b"
)
# Documents with §§ of their own.
_OTHER_TEXT = re.compile(
    r"\b\w*(?:reglement|vedtekt|instruks|avtale|rutine|kontrakt|retningslinj|husorden|statutt)\w*"
)
_RIGHT_BEFORE = re.compile(
    r"[\s,.()«»\"]*(?:(?:av|fra|fr|of) )?(?:(?:18|19|20)\d\d)?[\s,.()«»\"]*$"
)
_RIGHT_AFTER = re.compile(
    r"[\s,(]*(?:(?:forste|andre|annet|tredje|fjerde|femte|sjette|siste|\d\.?) (?:ledd|punktum) ?"
    r"|bokstav [a-z] ?|nr\.? ?\d+ ?)*"
    r"(?:(?:i|etter|av|jf\.?|under|of|in)\s+)?(?:(?:den|the|nye|gamle)\s+)*$"
)
_GOES_ON = re.compile(rf"[\s,]*(?:{_AND})?(?:jf\.? ?)?\s*$")
_ENDS = re.compile(r"[.?!](?:\s|$)")
# «Hva sier … § 21», «ordlyden i § 21»: the § itself is what is asked for.
_ASKS_FOR = re.compile(
    r"\b(?:hva|ka|kva)\s+(?:sier|seier|star|betyr|tyder|inneberer|inneber|regulerer|handler|handlar|gar|lyder)\b"
    r"(?:\s+(?:det|egentlig|eigentleg|der|i|etter|om|ut|pa|the))*\s*$"
    r"|\bwhat (?:does|do|is|are)\b[^.?!]{0,12}$|\b(?:ordlyd|lovtekst|teksten)\w*[^.?!]{0,12}$|\bvis(?: meg)?\s*$"
)
_HARDLY_MORE = 3  # words besides the § in a turn that asks for nothing else


@dataclass(frozen=True)
class Reference:
    """One § as referred to; `start` and `end` are its place in the readable text, the act's name included.

    `act` is the title of a listed act, `name` what an act that is not listed is called; neither where none is named.
    """

    act: str | None
    name: str
    number: str  # «13b», without spaces
    start: int
    end: int


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    act: str | None
    name: str = ""


def readable(text: str) -> str:
    """Return a text folded, with every dash between numbers the same and «å» told from the letter a."""
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", visible(text))
    text = re.sub(r"(?<=\d) ?- ?(?=\d)", "-", text)
    return fold(re.sub(r"\bå\b", "at", text, flags=re.IGNORECASE))


class References:
    """Reads references by the names of acts and by which §§ are known."""

    def __init__(self, names: Mapping[str, str], numbers: Mapping[str, Set[str]]) -> None:
        """Take the title of the act for every folded name, and the §§ that are known of each act."""
        self._names, self._numbers_of = names, numbers

    def _known(self, act: str, number: str) -> bool:
        return number in self._numbers_of.get(act, ())

    def read(self, text: str, earlier: Sequence[str] = ()) -> tuple[Reference, ...]:
        """Return the §§ a text refers to, in its order, each once; `earlier` turns may name the act.

        A § whose act is not named has neither act nor name.
        """
        folded = readable(text)
        mentions = self._mentions(folded)
        found = list(self._signed(folded, mentions)) or list(self._bare(folded, mentions))
        last = self.last_act(earlier)
        if last is not None:
            found = [
                replace(r, act=last) if not (r.act or r.name) and self._known(last, r.number) else r
                for r in found
            ]
        return tuple({(r.act, r.name, r.number): r for r in reversed(found)}.values())[::-1]

    def last_act(self, turns: Sequence[str]) -> str | None:
        """Return the listed act that the latest of some turns names last."""
        for turn in reversed(turns):
            mentions = self._mentions(readable(turn))
            if mentions:
                return mentions[-1].act
        return None

    def _mentions(self, folded: str) -> list[_Mention]:
        """Return the acts a text names, listed or not; a longer name hides one inside it."""
        found = [
            _Mention(match.start(), match.end(), act)
            for name, act in self._names.items()
            for match in re.finditer(rf"(?<!\w){re.escape(name)}s?(?!\w)", folded)
        ]
        found += [_Mention(m.start(), m.end(), None, m[0]) for m in _OTHER_ACT.finditer(folded)]
        return sorted(
            (m for m in found if not any(_hides(other, m) for other in found)),
            key=lambda mention: mention.start,
        )

    def _signed(self, folded: str, mentions: Sequence[_Mention]) -> Iterator[Reference]:
        last: Reference | None = None
        for match in _CITED.finditer(folded):
            owner = _owner(folded, match, mentions)
            start = match.start()
            if owner is not None:
                start, act, name = min(start, owner.start), owner.act, owner.name
            elif last is not None and _GOES_ON.fullmatch(folded, last.end, match.start()):
                act, name = last.act, last.name
            else:
                act, name = None, ""
            for number in self._numbers(match, act):
                end = max(match.end(), owner.end if owner else 0)
                last = Reference(act, name, number, start, end)
                yield last

    def _bare(self, folded: str, mentions: Sequence[_Mention]) -> Iterator[Reference]:
        for mention in mentions:
            match = _BARE.match(folded[mention.end :])
            if match and mention.act:
                number = self._fitting(match["first"], mention.act)
                end = mention.end + match.end()
                yield Reference(mention.act, "", number, mention.start, end)

    def _numbers(self, match: re.Match[str], act: str | None) -> Iterator[str]:
        """Yield every number after a sign: «§§ 31, 32 og 33», «§§ 21-23», «§ 13 d og e»."""
        many = match["sign"].startswith("§§") or match["sign"].endswith("s")
        within = self._range(match, act)
        if within:
            yield from within
            return
        first = self._fitting(match["first"], act)
        yield first
        base = re.sub(r"[a-i]$", "", first)
        for item in _ITEM.findall(match["more"]):
            number = base + item if item.isalpha() else self._fitting(item, act)
            known = act is not None and self._known(act, number)
            if known or (many and not item.isalpha()):
                yield number

    def _range(self, match: re.Match[str], act: str | None) -> list[str]:
        """Return the numbers of a range, those the act is known to have if it is known; none for a single §."""
        found = _RANGE.match(match.string, match.start())
        if found is None:
            return []
        low, high = (found[end].replace(" ", "") for end in ("low", "high"))
        if act and self._known(act, f"{low}-{high}"):  # «§ 13-2» is one §
            return []
        plain = low.isdigit() and high.isdigit()
        if plain and not found["sign"].startswith("§§") and "-" in found[0]:
            return []
        known = sorted(self._numbers_of.get(act or "", ()), key=_natural)
        inside = [
            n for n in known if _natural(low) <= _natural(n) <= _natural(high) and "-" not in n
        ]
        if plain and 0 < int(high) - int(low) <= _LONGEST_RANGE:
            every = {*inside, *map(str, range(int(low), int(high) + 1))}
            return sorted(every, key=_natural)
        return inside or ([low, high] if _natural(low) < _natural(high) else [])

    def _fitting(self, written: str, act: str | None) -> str:
        """Return a number without its spaces; a letter that stands apart counts only if the § is known."""
        bare, _, letter = written.rpartition(" ")
        whole = written.replace(" ", "")
        if not bare or len(letter) > 1:
            return whole
        known = act is not None and self._known(act, whole)
        return whole if known or act is None else bare.replace(" ", "")


def asks_for(text: str, references: Sequence[Reference]) -> bool:
    """Tell whether a text asks what the §§ it refers to say, and does not only mention them."""
    if not references:
        return False
    folded = readable(text)
    first = min(reference.start for reference in references)
    if _ASKS_FOR.search(folded[:first]):
        return True
    rest = list(folded)
    for reference in references:
        rest[reference.start : reference.end] = " " * (reference.end - reference.start)
    return len(re.findall(r"\w+", "".join(rest))) <= _HARDLY_MORE


def is_of_another_text(text: str) -> bool:
    """Tell whether a text speaks of a document with §§ of its own: by-laws, an agreement, a routine."""
    return _OTHER_TEXT.search(readable(text)) is not None


def _natural(number: str) -> tuple[int, str]:
    """Order §§ as an act does: 13, 13 a, 13 b, 14."""
    digits = re.match(r"\d+", number)
    return (int(digits[0]) if digits else 0, number[digits.end() :] if digits else number)


def _hides(one: _Mention, other: _Mention) -> bool:
    inside = one.start <= other.start and other.end <= one.end
    longer = one.end - one.start > other.end - other.start
    return inside and (longer or (one.act is not None and other.act is None))


def _owner(folded: str, match: re.Match[str], mentions: Sequence[_Mention]) -> _Mention | None:
    """Return the act a § belongs to: right before it, right after it, or earlier in the sentence."""
    before = [m for m in mentions if m.end <= match.start()]
    after = [m for m in mentions if m.start >= match.end()]
    if before and _RIGHT_BEFORE.fullmatch(folded, before[-1].end, match.start()):
        return before[-1]
    if after and _RIGHT_AFTER.fullmatch(folded, match.end(), after[0].start):
        return after[0]
    if before:
        between = folded[before[-1].end : match.start()]
        if not _ENDS.search(between) and not _CITED.search(between):
            return before[-1]
    return None
