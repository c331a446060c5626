"""One who asks what an office may or must tell gets the §§ of that office, and not another's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.desk.acts import load_acts
from assistant.desk.duties import Duties, load_duties
from assistant.desk.duty_words import KINDS
from assistant.domain import Authority
from assistant.errors import CorpusError
from ingest.statutes import read_statutes


@pytest.fixture(scope="module")
def duties(corpus_dir: Path) -> Duties:
    return load_duties(corpus_dir / "duties.toml", load_acts(corpus_dir / "statutes.toml"))


@pytest.mark.parametrize(
    ("question", "offices"),
    [
        ("Kan helsesykepleieren fortelle rektor hva eleven sa?", ["helsepersonell"]),
        ("Når må fastlegen varsle politiet?", ["helsepersonell"]),
        ("Kan kommunen gi politiet opplysninger?", ["kommune"]),
        ("Kan helsesykepleier dele info med skolen og politiet?", ["helsepersonell"]),
        ("Legens taushetsplikt overfor barnevernet", ["helsepersonell"]),
        ("Hvilke opplysninger kan politiet få fra Nav?", ["nav"]),
        ("Jeg er helsesykepleier. Kan jeg fortelle politiet om dette?", ["helsepersonell"]),
        ("Vi på Nav: må vi melde fra til barnevernet?", ["nav"]),
        ("Vi i kommunen lurer på om skolen må melde fra", ["skole"]),
        ("Har en Nav-veileder lov til å dele opplysninger med politiet?", ["nav"]),
        ("Må skolen melde fra til barnevernet?", ["skole"]),
        ("Kan politiet gi opplysninger til SLT-koordinatoren?", ["politi"]),
        ("Gjelder taushetsplikten på krisesenteret?", ["krisesenter"]),
        ("Kva seier teieplikta til ein fengselsprest?", ["trossamfunn"]),
        ("Does a school nurse have a duty of confidentiality?", ["helsepersonell"]),
        ("får lærar'n si det videre te politiet", ["skole"]),
        ("Hva kan vi få vite, og må barnevernet opplyse oss?", ["barnevern"]),
    ],
)
def test_the_office_that_has_the_duty_is_found(
    duties: Duties, question: str, offices: list[str]
) -> None:
    assert [office.id for office in duties.asked_about(question)] == offices


@pytest.mark.parametrize(
    "question",
    [
        "Hvilken rolle har skolen i exit-arbeidet?",
        "Kan du fortelle om Nav?",
        "Hva er taushetsplikt?",  # no office
        "Hva er navnet på portalen om å dele erfaringer?",  # «nav» is no part of «navnet»
        "Kan fotballaget spille på skolen?",
        # the receiver's duties are not the asker's
        "Kan jeg si dette til politiet?",
        "Må jeg ha samtykke fra foreldrene før jeg kontakter politiet?",
        "Kan en bekymret mor melde fra til politiet?",
        # words that only look like offices
        "Er det brudd på taushetsplikten å nevne navn?",
        "Må samtykket være frivillig?",
        "Hvordan skal vi tolke taushetsplikten?",
        "Eleven lærer ekstremisme på nett, må jeg melde fra?",
        # general knowledge, and joining or leaving
        "Kan skolen gi informasjon til foreldre om ekstremistiske symboler?",
        "Kan politiet komme til skolen og fortelle om radikalisering?",
        "vil melde seg ut av miljøet, hva gjør skolen",
    ],
)
def test_other_questions_get_none(duties: Duties, question: str) -> None:
    assert duties.asked_about(question) == ()


def test_the_askers_own_office_is_known_from_earlier(duties: Duties) -> None:
    question, before = "Kan jeg si dette til politiet?", ["Jeg er lærer på en videregående."]
    assert [office.id for office in duties.asked_about(question, before)] == ["skole"]
    case = "Jeg er lærer. " + "Eleven har vært mye borte i høst. " * 9 + question
    assert [office.id for office in duties.asked_about(case)] == ["skole"]


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("Må skolen melde fra til barnevernet?", ["24-3"]),
        ("Må skolen melde fra til politiet?", []),  # no act says so
        ("Har Nav meldeplikt til politiet?", []),
        ("Når må fastlegen varsle politiet?", ["31"]),
        ("Kan fengselet gi politiet opplysninger?", ["4i"]),
        ("Kan kriminalomsorgen gi info til kommunen?", []),
        ("Kan barnevernet gi opplysninger til politiet?", ["13-1"]),
    ],
)
def test_a_duty_to_tell_one_is_not_given_for_another(
    duties: Duties, question: str, sections: list[str]
) -> None:
    (office,) = duties.asked_about(question)
    assert [url.rpartition("§")[2] for url in office.asked_for(question)] == sections


def test_the_duty_that_everyone_has_is_shown_also_where_no_office_is_named(
    assistant: Assistant,
) -> None:
    reply = assistant.ask(["Har jeg plikt til å melde fra til PST?"])
    assert "Avvergingsplikten gjelder alle: [straffeloven § 196]" in reply.text
    assert "Lover om taushet" not in reply.text


def test_every_section_is_on_the_list_of_statutes_under_a_duty_that_fits(corpus_dir: Path) -> None:
    fits = {
        "secrecy": {"taushetsplikt"},
        "consent": {"samtykke"},
        "may": {"opplysningsrett", "taushetsplikt"},  # some §§ say both
        "must": {"opplysningsplikt"},
    }
    about = {
        (act.name, section.number): section.about
        for act in read_statutes(corpus_dir / "statutes.toml").acts
        for section in act.sections
    }
    rows = tomllib.loads((corpus_dir / "duties.toml").read_text(encoding="utf-8"))["office"]
    for row in rows:
        for part in row["law"]:
            for number in part["sections"]:
                assert about[part["act"], number] in fits[part["kind"]], (row["id"], number)


def test_every_office_has_its_duty_of_silence_first(duties: Duties) -> None:
    for office in duties.offices:
        kinds = [kind for kind, _ in office.sections]
        assert kinds[0] == "secrecy"
        assert kinds == sorted(kinds, key=KINDS.index)


def test_the_answer_quotes_the_offices_own_section_and_links_the_others(
    assistant: Assistant,
) -> None:
    reply = assistant.ask(["Når må fastlegen varsle politiet?"])
    lead = reply.citations[0]
    assert lead.passage.headings[1].startswith("§ 31")
    assert "politiet:**" not in reply.text
    assert lead.quote.startswith("Helsepersonell skal varsle politi og brannvesen")
    assert "**Lover om taushet for helsepersonell:** taushetsplikt [helsepersonelloven § 21]" in (
        reply.text
    )
    assert "(https://lovdata.no/dokument/NL/lov/2005-05-20-28/§196)" in reply.text


def test_the_sentence_that_lays_the_duty_down_comes_first(assistant: Assistant) -> None:
    reply = assistant.ask(["Må skolen melde fra til barnevernet?"])
    lead = reply.citations[0]
    assert lead.passage.headings[1].startswith("§ 24-3")
    assert lead.quote == lead.passage.sentences[0].text


def test_the_duty_of_one_office_is_not_quoted_for_another(assistant: Assistant) -> None:
    reply = assistant.ask(["Har mentoren teieplikt?"])
    acts = {c.passage.headings[0] for c in reply.citations if c.passage.authority is Authority.LAW}
    assert not [act for act in acts if act.startswith("Krisesenter")]
    assert "(må kontrollerast)" in reply.text


def test_a_question_without_a_duty_gets_no_links(assistant: Assistant) -> None:
    assert "Lover om taushet" not in assistant.ask(["Hvilken rolle har skolen?"]).text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "secrecy"', 'kind = "silence"'),
        ('act = "Forvaltningsloven"', 'act = "Ukjentloven"'),
        ('sections = ["13"]', 'sections = "13"'),
        ('nb = "ansatte i kommunen"', ""),
        ("[[office]]", "[[office]"),
    ],
)
def test_an_office_that_is_not_whole_is_a_named_fault(
    corpus_dir: Path, tmp_path: Path, old: str, new: str
) -> None:
    text = (corpus_dir / "duties.toml").read_text(encoding="utf-8")
    assert re.search(re.escape(old), text)
    file = tmp_path / "duties.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"duties\.toml"):
        load_duties(file, load_acts(corpus_dir / "statutes.toml"))
