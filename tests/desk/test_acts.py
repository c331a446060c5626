"""A § is found by every name people use for its act, and by none that is another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.desk.acts import Acts
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
