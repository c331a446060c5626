"""Norwegian text made comparable: folding, sentences, word forms and language. Standard library only."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.domain import Language
from assistant.errors import CorpusError

LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")

CONTEXT = 500  # characters of earlier turns that the tuned encoders read, the latest ones
# Letters of other alphabets that look like Latin ones; used to write a word past a filter.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһпкмтвАЕОРСУХІЈЅВМТНКαορνικτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhnkmtvAEOPCYXIJSBMTHKaopviktuABEZHIKMNOPTYX",
)
# Zero-width, directional, variation and tag characters carry no meaning for a reader.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*·]{1,3}){3,}\w(?!\w)")
_FOLDS = str.maketrans({"å": "a", "ø": "o", "ö": "o", "æ": "e", "ä": "e", "ð": "d", "ß": "ss"})


def visible(text: str) -> str:
    """Return the text as a person sees it: composed, without invisible or control characters."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else " " for c in text)


def collapse(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.replace("\u00a0", " ").split())


def fold(text: str) -> str:
    """Return the text in one comparable form: lower case, no diacritics, ae/oe/aa as one letter.

    Words spelt with spaces or dots between the letters are closed up, and look-alike letters
    of other alphabets become Latin, so that a pattern written once matches them all.
    """
    text = visible(text).translate(_LOOKALIKES).lower()
    text = _SPACED.sub(_close_up, text)
    text = text.translate(_FOLDS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    for double, single in (("aa", "a"), ("oe", "o"), ("ae", "e")):
        text = text.replace(double, single)
    return collapse(text)


def _close_up(match: re.Match[str]) -> str:
    return re.sub(r"[ .\-_*·]", "", match.group())


# Greetings and thanks, and nothing else in the message; matched against folded text.
GREETING = re.compile(
    r"(?:hei+|hallo|heisann|god (?:dag|morgen|kveld)|hello|hi|hey|good (?:morning|afternoon|evening)|morn"
    r"|hejsan|hej|halla)"
    r"(?: (?:der|du|dere|pa deg|alle|there|all))?[ .!,?]*$"
)
THANKS = re.compile(
    r"(?:(?:ok|okei|supert?|flott|fint|bra|great|perfect)[ ,.!]*)*(?:tusen )?"
    r"(?:takk|tack|tak|thanks|thank you|thx|mange takk)"
    r"(?: (?:skal du ha|for (?:det|hjelpa?|hjelpen|svaret|na|no)|so much|a lot|very much|for your help))?[ .!,]*$"
    r"|(?:ok|okei|okay|greit|flott|fint|supert?|great|ha det|hade|bye|skjonner|forstatt|den er god)[ .!,]*$"
    r"|(?:(?:ok|okei|okay|ja|greit|fint|takk|right|yes)[ ,.!]*)*(?:(?:da|na|no) (?:vet|veit) (?:jeg|eg|vi|me) det"
    r"|det (?:visste|viste) (?:jeg|eg|vi|me)(?: godt)?|(?:bra|godt|fint|greit) a v(?:ite|eta)|good to know"
    r"|i knew that)[ .!,]*$"
)


def is_pleasantry(text: str) -> bool:
    """Tell whether a message is a greeting or thanks and nothing else."""
    folded = fold(text)
    return bool(GREETING.match(folded) or THANKS.match(folded))


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return re.findall(r"[a-z0-9§]+", fold(text))


# Abbreviations and numbers whose full stop does not end a sentence.
_NO_STOP = re.compile(
    r"(?:\b(?:bl\.a|f\.eks|dvs|jf|jfr|osv|mv|mm|ca|nr|kl|pkt|evt|tlf|inkl|herunder|mht|pga|ift|ev|st|kap|art"
    r"|e\.g|i\.e|etc|mr|mrs|dr|vol|no|ed|eds|t\.d|o\.l|m\.a|d\.e)|\b[A-ZÆØÅ]|\b\d{1,2})\.$",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?<=[.!?…])[\"»”)\]]*\s+(?=[\"«“(\[•–-]?\s?[A-ZÆØÅÄÖ0-9§])|\n+")


def sentences(text: str) -> list[str]:
    """Split running text into sentences, verbatim and in order, white space at the ends removed."""
    found: list[str] = []
    start = 0
    for match in _STOP.finditer(text):
        piece = text[start : match.start()]
        if "\n" not in match.group() and _NO_STOP.search(piece.rstrip('"»”)] ')[-12:]):
            continue
        closing = match.group().rstrip() if "\n" not in match.group() else ""
        found.append(piece + closing)
        start = match.end()
    found.append(text[start:])
    return [sentence.strip() for sentence in found if sentence.strip()]


# Common words, and words that tell a language from its neighbours (counted three times).
_COMMON = {
    "nb": "jeg ikke noe noen være blir fra en et hun når bare også vi dere seg sin kommer gjør skal kan må vil "
    "skole på for til med av har det er og som den at de å om i han var men så nå etter over ut opp",
    "nn": "eg ikkje noko nokon vere frå ein eit ho når berre oss seg sin kjem skal kan må vil på for til med av "
    "har det er og som den at dei å om i han var men så no etter over ut opp",
    "en": "the i is are of to and what who how where why when not does do can should a an he she they we you my "
    "our with for from has have was were be been it this that in on his her them there but if or at by",
    "sv": "jag inte något någon vara blir från en ett hon när bara också vi ni sig kommer gör ska kan måste vill "
    "på för till med av har det är och som den att de om i han var men så nu efter över ut upp",
    "da": "jeg ikke noget nogen være bliver fra en et hun når kun også vi sig kommer gør skal kan må vil på for "
    "til med af har det er og som den at de om i han var men så nu efter over ud op",
    "xx": "ich nicht und der die das ist wie ein eine mit auf je ne pas est le la les une des dans nous vous que "
    "nie jest się na do jak co czy waa iyo ku ka in uu ay bir ve bu için ne mi el los las por para con está gia "
    "lea mun ii dat leat maid",
}
_TELLING = {
    "nb": "hva hvem hvordan hvor hvorfor hvilke hvilken hvis noe noen mye jeg dere nå deg meg fått gjøre selv "
    "æ ka kem koffer korsn korsen hainn hu ska itj itte je dæm dem mæ dæ sæ ei bør",
    "nn": "ikkje eg kva kven korleis kvifor kvar noko nokon mykje berre ho frå skule kjem vert vere dykk me dei "
    "ein eit saman rettleiar rettleiing teieplikt heim kvarandre ynskjer skulen høve gjera vera heime einskild "
    "einskilde naudsynt tryggleik dykkar eigen eige hjå no hjelpa kommunane gjer seier meir",
    "en": "the is are of and what who how does should with from have they you my not can where when which",
    "sv": "jag inte vad vem är och något någon för från varför också när att hur ska måste till",
    "da": "hvad af noget nogen meget jer mig dig bliver kun efter uden hvornår hvordan hedder gør skolen have mit",
    "xx": "ich nicht und ist pas une dans nous vous nie jest się waa iyo bir için está para ii lea mun",
}


def language_of(text: str, default: str = "nb") -> str:
    """Guess the language: "nb", "nn", "en", "sv", "da", or "xx" for any other.

    `default` is returned for text too short to tell; a tie goes to it, then to bokmål.
    """
    letters = [c for c in text if c.isalpha()]
    if sum("LATIN" not in unicodedata.name(c, "") for c in letters) * 2 > len(letters) > 0:
        return "xx"
    tokens = re.findall(r"[^\W\d_]+", text.lower())
    score = {
        language: sum(token in _word_set(_COMMON[language]) for token in tokens)
        + 2 * sum(token in _word_set(_TELLING[language]) for token in tokens)
        for language in _COMMON
    }
    best = max(score.values())
    if best == 0 or score.get(default) == best:
        return default
    return next(language for language in score if score[language] == best)


@cache
def _word_set(words_: str) -> frozenset[str]:
    return frozenset(words_.split())


def with_context(turns: Sequence[str]) -> str:
    """Return the newest turn with the end of what came before, as the tuned encoders are trained to read it."""
    if len(turns) < 2:
        return turns[-1] if turns else ""
    earlier = " / ".join(turns[:-1])[-CONTEXT:]
    return f"{turns[-1]} [tidligere: {earlier}]"


def reply_language(text: str, default: Language = "nb") -> Language:
    """Return the language to reply in: sv and da get nb, every other language en."""
    found = language_of(text, default)
    if found in ("nb", "nn", "en"):
        return found  # type: ignore[return-value]  # narrowed by the line above
    return "nb" if found in ("sv", "da") else "en"


@cache
def texts(language: Language) -> dict[str, str]:
    """Return every fixed text of one language, keyed by dotted name; raise CorpusError if malformed."""
    path = Path(__file__).parent / "texts" / f"{language}.toml"
    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(path, f"kan ikke leses ({error}). Hent fila på nytt.") from error
    return {
        f"{group}.{name}": str(text)
        for group, entries in loaded.items()
        for name, text in entries.items()
    }


def say(language: Language, name: str, **values: object) -> str:
    """Return the fixed text `name` in a language, with `{values}` filled in."""
    return texts(language)[name].format(**values)
