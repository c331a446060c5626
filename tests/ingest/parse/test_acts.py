"""Acts from Lovdata: the words of each §, its ledd and list marks, and what is in force."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from ingest.parse.act import Act, ActSection, act_document, is_in_force
from ingest.parse.document import ParseProblem
from ingest.parse.lovdata import read_act
from ingest.parse.lovdata_markdown import read_act_markdown
from tests.ingest.parse.samples import SAMPLES, TODAY, needs_samples, words

PENAL, OLD, NEW = "nl-20050520-028.xml", "nl-19670210-000.xml", "lti/nl-20250620-081.xml"
GRANNE, CHANGES, GRAVE = "nl-19610616-015.xml", "nl-20250620-093.xml", "sf-19970110-0016.xml"
KRISE, SCHOOL = "lti/nl-20250620-042.xml", "lti/sf-20250620-1157.xml"


@cache
def raw(name: str) -> Act:
    """Read a raw act once."""
    return read_act(SAMPLES / "lovdata" / name, TODAY)


@cache
def markdown(name: str) -> Act:
    """Read an act as Markdown once."""
    return read_act_markdown(SAMPLES / "lover" / f"{name}.md", TODAY)


def section(act: Act, number: str) -> ActSection:
    """Find a § that must be there."""
    found = act.section(number)
    assert found is not None, number
    return found


def text(found: ActSection) -> str:
    """Give all ledd of a § on one line."""
    return words(" ".join(found.ledd))


@needs_samples
@pytest.mark.parametrize(
    ("file", "number", "title", "wanted"),
    [
        (
            PENAL,
            "131",
            "Terrorhandlinger",
            "En straffbar handling som nevnt i §§ 138 til 141, § 142",
        ),
        (
            PENAL,
            "196",
            "Plikt til å avverge et straffbart forhold",
            "Avvergingsplikten gjelder uten hensyn til taushetsplikt og gjelder lovbrudd",
        ),
        (
            PENAL,
            "209",
            "Brudd på taushetsplikt",
            "Med bot eller fengsel inntil 1 år straffes den som krenker taushetsplikt",
        ),
        (OLD, "13", "(taushetsplikt).", "plikter å hindre at andre får adgang eller kjennskap til"),
        (GRANNE, "2", "", "Ingen må ha, gjera eller setja i verk noko som urimeleg"),
        (GRANNE, "3", "", "Er det ikkje nemnande om å gjera for eigaren"),
        (
            GRAVE,
            "1",
            "Orden og verdighet",
            "Gravplassen skal holdes i hevd og forvaltes med den orden",
        ),
        (
            GRAVE,
            "3",
            "Plan for gravplassen",
            "Ved anlegg og utvidelse skal plan for gravplassen inneholde",
        ),
        (
            GRAVE,
            "8",
            "Grunnvann og drenering m.v.",
            "Høyeste grunnvannsstand i gravfelt skal ligge minst 0,3 meter",
        ),
        (
            NEW,
            "1",
            "Lovens formål",
            "(1) Loven skal fremme rettssikkerhet for den enkelte og legge",
        ),
        (
            NEW,
            "33",
            "Bortfall av taushetsplikt",
            "(1) Taushetsplikt etter § 31 faller bort 100 år etter",
        ),
        (
            NEW,
            "86",
            "Oppnevning av medlemmer i nemnder",
            "En nemnds medlemmer og eventuelle varamedlemmer oppnevnes for fire år",
        ),
        (
            SCHOOL,
            "1",
            "Formål og virkeområde",
            "Forskriften gir informasjon om hvilke skole- og feriedager",
        ),
        (
            KRISE,
            "5 b",
            "Tilgang til teiepliktige opplysningar frå Folkeregisteret",
            "Organ som utfører oppgåver etter denne lova, kan utan hinder av teieplikt",
        ),
        (
            CHANGES,
            "15 a",
            "Matrikkelomforming",
            "Ved matrikkelomforming kan det opprettast nye grunneigedommar",
        ),
    ],
)
def test_the_words_of_a_raw_act_stand_in_their_section(
    file: str, number: str, title: str, wanted: str
) -> None:
    found = section(raw(file), number)
    assert found.title == title
    assert wanted in text(found)


@needs_samples
def test_a_notice_under_the_title_is_kept_for_the_reader() -> None:
    assert raw(OLD).notices[0].startswith("Loven oppheves ved lov 20 juni 2025 nr. 81")
    assert markdown("LOV-1967-02-10").notices == raw(OLD).notices


@needs_samples
def test_footnotes_are_apart_from_the_ledd() -> None:
    found = section(raw(OLD), "52")
    assert found.ledd == ("Tidspunktet for lovens ikrafttredelse fastsettes ved særskilt lov.",)
    assert found.notes[0].startswith("1 Fra 1 jan 1970 iflg. lov 19 juni 1969 nr. 54")
    last = raw(CHANGES).sections[-1]
    assert (last.title, "med unntak av ny § 15a" in last.notes[0]) == ("III", True)


@needs_samples
def test_repealed_sections_have_a_heading_and_a_history_only() -> None:
    found = section(raw(GRANNE), "17")
    assert found.repealed
    assert found.history.startswith("Endra med lover 8 feb 1980 nr. 2")
    assert [s.number for s in raw(PENAL).sections if s.repealed][:2] == ["207", "208"]


@needs_samples
def test_changes_to_come_are_told_from_changes_done() -> None:
    found = section(raw(PENAL), "37")
    assert found.pending.startswith("Endres ved lov 20 juni 2025 nr. 83 (i kraft fra den tid")
    assert found.history.startswith("Endret ved lover 19 juni 2009 nr. 74")
    assert "Endres" not in found.history
    assert section(raw(PENAL), "196").pending == ""


@needs_samples
def test_of_two_acts_with_one_name_only_the_one_in_force_is_in_force() -> None:
    assert raw(OLD).short_title == raw(NEW).short_title == "Forvaltningsloven"
    assert (raw(OLD).in_force, raw(OLD).last_change) == (True, "2026-01-01")
    assert (raw(NEW).in_force, raw(NEW).in_force_text) == (False, "Kongen bestemmer")
    assert markdown("LOV-1967-02-10").in_force
    assert not markdown("LOV-2025-06-20-81").in_force
    assert act_document(raw(NEW)).notes[0] == "Ikke i kraft. I kraft fra: Kongen bestemmer."


@pytest.mark.parametrize(
    ("stated", "last_change", "expected"),
    [
        ("2015-10-01, 2008-03-07", "2026-04-15", True),
        ("Kongen bestemmer", None, False),
        ("Kongen fastset", None, False),
        ("", "2016-04-22", True),
        ("", None, False),
        ("2027-01-01", None, False),
        ("2026-11-23", None, True),
        ("2026-01-01 – 2026-12-31", None, True),
        ("2025-01-01 – 2026-07-31", None, False),
        ("2025-07-01, Kongen bestemmer", None, True),
    ],
)
def test_in_force_is_judged_by_dates(stated: str, last_change: str | None, expected: bool) -> None:
    assert is_in_force(stated, last_change, date(2026, 11, 23)) is expected


@needs_samples
def test_list_marks_are_restored_and_the_sentence_goes_on_after_the_list() -> None:
    lines = section(raw(PENAL), "5").ledd[0].split("\n")
    assert lines[0].endswith("handlinger foretatt")
    assert lines[1] == "a. av en norsk statsborger,"
    assert lines[4] == "når handlingene:"
    assert lines[5].startswith("1. er straffbare også etter loven i landet")
    nested = section(raw(OLD), "6").ledd[0].split("\n")
    assert [line[:2] for line in nested[1:]] == ["a.", "b.", "c.", "d.", "e.", "1.", "2."]


@needs_samples
def test_ledd_are_counted_as_in_the_act() -> None:
    assert len(section(raw(PENAL), "209").ledd) == 5
    assert len(section(raw(NEW), "2").ledd) == len(section(markdown("LOV-2025-06-20-81"), "2").ledd)


@needs_samples
def test_a_section_knows_its_chapters_label_and_address() -> None:
    found = section(raw(PENAL), "196")
    assert found.url == "https://lovdata.no/dokument/NL/lov/2005-05-20-28/§196"
    assert found.headings == (
        "Annen del. De straffbare handlingene",
        "Kapittel 20. Vern av den offentlige ro, orden og sikkerhet",
    )
    assert found.label == "§ 196. Plikt til å avverge et straffbart forhold"
    assert section(raw(OLD), "13b").number == "13 b"
    assert (raw(PENAL).id, raw(PENAL).language) == ("LOV-2005-05-20-28", "nb")
    assert raw(GRANNE).language == "nn"


@needs_samples
def test_tables_of_a_regulation_are_rows_with_their_caption() -> None:
    lines = [
        line for found in raw(SCHOOL).sections for ledd in found.ledd for line in ledd.split("\n")
    ]
    assert lines[lines.index("Høst 2025") + 2] == "August\tFørste skoledag mandag 18. august\t10"
    after = lines[lines.index("Vår 2026") :]
    assert "Juni\tTorsdag 18. juni 2026: Siste skoledag\t14" in after


@needs_samples
def test_an_act_of_changes_is_known_as_one_and_its_new_sections_as_things_to_come() -> None:
    act = raw(KRISE)
    assert act.changes_others and not raw(PENAL).changes_others
    assert section(act, "5 a").pending == "Nye §§ 5 a og 5 b skal lyde:"
    assert section(act, "5 a").headings == ("I",)
    first, *_, last = act.sections
    assert (first.title, last.title) == ("I", "II")
    assert "§ 2 andre og tredje ledd skal lyde:" in first.ledd
    assert last.ledd[0].startswith("1. Lova gjeld frå den tida Kongen bestemmer")


MARKDOWN_ROWS = [
    ("LOV-2005-05-20-28", "131", "Terrorhandlinger", "En straffbar handling som nevnt i §§ 138"),
    (
        "LOV-2005-05-20-28",
        "196",
        "Plikt til å avverge et straffbart forhold",
        "Med bot eller fengsel inntil 1 år straffes",
    ),
    (
        "LOV-2005-05-20-28",
        "209",
        "Brudd på taushetsplikt",
        "Med bot eller fengsel inntil 1 år straffes",
    ),
    ("LOV-1967-02-10", "13", "(taushetsplikt).", "Enhver som utfører tjeneste eller arbeid for et"),
    (
        "LOV-1967-02-10",
        "13 b",
        "(begrensninger av taushetsplikten ut fra private eller offentlige interesser).",
        "Taushetsplikt etter § 13 er ikke til hinder",
    ),
    (
        "LOV-1967-02-10",
        "13 g",
        "(Forskrift om adgang til informasjonsdeling og annen behandling av taushetsbelagte opplysninger)",
        "Kongen kan gi forskrift om at taushetsplikt etter",
    ),
    (
        "LOV-2025-06-20-81",
        "1",
        "Lovens formål",
        "(1) Loven skal fremme rettssikkerhet for den enkelte",
    ),
    (
        "LOV-2025-06-20-81",
        "33",
        "Bortfall av taushetsplikt",
        "(1) Taushetsplikt etter § 31 faller bort 100",
    ),
    (
        "LOV-2025-06-20-81",
        "86",
        "Oppnevning av medlemmer i nemnder",
        "(1) En nemnds medlemmer og eventuelle varamedlemmer oppnevnes",
    ),
    (
        "LOV-1999-07-02-64",
        "21",
        "Hovedregel om taushetsplikt",
        "Helsepersonell skal hindre at andre får adgang eller",
    ),
    (
        "LOV-1999-07-02-64",
        "31",
        "Opplysninger til nødetater",
        "Helsepersonell skal varsle politi og brannvesen dersom dette",
    ),
    (
        "LOV-1999-07-02-64",
        "33",
        "Opplysningsplikt til barnevernet",
        "Den som yter helsehjelp, skal i sitt arbeid",
    ),
    (
        "LOV-1999-07-02-63",
        "2-5",
        "Rett til individuell plan",
        "Pasient og bruker som har behov for langvarige",
    ),
    (
        "LOV-1999-07-02-63",
        "3-6",
        "Rett til vern mot spredning av opplysninger",
        "Opplysninger om legems- og sykdomsforhold samt andre personlige",
    ),
    (
        "LOV-1999-07-02-63",
        "4-3",
        "Hvem som har samtykkekompetanse",
        "Rett til å samtykke til helsehjelp har personer",
    ),
    (
        "LOV-2011-06-24-30",
        "3-1",
        "Kommunens overordnede ansvar for helse- og omsorgstjenester",
        "Kommunen skal sørge for at personer som oppholder",
    ),
    (
        "LOV-2011-06-24-30",
        "3-3 a",
        "Kommunens ansvar for å forebygge, avdekke og avverge vold og seksuelle overgrep",
        "Kommunen skal ha særlig oppmerksomhet rettet mot at",
    ),
    (
        "LOV-2011-06-24-30",
        "7-1",
        "Individuell plan",
        "Kommunen skal utarbeide en individuell plan for pasienter",
    ),
    (
        "LOV-2021-06-18-97",
        "1-3",
        "Barnets beste",
        "Ved handlinger og avgjørelser som berører barn, skal",
    ),
    (
        "LOV-2021-06-18-97",
        "13-2",
        "Plikt til å melde fra til barnevernstjenesten",
        "Enhver som utfører tjeneste eller arbeid for et",
    ),
    (
        "LOV-2021-06-18-97",
        "13-4",
        "Pålegg om å gi opplysninger",
        "De organene som er ansvarlige for gjennomføringen av",
    ),
    (
        "LOV-2009-12-18-131",
        "17",
        "Opplysning, råd og veiledning",
        "Kommunen skal gi opplysning, råd og veiledning som",
    ),
    (
        "LOV-2009-12-18-131",
        "43",
        "Innhenting av opplysninger",
        "Opplysninger skal så langt som mulig innhentes i",
    ),
    (
        "LOV-2009-12-18-131",
        "44",
        "Taushetsplikt",
        "Enhver som utfører tjeneste eller arbeid for kommunen",
    ),
    (
        "LOV-2006-06-16-20",
        "4",
        "Arbeids- og velferdsetatens hovedoppgaver",
        "Arbeids- og velferdsetaten har ansvaret for gjennomføringen av",
    ),
    (
        "LOV-2006-06-16-20",
        "7",
        "Taushetsplikt",
        "Enhver som utfører tjeneste eller arbeid for Arbeids-",
    ),
    (
        "LOV-2006-06-16-20",
        "13",
        "Felles lokale kontorer",
        "Arbeids- og velferdsetaten og kommunene skal ha felles",
    ),
    (
        "LOV-2023-06-09-30",
        "12-2",
        "Retten til eit trygt og godt skolemiljø",
        "Alle elevar har rett til eit trygt og",
    ),
    (
        "LOV-2023-06-09-30",
        "12-4",
        "Plikt til å sikre eit trygt og godt psykososialt skolemiljø (aktivitetsplikt og dokumentasjonsplikt)",
        "Alle som arbeider på skolen, skal følgje med",
    ),
    (
        "LOV-2023-06-09-30",
        "24-3",
        "Plikt til å melde frå til barnevernet",
        "Alle som utfører tenester eller arbeid etter denne",
    ),
    (
        "LOV-2010-05-28-16",
        "23",
        "Omfanget av taushetsplikten",
        "Enhver som er ansatt i eller utfører tjeneste",
    ),
    (
        "LOV-2010-05-28-16",
        "27",
        "Taushetsplikt ved avvergende og forebyggende virksomhet",
        "Taushetsplikten er ikke til hinder for at politiet",
    ),
    (
        "LOV-2010-05-28-16",
        "30",
        "Taushetsplikt ved utlevering til offentlige organer i deres interesse",
        "Taushetsplikten er ikke til hinder for at opplysninger",
    ),
    ("LOV-2001-05-18-21", "2", "Formål", "Straffen skal gjennomføres på en måte som tar"),
    (
        "LOV-2001-05-18-21",
        "4",
        "Forvaltningssamarbeid",
        "Kriminalomsorgen skal gjennom samarbeid med andre offentlige etater",
    ),
    (
        "LOV-2001-05-18-21",
        "7",
        "Saksbehandlingsregler",
        "Forvaltningsloven gjelder med følgende unntak: Domfelte, innsatte eller",
    ),
    (
        "LOV-2009-06-19-44",
        "2",
        "Krav til krisesentertilbodet",
        "Kommunen skal sørgje for eit krisesentertilbod som skal",
    ),
    ("LOV-2009-06-19-44", "5", "Teieplikt", "Alle som utfører teneste eller arbeid etter denne"),
    (
        "LOV-2009-06-19-44",
        "6",
        "Opplysningsplikt til barnevernet",
        "Alle som utfører teneste eller arbeid etter denne",
    ),
    (
        "LOV-2006-05-19-16",
        "3",
        "Hovudregel",
        "Saksdokument, journalar og liknande register for organet er",
    ),
    (
        "LOV-2006-05-19-16",
        "13",
        "Opplysningar som er underlagde teieplikt",
        "Opplysningar som er underlagde teieplikt i lov eller",
    ),
    (
        "LOV-2006-05-19-16",
        "14",
        "Dokument utarbeidde for eiga saksførebuing (organinterne dokument)",
        "Eit organ kan gjere unntak frå innsyn for",
    ),
    ("LOV-2017-06-16-51", "1", "Formål", "Lovens formål er å fremme likestilling og hindre"),
    (
        "LOV-2017-06-16-51",
        "6",
        "Forbud mot å diskriminere",
        "Diskriminering på grunn av kjønn, graviditet, permisjon ved",
    ),
    (
        "LOV-2017-06-16-51",
        "13",
        "Forbud mot å trakassere",
        "Trakassering på grunn av forhold som nevnt i",
    ),
    (
        "LOV-2018-06-15-38",
        "1",
        "Gjennomføring av personvernforordningen",
        "EØS-avtalen vedlegg XI nr. 5e (forordning (EU) 2016/679",
    ),
    (
        "LOV-2018-06-15-38",
        "11",
        "Behandling av personopplysninger om straffedommer og lovovertredelser mv.",
        "Personvernforordningen artikkel 9 nr. 2 bokstav a og",
    ),
    (
        "LOV-2018-06-15-38",
        "16",
        "Unntak fra retten til informasjon og innsyn og plikten til underretning "
        "om brudd på personopplysningssikkerheten",
        "Retten til informasjon og innsyn etter personvernforordningen artikkel",
    ),
]


@needs_samples
@pytest.mark.parametrize(("name", "number", "title", "first_words"), MARKDOWN_ROWS)
def test_the_first_words_of_a_section_in_markdown_are_those_of_the_act(
    name: str, number: str, title: str, first_words: str
) -> None:
    found = section(markdown(name), number)
    assert found.title == title
    assert text(found).startswith(first_words)


@needs_samples
@pytest.mark.parametrize(
    ("number", "title", "wanted"),
    [
        (
            "2",
            "Krav til krisesentertilbodet",
            "Butilbodet til kvinner og butilbodet til menn skal vere fysisk skilde",
        ),
        ("5", "Teieplikt", "kan berre givast når dette er nødvendig for å fremme oppgåvene"),
        (
            "6",
            "Opplysningsplikt til barnevernet",
            "når det er grunn til å tru at eit barn blir eller vil bli utnytta",
        ),
    ],
)
def test_the_other_rendering_is_read_too_and_keeps_its_list_numbers(
    number: str, title: str, wanted: str
) -> None:
    found = section(markdown("med-lenker/krisesenterlova"), number)
    assert found.title == title
    assert wanted in text(found)
    if number == "6":
        line = next(line for ledd in found.ledd for line in ledd.split("\n") if wanted in line)
        assert line.startswith("5. ")


@needs_samples
@pytest.mark.parametrize(
    ("name", "file", "differing"),
    [
        ("LOV-1967-02-10", OLD, []),
        ("LOV-2025-06-20-81", NEW, ["100"]),
        ("LOV-2005-05-20-28", PENAL, ["80"]),
    ],
)
def test_markdown_and_raw_hold_the_same_words(name: str, file: str, differing: list[str]) -> None:
    marks = re.compile(r"^(?:\w{1,2}[.)]|[-–•])(?: |$)")

    def bare(found: ActSection) -> list[str]:
        lines = [marks.sub("", line) for ledd in found.ledd for line in ledd.split("\n")]
        return re.findall(r"\w+", " ".join(lines))

    pairs = [(s, markdown(name).section(s.number)) for s in raw(file).sections]
    # § 68 a came after the Markdown was made.
    unlike = [s.number for s, other in pairs if other and bare(s) != bare(other)]
    assert [number for number in unlike if number not in differing] == []


@needs_samples
def test_the_articles_of_gdpr_follow_the_sections_of_the_act_that_carries_them() -> None:
    act = markdown("LOV-2018-06-15-38")
    found = section(act, "Artikkel 9")
    assert found.title == "Behandling av særlige kategorier av personopplysninger"
    assert found.url == "https://lovdata.no/dokument/NL/lov/2018-06-15-38/gdpr/a9"
    assert section(act, "9").title.startswith("Behandling av særlige kategorier")


BOMB = (
    '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<html lang="nb"><main class="documentBody">&b;</main></html>'
)
OUTSIDE = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><main>&a;</main></html>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "malformed"),
        (OUTSIDE, "malformed"),
        ("<html><main>", "malformed"),
        ("<html lang='nb'><main class='documentBody'/></html>", "wrong_type"),
        ("", "empty"),
        ("<x>" * 30_000 + "</x>" * 30_000, "wrong_type"),
    ],
)
def test_xml_that_is_no_act_or_a_trap_is_a_named_problem(
    tmp_path: Path, content: str, code: str
) -> None:
    file = tmp_path / "lov.xml"
    file.write_text(content, "utf-8")
    with pytest.raises(ParseProblem) as caught:
        read_act(file, TODAY)
    assert caught.value.code == code


def test_markdown_that_is_no_act_is_a_named_problem(tmp_path: Path) -> None:
    file = tmp_path / "rutine.md"
    file.write_text("# Rutine\n\nTekst.\n", "utf-8")
    with pytest.raises(ParseProblem) as caught:
        read_act_markdown(file, TODAY)
    assert caught.value.code == "wrong_type"
