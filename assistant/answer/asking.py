"""What a turn asks for: how many things, of which kind, and whether it leans on what came before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language import collapse, fold, is_pleasantry, with_context

LONGEST = 2_000  # characters of a question that retrieval reads; routing reads everything
_SHORT = 6  # words: a turn of so few may lean on the one before
_BARE = 5  # words: «og til Nav?» asks the question before anew

_QUESTION_WORD = (
    r"(?:hva|hvem|hvor|hvordan|hvorfor|hvilke[nt]?|hvis|nar|kva|kven|kvar|korleis|kvifor|kva for|kor|ka|kem|koffer"
    r"|korsen|korsn|hvad|vad|vem|hur|varfor|nar|what|who|whom|where|how|why|which|when)"
)
_ASKS = re.compile(
    rf"\?|\b{_QUESTION_WORD}\b|\b(?:jeg |eg |vi |me )?(?:lurer|lurar|spor|trenger|treng|leter|leitar"
    r"|onsker a vite|vil vite|fortell|forklar|vis|finn|gi meg|gje meg|skal (?:vi|jeg|eg|me)"
    r"|kan (?:vi|jeg|eg|me|man|du|dere|de)|ma (?:vi|jeg|eg|me|man)|bor (?:vi|jeg|eg|me|man)|far (?:vi|jeg|man)"
    r"|tell me|give me|show|explain|i need|need|looking for|can (?:i|we|you|they)|should (?:i|we|they)"
    r"|do (?:i|we|they)|does|is there|are there|er det|finnes|finst|fins|har (?:dere|de|vi|du)|e det)\b"
)
_STATES = re.compile(
    r"^(?:jeg|eg|je|ae|vi|me|han|hun|ho|hen|de|dei|en|ei|et|ein|eit|min|mitt|mi|var|brukeren|sjefen|saken|det"
    r"|den|i|we|he|she|they|my|our|the|a|an|broren|faren|moren|mor|far|rektor|gutten|jenta|personen|kommunen|hei|hello)\b.{8,}"
)
_LEANS = re.compile(
    r"^(?:og|men|eller|enn|ogsa|sa|da|hva med|ka med|kva med|hva da|what about|how about|and|but|or|ok|okei|bra"
    r"|takk|nei|no|beklager|unnskyld|sorry|i stedet|tilbake|back|det forste|det andre|det siste|bare)\b"
    r"|\b(?:deres|deira|dem|dei|denne|dette|disse|desse|den|der|han|ham|hun|henne|ho|hans|hennes|hennar|slike?"
    r"|slikt|sanne"
    r"|their|theirs|them|they|it|its|that|those|these|there|he|she|him|her|here|samme|same)\b"
)
_BACK = re.compile(
    r"^.{0,60}?(?:tilbake til|attende til|back to|returning to|igjen:|again:|det forste igjen)\b"
)
_INSTEAD = re.compile(
    r"\b(?:nei|beklager|unnskyld|sorry|eller nei|jeg mente|eg meinte|i meant|ikke .{1,40} men)\b"
)
_JOINT = re.compile(
    rf"(?:,? (?:og|samt|and) |\? +(?:og |and )?|; *)"
    rf"(?=(?:i tillegg |dessuten )?{_QUESTION_WORD}\b|skal |kan |ma |bor |er )"
)
# Somebody who writes of themself and wants out of a milieu.
_WANTS_OUT = re.compile(
    r"\b(?:jeg|eg|ae|i)\b.{0,25}\b(?:vil|onsker|onskjer|ynskjer|prover|orker ikke|har lyst|want|wanna|trying|need)\b"
    r".{0,25}\b(?:ut av|ut fra|ut or|bort fra|bort fra|vekk fra|forlate|forlata|bryte med|bryta med|slutte i|trekke meg"
    r"|leave|get out|out of|quit)\b.{0,40}(?:miljo|gruppa|gruppe|gjeng|organisasjon|bevegels|nettverk|sekt"
    r"|brodre|menighet|movement|group|gang|scene|network|brotherhood|organi[sz]ation|milieu)"
)
_PHONE = re.compile(
    r"\b(?:tele?fon\w*|tlf|nummer(?:et)?|direktenummer\w*|mobil\w*|phone|number|fone|nummber"
    r"|ringe? (?:jeg|vi|eg|me)|ring)\b"
)
_WHOM = re.compile(
    r"\b(?:hvem|kven|kem|hvor(?! mange| mye| ofte)|kor(?! mange| mykje| ofte)|kvar|hvordan|korleis|korsen"
    r"|(?:hvilke[nt]?|kva) (?:instans|etat|tjeneste|teneste)\w*|who|whom|where|how)\b.{0,40}"
    r"\b(?:kontakt\w*|ring(?:e|er)?|varsl\w*|meld\w*|henvend\w*|vende?r?|sporr?e?r?|snakk\w*|tak i|fatt i|nar|na"
    r"|gar? (?:vi |jeg |eg |me )?til|contact|reach|call|report|turn|notify|tell|talk)\b"
    r"|\b(?:kan|skal|bor|ma) (?:jeg|vi|eg|me|man|en) (?:ringe?|kontakte|varsle|vende|melde)\b"
    r"|\bkontaktinfo\w*|\bcontact (?:info|details)"
)
_EMAIL = re.compile(r"\b(?:e ?post\w*|epost\w*|e ?mail\w*|mail(?:en|adresse\w*)?)\b")


@dataclass(frozen=True)
class Asked:
    """One turn as asked."""

    text: str
    parts: tuple[str, ...]  # the questions it holds, one or more
    phone: bool = False
    email: bool = False
    whom: bool = False  # asks whom to turn to
    short: bool = False  # hardly more than one thing named
    leans: bool = False  # needs what came before to be understood
    back: bool = False  # returns to an earlier subject by name
    corrects: bool = False  # «nei, jeg mente …»: the previous question was the wrong one
    bare: bool = False  # a few words: the question before, about something else


def asked(turn: str) -> Asked:
    """Read one turn; text beyond LONGEST is left to routing."""
    text = collapse(turn)
    if len(text) > LONGEST:
        # A long case ends with its question more often than it begins with it.
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    folded = fold(text)
    count = len(folded.split())
    return Asked(
        text,
        _parts(text, folded),
        phone=bool(_PHONE.search(folded))
        and not re.search(r"\bhvor mange\b|\bhow many\b|\bkor mange\b", folded),
        email=bool(_EMAIL.search(folded)),
        whom=bool(_WHOM.search(folded)),
        short=count <= _SHORT + 2,
        leans=bool(_LEANS.search(folded)) or count <= _SHORT,
        back=bool(_BACK.match(folded)),
        corrects=bool(_INSTEAD.search(folded)),
        bare=count <= _BARE and not re.search(rf"\b{_QUESTION_WORD}\b", folded),
    )


def last_question(turns: Sequence[str]) -> Asked | None:
    """Return the last of some turns that asks something."""
    asking_ = [t for t in turns if not is_pleasantry(t) and not only_states(t)]
    return asked(asking_[-1]) if asking_ else None


def wants_out(turn: str) -> bool:
    """Tell whether the writer wants to leave a milieu themself."""
    return bool(_WANTS_OUT.search(fold(turn)))


def only_states(turn: str) -> bool:
    """Tell whether a turn gives background and asks nothing."""
    folded = fold(turn)
    return not _ASKS.search(folded) and bool(_STATES.match(folded)) and len(folded.split()) >= 4


def _parts(text: str, folded: str) -> tuple[str, ...]:
    """Split a turn that asks two things; a long case is one."""
    if len(folded) > 260 or len(folded) != len(text):
        pieces = [p.strip() for p in re.findall(r"[^?]+\?", text)] if len(folded) <= 260 else []
        return tuple(pieces) if len(pieces) == 2 else (text,)
    cuts = [match.end() for match in _JOINT.finditer(folded)]
    starts, ends = [0, *cuts], [*cuts, len(text)]
    pieces = [text[a:b].strip(" ,;") for a, b in zip(starts, ends, strict=True)]
    pieces = [piece for piece in pieces if len(piece.split()) >= 3]
    return tuple(pieces) if 1 < len(pieces) <= 3 else (text,)


def with_earlier(turns: Sequence[str], turn: Asked) -> list[str]:
    """Return the questions to search with: the turn itself, then it in the light of what came before.

    A turn that leans on others is read as the tuned reader learnt to read chats, then joined with the
    turn before, and with the two before.
    """
    if len(turns) < 2 or not turn.leans:
        return [turn.text]
    earlier = [collapse(t)[:300] for t in turns[:-1] if not is_pleasantry(t)]
    if not earlier:
        return [turn.text]
    joined = [with_context((*earlier, turn.text)), f"{earlier[-1]} {turn.text}"]
    if len(earlier) > 1:
        joined.append(f"{earlier[-2]} {earlier[-1]} {turn.text}")
    return [turn.text, *joined]
