"""What acts are called, by Lovdata, by readers and inside a sentence, and where they stand."""

from __future__ import annotations

import re

from assistant.language import fold

LOVDATA = "https://lovdata.no/"
_TITLE = re.compile(r"^(?P<name>[^(]+?) ?(?:\((?P<short>[^)]+)\))?$")
# What people call the acts in other languages, by the folded name the copies use.
_ALSO = {
    "forvaltningsloven av 2025": (
        "nye forvaltningsloven",
        "nye forvaltningslova",
        "ny forvaltningslov",
        "ny fvl",
        "nye fvl",
        "forvaltningsloven fra 2025",
        "forvaltningsloven (2025)",
        "forvaltningsloven 2025",
    ),
    "straffeloven": ("penal code", "criminal code"),
    "forvaltningsloven": ("public administration act", "forvaltingsloven", "forvaltingslova"),
    "helsepersonelloven": ("health personnel act", "helsepersonloven", "helsepersonell-loven"),
    "barnevernsloven": ("child welfare act", "barnevernloven", "barnevernlova"),
    "opplaringslova": ("education act", "opplaringsloven"),
    "pasient- og brukerrettighetsloven": ("patient rights act", "patients rights act"),
    "straffegjennomforingsloven": ("execution of sentences act",),
    "krisesenterlova": ("crisis centre act", "krisesenterloven"),
    "sosialtjenesteloven": (
        "social services act",
        "sosialtenestelova",
        "lov om sosiale tjenester i nav",
        "lov om sosiale tjenester",
    ),
    "nav-loven": (
        "nav act",
        "nav lova",
        "nav loven",
        "navlova",
        "navloven",
        "arbeids- og velferdsforvaltningsloven",
    ),
    "helse- og omsorgstjenesteloven": ("health and care services act",),
    "politiregisterloven": ("police databases act", "police register act"),
}


def act_title(name: str, short: str) -> str:
    """Return the name readers see: `Straffeloven (strl.)`."""
    return f"{name} ({short})" if short else name


def act_url(id_: str) -> str:
    """Return the address of an act on the web by Lovdata's own id (`LOV-2005-05-20-28`)."""
    kind, rest = id_.split("-", 1)
    return f"{LOVDATA}dokument/{'NL/lov' if kind == 'LOV' else 'SF/forskrift'}/{rest}"


def names_of(act: str) -> set[str]:
    """Return the folded names of an act: its own, the short form, bokmål and nynorsk endings, English."""
    found = _TITLE.match(act)
    if not found:
        return {fold(act)}
    name = fold(found["name"])
    names = {name, *_ALSO.get(name, ())}
    if found["short"]:
        names.add(fold(found["short"]).rstrip("."))
    for own, other in (("loven", "lova"), ("lova", "loven"), ("lov", "lova")):
        if name.endswith(own):
            names.add(name.removesuffix(own) + other)
    return names


def name_in_text(act: str) -> str:
    """Return an act's name as it stands inside a sentence."""
    found = _TITLE.match(act)
    name = found["name"] if found else act
    return name if name.startswith("Nav") else name[0].lower() + name[1:]


def as_written(name: str, question: str) -> str:
    """Return the name of an act as the question spells it, without the genitive."""
    words = re.findall(r"[\w-]+", question)
    written = next((word.lower() for word in words if fold(word) == name), name)
    return re.sub(r"(lov(?:en|a))s$", r"\1", written)
