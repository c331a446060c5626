"""The words of a question about a duty to keep silent or to tell: who has it, and whom it is told to."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["secrecy", "consent", "may", "must"]
KINDS: tuple[Kind, ...] = ("secrecy", "consent", "may", "must")
_LONG = 260  # characters of a question that is a case: it names offices and duties it does not ask about
_MET = re.compile(
    r"\b(?:til|te|fra|med|mot|overfor|hos|to|from|with|towards?|varsl\w*|kontakt\w*|ring\w*|fortel\w*|sporr?e?|informer\w*|gir?|gje"
    r"|tell|notify|inform|ask|call)(?: (?:the|et|en|ein|eit|a|an))? $"
)
_ENDING = r"(?:s|en|et|a|n|ne|ene|ane|er|ar|e|ens|ets|as|ns|nes|enes|anes|'s)?"
_SHORT = 3  # letters of a name that is bent by no more than an s: «navn» is not Nav
_AND = re.compile(r"(?:,| og| eller| and| or)+ ")
# «Kan politiet få opplysninger fra Nav?»: who has them stands after «fra».
_GETS = re.compile(
    r"\b(?:fa|far|motta\w*|kreve?r?|be om|ber om|get|receive)\b.{0,40}\b(?:fra|av|from) (?:\w+ )?$"
)
# «Teieplikta til ein prest» is the priest's.
_OWNS = re.compile(r"(?:taushetsplikt|teieplikt)\w* til (?:ein |en |et |eit |the )?$")
# «Jeg er lærer», «vi på Nav», «som helsesykepleier»: the one who asks.
_SELF = re.compile(r"\b(?:jeg|eg|e|vi|me|i|we)\b(?: \w+){0,4} $|\b(?:som|as a|as an) $")
_VERB = re.compile(r"\b(?:eleven|elevane|elevene|han|hun|ho|de|dei|man|ungdommen|barnet) $")

_KIND_ASKED: dict[Kind, re.Pattern[str]] = {
    "secrecy": re.compile(r"taushet|teieplikt|confidential|secrecy"),
    "consent": re.compile(r"samtykk|consent"),
    "may": re.compile(r"\b(?:kan|far|fa|lov|rett|kunne|can|may|allowed)\b|opplysningsrett"),
    "must": re.compile(
        r"\b(?:ma|matte|skal|plikt\w*|must|obliged|duty to|have to)\b"
        r"|meldeplikt|opplysningsplikt|varslingsplikt"
    ),
}
# General knowledge, and joining something, break no duty of silence.
_NO_DUTY = re.compile(
    r"\bmeld\w* (?:seg|meg|deg|oss)\b"
    r"|\b(?:informasjon|info|opplysning\w*|fortel\w*|undervis\w*)(?: \w+){0,3} om (?:ekstremis\w*|radikaliser\w*"
    r"|veileder\w*|rettleiar\w*|symbol\w*|exit\w*|temaet|emnet|slt\b|22)"
)
_RECEIVERS = {
    "barnevern": re.compile(r"barnevern|child welfare|child protection"),
    "politi": re.compile(r"politi|\bpst\b|police|lensmann"),
    "sosialtjeneste": re.compile(r"\bnav\b|sosialtjeneste|sosialteneste|sosialkontor"),
    "andre": re.compile(
        r"\b(?:til|med|to) (?:kommun|skol|skul|helse|foreldr|arbeidsgi|school|municip)\w*"
    ),
}
# A question about a duty names one, or asks whether somebody may or must tell somebody something.
_DUTY = re.compile(
    r"taushet|teieplikt|\btiepl|opplysningsplikt|opplysningsrett|meldeplikt|melde(?:r|s)? fra|varslingsplikt"
    r"|avvergingsplikt|avverjingsplikt|avverjeplikt|samtykk|konfidensi|confidential|secrecy|consent|disclos"
    r"|duty to (?:report|inform|warn)"
)
_MODAL = (
    r"\b(?:kan|ma|skal|far|bor|har|lov|plikt\w*|pliktig\w*|rett|kunne|matte|burde|can|may|must|should|allowed|obliged"
    r"|have to)\b"
)
_TELL = (
    r"\b(?:del(?:e|er|a)\b.{0,30}\b(?:med|opplys\w*|informasjon\w*|info)|fortel\w*|opplys\w*|utlever\w*|vidareformid\w*"
    r"|s(?:i|ei|eie)(?: \w+){0,3} (?:til|te|videre|vidare|fra|ifra)|videreformid\w*|meld\w*|varsl\w*|sladr\w*"
    r"|gi (?:ut|videre|fra|opplys\w*|informasjon\w*|info)|gje (?:ut|vidare|opplys\w*|informasjon\w*)"
    r"|share|tell|pass on|report|hand over)\b"
)
_TO_AVERT = re.compile(
    r"avverg|avverj|avverje|plikt\w*.{0,40}\b(?:varsl|meld|si|seie|opplys)\w*|duty to (?:report|avert|prevent)"
)
# «Kan du fortelle om Nav?» asks the assistant.
_ASKS_US = re.compile(
    r"\b(?:kan|kunne|can|could) (?:du|dere|dokker|de|you|veilederen|rettleiaren)\b"
)
_TELLING = re.compile(rf"{_MODAL}.{{0,80}}{_TELL}|{_TELL}.{{0,60}}{_MODAL}")


def asked_part(folded: str) -> str:
    """Return what a text asks: all of a short one, of a long case the question it ends with."""
    if len(folded) <= _LONG:
        return folded
    asked = re.findall(r"[^.?!]+\?", folded)
    return asked[-1] if asked else ""


def is_of_a_duty(folded: str) -> bool:
    """Tell whether a question is about what somebody must keep, may tell or must tell."""
    telling = _TELLING.search(folded) and not _ASKS_US.search(folded)
    return bool(_DUTY.search(folded) or telling) and not _NO_DUTY.search(folded)


def is_to_avert(folded: str) -> bool:
    """Tell whether a question is about a duty to tell, whoever has it."""
    return _TO_AVERT.search(folded) is not None


def kinds_asked(folded: str) -> set[Kind]:
    """Return the kinds of duty that a question is about."""
    return {kind for kind, pattern in _KIND_ASKED.items() if pattern.search(folded)}


def receivers(folded: str) -> set[str]:
    """Return whom a question tells: barnevern, politi, sosialtjeneste, andre."""
    return {name for name, pattern in _RECEIVERS.items() if pattern.search(folded)}


def gives_after(before: str) -> bool:
    """Tell whether what follows some words is the one who has what is asked for: «få opplysninger fra …»."""
    return _GETS.search(before) is not None


def is_met(before: str) -> bool:
    """Tell whether what follows some words is told, asked or met, and has no part in the duty itself."""
    return _MET.search(before) is not None and _OWNS.search(before) is None


def is_joined(between: str) -> bool:
    """Tell whether words between two offices make them a pair: «skolen og politiet»."""
    return _AND.fullmatch(between) is not None


def is_self(before: str) -> bool:
    """Tell whether what follows some words is the office of the one who asks."""
    return _SELF.search(before) is not None and not is_met(before)


def is_verb(word: str, before: str) -> bool:
    """Tell whether a word that looks like an office is a verb: «eleven lærer»."""
    return word in ("lerer", "lerar") and _VERB.search(before) is not None


def bent(name: str) -> str:
    """Return a pattern of a folded name and its endings."""
    return re.escape(name) + ("s?" if len(name) <= _SHORT else _ENDING)
