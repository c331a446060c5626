"""A § is found by every name people use for its act, and by none that is another's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.desk.acts import Acts, load_acts
from assistant.domain import Authority, Passage, Sentence
from assistant.errors import CorpusError
from assistant.settings import Settings
from ingest.corpus import read_corpus


@pytest.fixture(scope="module")
def acts(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Acts:
    passages, _, _ = read_corpus(Settings(corpus_dir, tmp_path_factory.mktemp("acts")))
    return Acts(passages)


@pytest.mark.parametrize(
    ("question", "act", "section"),
    [
        ("Hva sier forvaltningsloven § 13 b?", "Forvaltningsloven", "§ 13 b"),
        ("kva seier straffelova § 196 om dette", "Straffeloven", "§ 196"),
        ("strl 196", "Straffeloven", "§ 196"),
        ("What does section 196 of the Penal Code say?", "Straffeloven", "§ 196"),
        ("hpl. §31?", "Helsepersonelloven", "§ 31"),
        ("Gjelder paragraf 196 for meg?", "Straffeloven", "§ 196"),
        ("barnevernsloven § 13-2", "Barnevernsloven", "§ 13-2"),
        ("Hva står i § 13 i forvaltningsloven?", "Forvaltningsloven", "§ 13 ("),
        ("straffegjennomføringsloven § 4 i", "Straffegjennomføringsloven", "§ 4i"),
    ],
)
def test_a_named_section_is_found(acts: Acts, question: str, act: str, section: str) -> None:
    (found,) = acts.named_in(question)
    assert found.headings[0].startswith(act)
    assert found.headings[1].startswith(section)


@pytest.mark.parametrize(
    "question",
    [
        "Hva er en individuell plan?",
        "Hva sier skatteloven § 196?",
        "Kan vi ringe 02800?",
        "Hva sier forvaltningsloven § 999?",
        "Straffeloven er lang",
    ],
)
def test_nothing_is_found_where_no_section_is_named(acts: Acts, question: str) -> None:
    assert acts.named_in(question) == ()


def test_a_number_that_several_acts_have_needs_its_act(acts: Acts) -> None:
    assert acts.named_in("Hva sier § 7?") == ()
    (section,) = acts.named_in("Hva sier Nav-loven § 7?")
    assert section.headings[0].startswith("Nav-loven")


@pytest.fixture(scope="module")
def listed(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Acts:
    passages, _, _ = read_corpus(Settings(corpus_dir, tmp_path_factory.mktemp("listed")))
    return Acts(passages, load_acts(corpus_dir / "statutes.toml"))


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Hva sier straffeloven § 300?", ["straffeloven § 300"]),
        ("hva står i § 27 i politiloven", ["politiloven § 27"]),
        ("Politilova § 7?", ["politiloven § 7"]),
        ("Gjelder Nav-loven § 99?", ["Nav-loven § 99"]),
        ("strl 300", ["straffeloven § 300"]),
        ("Hva sier barnevernsloven § 13-2 og straffeloven § 300?", ["straffeloven § 300"]),
        ("forvaltningsloven av 2025 § 34", ["forvaltningsloven av 2025 § 34"]),
    ],
)
def test_a_named_section_that_is_not_held_is_told(
    listed: Acts, question: str, cited: list[str]
) -> None:
    assert [section.cited for section in listed.not_held_in(question)] == cited


@pytest.mark.parametrize(
    "question",
    [
        "Hva sier straffeloven § 196?",
        "Hva sier barnevernsloven § 13-2 og straffeloven § 196?",
        "Hva sier skatteloven § 300?",  # no act of the list: nobody here knows its address
        "Straffeloven er lang, og gutten på 300 meter vil ut. Hva sier § 5 i vedtektene?",
        "Kan politiet hjelpe oss?",
    ],
)
def test_nothing_is_told_where_the_words_are_held_or_the_act_is_unknown(
    listed: Acts, question: str
) -> None:
    assert listed.not_held_in(question) == ()


def test_a_section_that_is_not_held_has_the_address_it_stands_at(listed: Acts) -> None:
    (law,) = listed.not_held_in("straffeloven § 200 b")
    assert law.url == "https://lovdata.no/dokument/NL/lov/2005-05-20-28/§200b"


def test_a_section_whose_day_has_come_is_no_longer_held() -> None:
    held = Passage(
        id="x",
        source_id="lov-straffeloven",
        source_title="Lovdata",
        authority=Authority.LAW,
        headings=("Straffeloven (strl.)", "§ 400 Prøve"),
        text="Ordene.",
        sentences=(Sentence("Ordene."),),
        position=0,
    )
    addresses = {"Straffeloven (strl.)": "https://lovdata.no/x"}
    question = "Hva sier straffeloven § 400?"
    for until, count in ((None, 0), ("2999-01-01", 0), ("2020-01-01", 1)):
        acts = Acts([replace(held, until=until)], addresses)
        assert len(acts.not_held_in(question)) == count
        assert len(acts.named_in(question)) == 1 - count


def test_an_act_that_is_not_whole_is_a_named_fault(tmp_path: Path) -> None:
    (tmp_path / "statutes.toml").write_text('[[act]]\nname = "x"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"statutes\.toml"):
        load_acts(tmp_path / "statutes.toml")
