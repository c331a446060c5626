"""A § is found by every name people use for its act, by none that is another's, and told when it is not held."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.desk.acts import Acts, ListedAct, load_acts
from assistant.domain import Authority, Passage, Sentence
from assistant.errors import CorpusError
from assistant.settings import Settings
from ingest.corpus import read_corpus


@pytest.fixture(scope="module")
def acts(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Acts:
    passages, _, _ = read_corpus(Settings(corpus_dir, tmp_path_factory.mktemp("acts")))
    return Acts(passages, load_acts(corpus_dir / "statutes.toml"))


def held(acts: Acts, question: str, earlier: tuple[str, ...] = ()) -> list[str]:
    """Return the §§ found, as «Straffeloven § 196»."""
    found = acts.named_in(question, earlier).held
    return [f"{p.headings[0].partition(' (')[0]} {_number(p.headings[1])}" for p in found]


def _number(heading: str) -> str:
    sign, number, *rest = heading.split()
    return " ".join([sign, number, *(r for r in rest[:1] if len(r) == 1)])


def missing(acts: Acts, question: str, earlier: tuple[str, ...] = ()) -> list[str]:
    return [section.cited for section in acts.named_in(question, earlier).missing]


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("Hva sier forvaltningsloven § 13 b?", ["Forvaltningsloven § 13 b"]),
        ("kva seier straffelova § 196 om dette", ["Straffeloven § 196"]),
        ("strl 196", ["Straffeloven § 196"]),
        ("What does section 196 of the Penal Code say?", ["Straffeloven § 196"]),
        ("hpl. §31?", ["Helsepersonelloven § 31"]),
        ("Gjelder paragraf 196 for meg?", ["Straffeloven § 196"]),
        ("Hva står i § 13 i forvaltningsloven?", ["Forvaltningsloven § 13"]),
        ("straffegjennomføringsloven § 4 i", ["Straffegjennomføringsloven § 4i"]),
        # «å», the English article and a year are no letters of a §
        ("Har jeg plikt etter straffeloven § 196 å avverge dette?", ["Straffeloven § 196"]),
        ("Is penal code section 196 a duty to prevent?", ["Straffeloven § 196"]),
        ("Hva sier straffeloven § 196 i 2026?", ["Straffeloven § 196"]),
        # dashes of every kind
        ("barnevernsloven § 13–1", ["Barnevernsloven § 13-1"]),
        ("barnevernsloven § 13 - 2", ["Barnevernsloven § 13-2"]),
        ("barnevernsloven §13‑2", ["Barnevernsloven § 13-2"]),
        # several §§
        ("strl. § 196, jf. § 226", ["Straffeloven § 196", "Straffeloven § 226"]),
        ("Forvaltningsloven § 13 d og e", ["Forvaltningsloven § 13 d", "Forvaltningsloven § 13 e"]),
        ("straffeloven §§ 209-211", [f"Straffeloven § {n}" for n in (209, 210, 211)]),
        ("helsepersonelloven § 31 og 3 barn", ["Helsepersonelloven § 31"]),
        ("fvl §§ 13–13 c", [f"Forvaltningsloven § 13{x}" for x in ("", " a", " b", " c")]),
        (
            "straffegjennomføringsloven § 4 f til 4 i",
            [f"Straffegjennomføringsloven § 4{x}" for x in "fghi"],
        ),
        ("Hva sier § 196 og § 226?", ["Straffeloven § 196", "Straffeloven § 226"]),
        (
            "strl § 196 og § 31 i helsepersonelloven",
            ["Straffeloven § 196", "Helsepersonelloven § 31"],
        ),
        (
            "hpl § 31 og § 33 i sosialtjenesteloven",
            ["Helsepersonelloven § 31", "Sosialtjenesteloven § 33"],
        ),
        ("§ 31 første ledd i helsepersonelloven", ["Helsepersonelloven § 31"]),
        # other names and common misspellings
        ("arbeids- og velferdsforvaltningsloven § 7", ["Nav-loven § 7"]),
        ("forvaltingsloven § 13 b", ["Forvaltningsloven § 13 b"]),
        ("lov om sosiale tjenester i Nav § 44", ["Sosialtjenesteloven § 44"]),
        # each § belongs to the act it stands by
        (
            "Kan barnevernet dele etter § 13 b når barnevernsloven § 13-1 gjelder?",
            ["Forvaltningsloven § 13 b", "Barnevernsloven § 13-1"],
        ),
        (
            "Hva sier helsepersonelloven § 23 og politiregisterloven § 30?",
            ["Politiregisterloven § 30"],
        ),
        ("helsepersonelloven § 17 og straffeloven § 300", []),
    ],
)
def test_the_sections_a_question_names_are_found(
    acts: Acts, question: str, sections: list[str]
) -> None:
    assert held(acts, question) == sections


@pytest.mark.parametrize(
    "question",
    [
        "Hva er en individuell plan?",
        "Hva sier skatteloven § 196?",
        "Kan vi ringe 02800?",
        "Straffeloven er lang",
        "straffeloven § 1962",
        "Hva gjelder etter barnevernsloven? 3 barn bor i huset",
        "strafferammen i straffeloven, 6 år eller 10 år",
        "Jeg leste nav-loven 7. mars",
        "§ 5 i reglementet til Hol kommune",
        "Hva sier § 5 i vedtektene våre?",
        "§ 6 i SLT-avtalen",
        # many acts have these, whether their words are held or not
        "Hva sier § 33?",
        "Hva sier § 15-8 om samarbeid?",
        "Hva sier forskriften § 16?",
        "§ 27 annet ledd i politiloven",
        "Hva sier § 24 første ledd i folketrygdloven?",
        "Hva sier § 23?",
        "Hva sier § 7?",
    ],
)
def test_nothing_is_found_where_no_section_of_one_act_is_named(acts: Acts, question: str) -> None:
    assert held(acts, question) == []


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Hva sier straffeloven § 300?", ["straffeloven § 300"]),
        ("hva står i § 27 i politiloven", ["politiloven § 27"]),
        ("Politilova § 7?", ["politiloven § 7"]),
        ("Gjelder Nav-loven § 99?", ["Nav-loven § 99"]),
        ("hpl 33", ["helsepersonelloven § 33"]),
        ("Hva sier barnevernsloven § 13-2 og straffeloven § 300?", ["straffeloven § 300"]),
        ("Den nye forvaltningsloven § 34", ["forvaltningsloven av 2025 § 34"]),
        ("forvaltningsloven (2025) § 34", ["forvaltningsloven av 2025 § 34"]),
        ("politiloven § 6 og § 27", ["politiloven § 6", "politiloven § 27"]),
        ("§ 27 annet ledd i politiloven", ["politiloven § 27"]),
        ("Hva sier åpenhetslovens § 10?", ["åpenhetsloven § 10"]),
        ("straffeloven § 200b", ["straffeloven § 200 b"]),
        ("hpl. §§ 21–23", [f"helsepersonelloven § {n}" for n in (21, 22, 23)]),
        (
            "§ 21, 22 og 23 i helsepersonelloven",
            [f"helsepersonelloven § {n}" for n in (21, 22, 23)],
        ),
        ("helsepersonelloven §§ 31, 32 og 33", [f"helsepersonelloven § {n}" for n in (32, 33)]),
        ("helsepersonelloven om taushetsplikt, nærmere bestemt § 21", ["helsepersonelloven § 21"]),
        (
            "straffeprosessloven § 119 og helsepersonelloven § 21",
            ["straffeprosessloven § 119", "helsepersonelloven § 21"],
        ),
        ("Hva sier barneloven § 30?", ["barneloven § 30"]),
    ],
)
def test_a_named_section_that_is_not_held_is_told(
    acts: Acts, question: str, cited: list[str]
) -> None:
    assert missing(acts, question) == cited


@pytest.mark.parametrize(
    "question",
    [
        "Hva sier barnevernsloven § 13-2 og straffeloven § 196?",
        "Vi følger barneloven § 30. Hvem kan hjelpe oss?",  # an act nobody here knows, in passing
        "Straffeloven er lang, og gutten på 300 meter vil ut. Hva sier § 5 i vedtektene?",
        "Kan politiet hjelpe oss?",
    ],
)
def test_nothing_is_told_where_the_words_are_held_or_the_act_is_only_mentioned(
    acts: Acts, question: str
) -> None:
    assert missing(acts, question) == []


@pytest.mark.parametrize(
    ("question", "asked_for"),
    [
        ("Hva sier helsepersonelloven § 21?", True),
        ("What does section 22 of the Health Personnel Act say?", True),
        ("Kan du finne ordlyden i politiloven § 27?", True),
        ("hpl. § 33", True),
        ("Rektor viser til politiloven § 27. Hva sier veilederen om individuell plan?", False),
        ("Hvordan varsler jeg barnevernet når helsepersonelloven § 33 gjelder?", False),
        ("Helsesykepleieren viser til hpl. § 21. Hva betyr det for samarbeidet med oss?", False),
    ],
)
def test_what_a_section_says_is_told_from_a_section_in_passing(
    acts: Acts, question: str, asked_for: bool
) -> None:
    assert acts.named_in(question).asked_for is asked_for


def test_a_follow_up_takes_the_act_from_the_turn_before(acts: Acts) -> None:
    assert missing(acts, "Og § 33?", ("Hva sier helsepersonelloven § 31?",)) == [
        "helsepersonelloven § 33"
    ]
    assert held(acts, "Og § 209?", ("Hva sier straffeloven § 196?",)) == ["Straffeloven § 209"]


def test_a_follow_up_does_not_take_an_act_that_has_no_such_section(acts: Acts) -> None:
    before = ("Jeg jobber etter barnevernsloven",)
    assert held(acts, "hva sier § 13 b?", before) == ["Forvaltningsloven § 13 b"]
    assert held(acts, "hva med § 196?", ("Vi følger opplæringslova",)) == ["Straffeloven § 196"]


def test_a_section_that_is_not_held_has_the_address_it_stands_at(acts: Acts) -> None:
    (law,) = acts.named_in("straffeloven § 200 b").missing or acts.named_in("strl § 200b").missing
    assert law.url.startswith("https://lovdata.no/dokument/NL/lov/2005-05-20-28/§200")


def test_a_sentence_names_a_section_only_with_its_own_act_and_number(acts: Acts) -> None:
    (section,) = acts.named_in("Hva sier straffeloven § 300?").missing
    assert acts.names_any("jf. straffeloven § 300.", [section])
    assert not acts.names_any("jf. politiloven § 300.", [section])
    assert not acts.names_any("jf. straffeloven § 300 b.", [section])
    (fvl,) = acts.named_in("forvaltningsloven § 13").held
    assert acts.names_any("Se forvaltningsloven § 13.", [fvl])
    assert not acts.names_any("Se forvaltningsloven § 13 b.", [fvl])


def test_a_section_whose_day_has_come_is_no_longer_held() -> None:
    section = Passage(
        id="x",
        source_id="lov-straffeloven",
        source_title="Lovdata",
        authority=Authority.LAW,
        headings=("Straffeloven (strl.)", "§ 400 Prøve"),
        text="Ordene.",
        sentences=(Sentence("Ordene."),),
        position=0,
    )
    listed = {"Straffeloven (strl.)": ListedAct("https://lovdata.no/x", frozenset({"400"}))}
    for until, count in ((None, 1), ("2999-01-01", 1), ("2020-01-01", 0)):
        named = Acts([replace(section, until=until)], listed).named_in("strl. § 400")
        assert (len(named.held), len(named.missing)) == (count, 1 - count)


def test_an_act_that_is_not_whole_is_a_named_fault(tmp_path: Path) -> None:
    (tmp_path / "statutes.toml").write_text('[[act]]\nname = "x"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"statutes\.toml"):
        load_acts(tmp_path / "statutes.toml")
