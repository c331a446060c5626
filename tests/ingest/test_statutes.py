"""Law is quoted § by §, in the words of the version in force, and what has changed since is withheld."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Authority, Passage
from assistant.errors import CorpusError
from assistant.language import collapse
from ingest.copies import Copy, extract, main, newest, read_copies, write_copy
from ingest.law import changed_since, read_law
from ingest.reading import Reading
from ingest.statutes import Statutes, read_statutes

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def statutes(corpus_dir: Path) -> Statutes:
    return read_statutes(corpus_dir / "statutes.toml")


@pytest.fixture(scope="session")
def law(corpus_dir: Path, statutes: Statutes) -> Reading:
    return read_law(statutes, [corpus_dir / "statutes"], TODAY, 72)


def section(law: Reading, act: str, number: str) -> Passage:
    found = [
        passage
        for passage in law.passages
        if passage.source_id == act and str(passage.url).endswith(f"/§{number.replace(' ', '')}")
    ]
    assert len(found) == 1
    return found[0]


def test_the_duty_to_avert_is_one_passage_with_its_list_address_and_date(law: Reading) -> None:
    held = section(law, "lov-straffeloven", "196")
    assert (
        held.label
        == "Lovdata › Straffeloven (strl.) › § 196 Plikt til å avverge et straffbart forhold"
    )
    assert held.url == "https://lovdata.no/dokument/NL/lov/2005-05-20-28/§196"
    assert (held.authority, held.date, held.exact_url) == (Authority.LAW, "2026-04-15", True)
    assert "Avvergingsplikten gjelder uten hensyn til taushetsplikt" in held.text
    items = [s for s in held.sentences if s.text.startswith("b. militær straffelov")]
    assert items[0].lead_in.endswith("gjelder lovbrudd som nevnt i")
    assert held.text.count("\n") >= 8  # ledd and list items stand on lines of their own


def test_every_sentence_is_verbatim_and_positions_and_ids_are_unique(law: Reading) -> None:
    for passage in law.passages:
        whole = collapse(passage.text)
        assert all(collapse(s.text) in whole for s in passage.sentences)
        assert passage.sentences
    assert [p.position for p in law.passages] == list(range(72, 72 + len(law.passages)))
    assert len({p.id for p in law.passages}) == len(law.passages)


def test_the_act_that_applies_is_quoted_and_the_coming_one_is_not(law: Reading) -> None:
    held = section(law, "lov-forvaltningsloven", "13")
    assert "plikter å hindre at andre får adgang eller kjennskap til" in held.text
    assert held.url == "https://lovdata.no/dokument/NL/lov/1967-02-10/§13"
    assert not [p for p in law.passages if "2025-06-20-81" in str(p.url)]


def test_a_coming_repeal_is_shown_beside_the_law_and_never_quoted_as_law(law: Reading) -> None:
    held = section(law, "lov-forvaltningsloven", "13 b")
    assert held.text.endswith(
        "Merknad fra Lovdata: Loven oppheves ved lov 20 juni 2025 nr. 81 (i kraft fra den tiden Kongen bestemmer)."
    )
    assert not any("Loven oppheves" in sentence.text for sentence in held.sentences)


def test_a_section_rewritten_since_the_copy_is_withheld_and_said(law: Reading) -> None:
    numbers = {p.headings[1].split()[1] for p in law.passages if "hpl." in p.headings[0]}
    assert numbers == {"31", "38"}
    withheld = [r.what for r in law.remarks if r.source_id == "lov-helsepersonelloven"]
    assert withheld[0].startswith("§ 21, § 22, § 23, § 32, § 33 er endret fra 2026-07-01.")
    assert not any(remark.failed for remark in law.remarks)


def test_before_the_change_the_same_copy_may_be_quoted(
    corpus_dir: Path, statutes: Statutes
) -> None:
    earlier = read_law(statutes, [corpus_dir / "statutes"], date(2026, 5, 10), 0)
    held = section(earlier, "lov-helsepersonelloven", "21")
    assert "Merknad fra Lovdata: Endres ved lov 23 jan 2026 nr. 1" in held.text
    assert held.until == "2026-07-01"


def test_a_change_without_a_day_does_not_withhold(corpus_dir: Path) -> None:
    copy = newest(read_copies(corpus_dir / "statutes"))["LOV-1999-07-02-63"]
    held = copy.act.section("4-4")
    assert held is not None and "Kongen bestemmer" in held.pending
    assert changed_since(held, TODAY) is None


def test_a_nynorsk_act_says_so_and_keeps_its_list(law: Reading) -> None:
    held = section(law, "lov-krisesenterlova", "6")
    assert held.language == "nn"
    assert "\n5. " in held.text


def test_a_newer_copy_takes_the_place_of_the_shipped_one(
    corpus_dir: Path, tmp_path: Path, statutes: Statutes
) -> None:
    shipped = newest(read_copies(corpus_dir / "statutes"))["LOV-1999-07-02-64"]
    new = [replace(s, pending="", ledd=("Ny tekst.",)) for s in shipped.act.sections]
    act = replace(shipped.act, last_change="2026-07-01", sections=tuple(new))
    write_copy(Copy(act, shipped.origin), tmp_path)
    found = read_law(statutes, [corpus_dir / "statutes", tmp_path], TODAY, 0)
    held = section(found, "lov-helsepersonelloven", "21")
    assert (held.text, held.date) == ("Ny tekst.", "2026-07-01")


def test_every_copy_names_its_source_licence_and_quality(corpus_dir: Path) -> None:
    copies = {copy.act.id: copy for copy in read_copies(corpus_dir / "statutes")}
    assert len(copies) == 12
    assert {copy.origin.licence for copy in copies.values()} == {"NLOD 2.0"}
    assert {id_ for id_, c in copies.items() if c.origin.source_quality == "lovdata"} == {
        "LOV-2005-05-20-28",
        "LOV-1967-02-10",
    }
    assert all(copy.act.last_change and copy.origin.copied for copy in copies.values())


def test_the_recorded_command_makes_the_shipped_copies(
    corpus_dir: Path, shared: Path, tmp_path: Path
) -> None:
    samples = shared / "samples"
    folders = [
        f"{samples / 'lovdata'}=2026-06",
        f"{samples / 'lover' / 'med-lenker'}=2026-07-28",
        f"{samples / 'lover'}=2026-05-02",
    ]
    assert main([*folders, "--out", str(tmp_path)]) == 0
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.json")}
    kept = {
        path.name: path.read_text(encoding="utf-8")
        for path in (corpus_dir / "statutes").glob("*.json")
    }
    assert made == kept


def test_the_new_act_is_left_out_of_an_extract_whatever_it_is_called(
    shared: Path, tmp_path: Path, statutes: Statutes
) -> None:
    done = extract(shared / "samples/lovdata/lti", "2026-06", statutes, tmp_path, TODAY)
    assert done.written == ()
    assert done.not_in_force == ("LOV-2025-06-20-81",)


def test_what_the_guide_cites_and_has_moved_has_a_successor(
    corpus_dir: Path, statutes: Statutes
) -> None:
    guide = collapse((corpus_dir / "guide" / "original.txt").read_text(encoding="utf-8"))
    cited = {moved.cited: moved for moved in statutes.moved if moved.in_guide}
    assert cited.keys() == {
        "opplæringslova § 15-8",
        "opplæringslova kapittel 9 A",
        "opplæringslova § 9 A-2",
        "friskolelova § 3-6b",
    }
    for words in ("opplæringslova § 15-8", "friskolelova § 3-6b", "9 A-2", "kapittel 9 A"):
        assert words in guide
    for moved in statutes.moved:
        act = statutes.act(moved.successor)
        assert act is not None
        wanted = {wanted.number for wanted in act.sections}
        assert moved.successor_number in wanted or (
            moved.successor_number == "" and re.search(r"kapittel \d|§§ \d", moved.note)
        )


def test_old_numbers_of_facts_b3_are_known_with_a_successor_only_where_the_facts_pair_them(
    statutes: Statutes,
) -> None:
    moved = {(m.act, m.number): m for m in statutes.moved}
    assert len(moved) == len(statutes.moved)
    renumbered = "25 a|25 b|26|27|28|29 a|29 b|29 c|45|45 a".split("|")
    for number in renumbered:
        found = moved["LOV-1999-07-02-64", number]
        assert (found.successor_number, found.confidence) == ("", "V")
        assert "§§ 25, 26, 27, 28, 29 og 29 a–f" in found.note
    for letter in ("", " a", " b", " c", " d", " e", " f", " g"):
        found = moved["LOV-1967-02-10", f"13{letter}"]
        assert (found.successor, found.since) == ("LOV-2025-06-20-81", "")  # not in force
        assert found.successor_number == ("34" if letter in (" a", " b") else "")
        assert "må kontrolleres" in found.note


def test_the_regulations_on_individuell_plan_are_declared_and_must_be_checked(
    statutes: Statutes,
) -> None:
    for id_, file in (
        ("FOR-2011-12-16-1256", "sf-20111216-1256.xml"),
        ("FOR-2010-11-19-1462", "sf-20101119-1462.xml"),
    ):
        act = statutes.act(id_)
        assert act is not None and act.file_name == file
        assert {section.confidence for section in act.sections} == {"H"}
        assert {section.about for section in act.sections} == {"individuell_plan"}


def test_an_act_or_section_without_a_copy_is_said_once_and_is_no_failure(
    law: Reading, corpus_dir: Path, statutes: Statutes
) -> None:
    copied = {copy.act.id for copy in read_copies(corpus_dir / "statutes")}
    without = {act.source for act in statutes.acts if act.id not in copied}
    said = [r.source_id for r in law.remarks if r.what.startswith("Teksten er ikke hentet")]
    assert sorted(said) == sorted(without)
    missing = [(r.source_id, r.what) for r in law.remarks if "finnes ikke i kopien" in r.what]
    assert [id_ for id_, _ in missing] == ["lov-straffeloven"]
    assert missing[0][1].startswith("§ 200, § 200 a finnes ikke i kopien")
    assert all("exit-assistent ingest --hent" in what for _, what in missing)
    assert not any(remark.failed for remark in law.remarks)


def test_the_files_of_the_package_are_known_by_name(statutes: Statutes) -> None:
    names = {act.id: act.file_name for act in statutes.acts}
    assert names["LOV-2005-05-20-28"] == "nl-20050520-028.xml"
    assert names["LOV-1967-02-10"] == "nl-19670210-000.xml"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('id = "LOV-2006-06-16-20"', 'id = "Nav-loven"', "ikke hel"),
        ('id = "LOV-2006-06-16-20"', 'id = "LOV-2009-12-18-131"', "to ganger"),
        ('since = "2024-08-01"', 'since = "2099-01-01"', "since"),
        ('licence = "NLOD 2.0"', "", "licence"),
    ],
)
def test_a_wrong_list_stops_with_what_is_wrong(
    corpus_dir: Path, tmp_path: Path, old: str, new: str, why: str
) -> None:
    text = (corpus_dir / "statutes.toml").read_text(encoding="utf-8")
    (tmp_path / "statutes.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorpusError, match=why):
        read_statutes(tmp_path / "statutes.toml")


def test_a_copy_that_is_damaged_stops_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "LOV-1.json").write_text(json.dumps({"act": {}}), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"LOV-1\.json"):
        list(read_copies(tmp_path))
