"""A change is told passage by passage, with everything that points at words that are gone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from assistant.domain import Authority, Passage, Sentence
from assistant.settings import Settings
from ingest.build import build
from ingest.changes import compare
from ingest.corpus import read_corpus
from ingest.freshness import (
    Pointer,
    freshness,
    full_report,
    indexed_passages,
    pointers,
    short_report,
)
from ingest.holdings import as_json, as_table, holdings
from tests.ingest.serving import corpus
from tests.stress.seeded import SeededEmbedder

TODAY = date(2026, 11, 23)
URL = "https://lovdata.no/dokument/NL/lov/2005-05-20-28/§196"


def passage(text: str, heading: str = "Del", url: str | None = None) -> Passage:
    return Passage(
        f"a-{hash((text, heading))}",
        "a",
        "Kilde",
        Authority.GUIDE,
        (heading,),
        text,
        (Sentence(text),),
        0,
        url=url,
    )


def test_passages_are_added_removed_changed_and_moved() -> None:
    old = [
        passage("Står."),
        passage("Går.", "B"),
        passage("Gammel.", "C"),
        passage("Flytter.", "D"),
    ]
    new = [passage("Står."), passage("Ny.", "E"), passage("Nyere.", "C"), passage("Flytter.", "F")]
    changes = compare(old, new)
    assert changes.kept == 1
    assert [p.text for p in changes.added] == ["Ny."]
    assert [p.text for p in changes.removed] == ["Går."]
    assert [(a.text, b.text) for a, b in changes.changed] == [("Gammel.", "Nyere.")]
    assert [(a.headings, b.headings) for a, b in changes.moved] == [(("D",), ("F",))]
    assert changes != compare(old, old) and not compare(old, old).changed


def test_quotes_that_are_gone_and_notes_on_changed_sections_are_listed() -> None:
    old = [passage("Plikten gjelder alle.", "§ 196", URL), passage("Blir. Står her.")]
    new = [passage("Plikten gjelder enhver.", "§ 196", URL), passage("Blir. Står her.")]
    notes = [
        Pointer("signe.jsonl, linje 1", ("Plikten gjelder alle.",)),
        Pointer("signe.jsonl, linje 2", ("Står her.",)),
        Pointer("signe.jsonl, linje 3", ("Har aldri stått her.",)),
        Pointer("corrections.toml", ("Står her.",), URL),
    ]
    found = freshness(old, new, notes)
    assert found.gone == ("signe.jsonl, linje 1: «Plikten gjelder alle.»",)
    assert found.to_check == (f"corrections.toml: {URL}",)
    report = full_report(found)
    assert "før: «Plikten gjelder alle.»" in report
    assert "nå:  «Plikten gjelder enhver.»" in report


def test_after_an_ingest_all_that_is_gone_is_said_at_once() -> None:
    old = [passage(f"Gammel setning {n}.", f"Del {n}") for n in range(30)]
    new = [passage(f"Ny setning {n}.", f"Del {n}") for n in range(30)]
    notes = [Pointer(f"signe.jsonl, linje {n}", (f"Gammel setning {n}.",)) for n in range(30)]
    report = short_report(freshness(old, new, notes))
    assert report.startswith("Siden sist: 0 nye, 30 endrede, 0 flyttede og 0 fjernede avsnitt")
    assert "nå:  «Ny setning 0.»" in report and "… og 25 til" in report
    assert all(f"linje {n}: «Gammel setning {n}.»" in report for n in range(30))
    assert "--torr" not in report  # the index is new already; there it could not be seen


def test_questions_that_lead_nowhere_are_in_the_full_report_and_counted_in_the_short() -> None:
    held = [passage("Står her.")]
    notes = [
        Pointer("signe.jsonl, linje 1", ("Står her.",), leads=True),
        Pointer("signe.jsonl, linje 2", ("Har aldri stått her.",), leads=True),
        Pointer("tilfeller.jsonl, linje 1", ("Har aldri stått her.",)),
    ]
    found = freshness(held, held, notes)
    assert found.dangling == ("signe.jsonl, linje 2: «Har aldri stått her.»",)
    assert found.gone == ()
    assert "fører noe sted (1):\n  signe.jsonl, linje 2" in full_report(found)
    assert "1 spørsmål, rettelser eller hull førte ingen steder fra før" in short_report(found)
    assert "førte ingen steder" not in short_report(freshness(held, held, notes[:1]))


def test_the_report_and_the_manifest_agree_on_questions_that_lead_nowhere(
    corpus_dir: Path, tmp_path: Path
) -> None:
    found, _, manifest = read_corpus(Settings(corpus_dir, tmp_path))
    notes = pointers(corpus_dir, corpus_dir.parent / "evals" / "data")
    told = freshness(found, found, notes).dangling
    assert not [
        line for line in told if ".toml" in line
    ]  # the corrections and gaps shipped all stand
    places = {":".join(line.split(": «")[0].split(", linje ")) for line in told}
    assert places == {":".join(line.split(":")[:2]) for line in manifest["questions_gone"]}


def test_a_quote_over_two_passages_is_seen_to_be_gone() -> None:
    old = [passage("Først dette. Så", "A"), passage("dette. Og mer.", "B"), passage("Står.", "C")]
    note = Pointer("tilfeller.jsonl, linje 1", ("Så dette.",))
    assert freshness(old, old, [note]).gone == ()
    assert freshness(old, old[1:], [note]).gone == ("tilfeller.jsonl, linje 1: «Så dette.»",)


def test_a_correction_without_its_words_is_told_every_time(corpus_dir: Path) -> None:
    notes = [p for p in pointers(corpus_dir, corpus_dir) if p.where.endswith(".toml")]
    held = [passage("Noe annet.")]
    found = freshness(held, held, notes)
    places = {line.split(":")[0] for line in found.dangling}
    assert places == {"corrections.toml", "guide.toml"}


def test_a_note_on_a_whole_act_is_told_when_one_of_its_sections_changes() -> None:
    act = URL.rsplit("/", 1)[0]
    old, new = [passage("Gammel.", "§ 196", URL)], [passage("Ny.", "§ 196", URL)]
    notes = [Pointer("statutes.toml, a", (), act), Pointer("statutes.toml, b", (), act[:-1])]
    assert freshness(old, new, notes).to_check == (f"statutes.toml, a: {act}",)


def test_the_real_bank_cases_and_notes_are_pointers(corpus_dir: Path) -> None:
    found = pointers(corpus_dir, corpus_dir.parent / "evals" / "data")
    places = {pointer.where.split(",")[0] for pointer in found}
    assert {"signe.jsonl", "questions_own.jsonl", "corrections.toml", "statutes.toml"} <= places
    assert any(pointer.url == URL for pointer in found)
    duty = [p for p in found if p.where == "duties.toml, krisesenter"]
    assert [p.url.rpartition("/")[2] for p in duty if p.url] == ["§5", "§6"]


def test_what_is_new_is_told_without_changing_the_index(corpus_dir: Path, tmp_path: Path) -> None:
    settings = corpus(corpus_dir, tmp_path, "")
    made(settings)
    files = {p: p.read_bytes() for p in settings.index_dir.rglob("*.json*")}
    chapter = settings.corpus_dir / "guide" / "02-exit.md"
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("Exit-arbeid", "Utgangsarbeid"), encoding="utf-8")
    before = indexed_passages(settings)
    after, _, _ = read_corpus(settings)
    report = full_report(freshness(before, after, ()))
    assert "Endrede avsnitt" in report
    assert files == {p: p.read_bytes() for p in settings.index_dir.rglob("*.json*")}


def made(settings: Settings) -> None:
    found, doors, manifest = read_corpus(settings)
    embedder = SeededEmbedder()
    build(found, doors, embedder, settings.index_dir, manifest, lambda *_: None, reader=embedder)


def test_all_sources_are_listed_with_state_age_and_licence(
    corpus_dir: Path, tmp_path: Path
) -> None:
    local = tmp_path / "local"
    (local / "documents").mkdir(parents=True)
    (local / "documents" / "a.md").write_text("# Rutine\n\nRing samme dag.", encoding="utf-8")
    (local / "documents" / "b.pdf").write_text("ikke en PDF", encoding="utf-8")
    settings = Settings(corpus_dir, tmp_path / "data", local)
    assert {row.state for row in holdings(settings, TODAY)} == {
        "bare lenke",
        "ikke hentet",
        "ikke lest inn",
    }
    made(settings)
    rows = {row.id: row for row in holdings(settings, TODAY)}
    assert sum(not id_.startswith(("lov-", "lokal-", "gjeldende-")) for id_ in rows) == 48
    assert (rows["veileder-exit"].state, rows["veileder-exit"].passages) == ("lest", 72)
    assert rows["nasjonal-veileder"].state == "bare lenke"
    assert rows["straffeloven-196"].state == "lest"
    law = rows["lov-straffeloven"]
    assert (law.state, law.changed, law.age_days) == ("lest", "2026-04-15", 175)
    assert "§ 33 er endret fra 2026-07-01" in rows["lov-helsepersonelloven"].remark
    states = {row.title: row.state for row in rows.values() if row.id.startswith("lokal-")}
    assert states == {"Lokal rutine: Rutine": "lest", "b.pdf": "feilet"}
    assert len(json.loads(as_json(list(rows.values())))) == len(rows)
    assert "Straffeloven (strl.)" in as_table(list(rows.values()))
