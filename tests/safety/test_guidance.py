"""The fixed texts are whole, agree with their numbers, and a bad one stops the start."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import CATEGORIES, Contact
from assistant.errors import GuidanceError, StorageError
from assistant.safety.guidance import load_shelf
from assistant.safety.guidance_file import LANGUAGES, phone_numbers, sha256
from assistant.safety.hashes import HASH_FILE, renew_hashes, whole_hash
from assistant.safety.sign_offs import SIGN_OFF_FILE, sign_off

TODAY = date(2026, 11, 23)
# Numbers that may stand without «må kontrolleres» (design, decision 6).
FREE = {"110", "112", "113", "116 117", "116 111", "116 123", "116 006", "22 40 00 40", "800 33 321",
        "22 59 13 00", "02800"}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, corpus_dir: Path) -> Path:
    """Return another municipality's copy of the texts: no list of checksums."""
    shutil.copytree(corpus_dir / "escalation", tmp_path / "escalation")
    (tmp_path / "escalation" / HASH_FILE).unlink()
    return tmp_path / "escalation"


@pytest.fixture
def listed(folder: Path) -> Path:
    """Return a copy of the texts with a list of checksums."""
    renew_hashes(folder)
    return folder


def altered(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_every_category_has_a_text_in_three_languages(corpus_dir: Path, tmp_path: Path) -> None:
    shelf = load_shelf(corpus_dir / "escalation", tmp_path)
    for category in CATEGORIES:
        guidance = shelf.for_category(category)
        assert set(guidance.text) == {"nb", "nn", "en"}
        assert all(guidance.sha256[lang] == sha256(guidance.text[lang]) for lang in guidance.text)
        assert guidance.status == "utkast"


def test_no_number_outside_the_checked_ones_stands_unmarked(
    corpus_dir: Path, tmp_path: Path
) -> None:
    for guidance in load_shelf(corpus_dir / "escalation", tmp_path):
        for contact in guidance.contacts["nb"]:
            assert contact.phone in FREE or contact.must_be_checked, (guidance.id, contact.phone)
        assert "02180" not in "".join(guidance.text.values())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Ring politiet på **112**", "Ring politiet på **119**", "ikke enige om: 119"),
        ('phone = "112"', 'phone = "122"', "ikke enige om"),
        ('confidence = "V"', 'confidence = "sikker"', "ukjent sikkerhet «sikker»"),
        ('id = "akutt_fare"', 'navn = "akutt_fare"', "mangler feltet «id»"),
        ('nb = """', 'nb = "" #', "kan ikke leses"),
        ('categories = ["akutt_fare"]', 'categories = "akutt_fare"', "må være en liste"),
        ('categories = ["akutt_fare"]', 'categories = ["akuttfare"]', "ukjent kategori"),
        ('categories = ["akutt_fare"]', 'categories = ["akutt_fare", "utreise"]', "flere tekster"),
        # Titles.
        ("[title]", "[titel]", "mangler feltet «title»"),
        ("[title]", 'title = "x"\n[titel]', "«title» må ha navngitte felt"),
        ('nn = "Akutt fare: angrep, bombe, gissel, våpen eller brann"\n', "", "«title.nn»"),
        ('"Immediate danger: attack, bomb, hostage, weapon or fire"', '" "', "«title.en» er tom"),
        ('"Immediate danger: attack, bomb, hostage, weapon or fire"', "112", "må være tekst"),
        # Texts.
        ("[text]", "[tekst]", "mangler feltet «text»"),
        ('nb = """', 'nb = ["x"]\nb = """', "«text.nb» må være tekst"),
        # Contacts.
        ("[[contacts]]", "[[kontakt]]", r"mangler \[\[contacts\]\]"),
        ('phone = "112"', "phone = 112", "«contacts 1.phone» må være tekst"),
        ('source = "helsenorge.no (A1)"', 'source = ""', "«contacts 3.source» er tom"),
        ('source = "helsenorge.no (A1)"', "source = 3", "«contacts 3.source» må være tekst"),
        ('source = "helsenorge.no (A1)"\n', "", "mangler feltet «contacts 3.source»"),
        ('name = { nb = "Brann", ', "name = { ", "«contacts 2.name.nb»"),
        ('name = { nb = "Brann", nn = "Brann", en = "Fire service" }', 'name = "Brann"', "navngitte"),
        ('hours = { nb = "hele døgnet"', 'hours = { nb = ""', "«contacts 4.hours.nb» er tom"),
        ('hours = { nb = "hele døgnet", ', "hours = { ", "«contacts 4.hours.nb»"),
        ("hours = {", "hour = {", "ukjent felt i «contacts 4»: hour"),
        # Dates.
        ('version = "2026-11-29"', 'version = "i går"', "«version» er «i går»"),
        ('checked = "2026-11-22"\n', "", "mangler feltet «contacts 1.checked»"),
        ('checked = "2026-11-22"', 'checked = "2026-22-11"', "«contacts 1.checked» er «2026-22-11»"),
        # The languages say the same.
        ("- **Ikkje** gi løfte", "**Ikkje** gi løfte", "kulepunkter er 5 på nb, 4 på nn, 5 på en"),
        ("\n2. If there", "\nIf there", "nummererte punkter er 3 på nb, 3 på nn, 2 på en"),
        ("- **Ikke** rør", "- Ikke rør", "uthevede «ikke» er 5 på nb, 6 på nn, 6 på en"),
        ("- Do **not** touch", "- **Never** touch", "uthevede «ikke» er 6 på nb, 6 på nn, 5 på en"),
        ("- **Ikkje** rør", "- **Ikke** rør", "uthevede «ikke» er 6 på nb, 5 på nn, 6 på en"),
        ("for a manager, a meeting", "for **112**, a meeting", "telefonnumre er 5 på nb, 5 på nn, 6 på en"),
    ],
)  # fmt: skip
def test_a_broken_file_stops_the_start(
    folder: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    altered(folder, "akutt_fare.toml", old, new)
    with pytest.raises(GuidanceError, match=says) as caught:
        load_shelf(folder, tmp_path)
    assert "escalation" in str(caught.value)


@pytest.mark.parametrize("wrong", ["1123", "22 40 00 4", "22 40 00 400", "+47 112", "112 el. 113"])
def test_a_number_has_three_five_six_or_eight_digits(
    folder: Path, tmp_path: Path, wrong: str
) -> None:
    altered(folder, "vil_ut.toml", "22 40 00 40", wrong)
    with pytest.raises(GuidanceError, match="3, 5, 6 eller 8 sifre"):
        load_shelf(folder, tmp_path)


def test_a_number_with_too_many_digits_is_seen_beside_the_right_one(
    folder: Path, tmp_path: Path
) -> None:
    altered(folder, "planlagt_vold.toml", "Gå unna, og ring **112**", "Gå unna, 22 40 00 40 00")
    with pytest.raises(GuidanceError, match="«22 40 00 40 00» er ikke et telefonnummer"):
        load_shelf(folder, tmp_path)


def test_the_same_contact_is_the_same_record_in_every_text(
    corpus_dir: Path, tmp_path: Path
) -> None:
    records: dict[tuple[str, str], Contact] = {}
    for guidance in load_shelf(corpus_dir / "escalation", tmp_path):
        for language in LANGUAGES:
            for contact in guidance.contacts[language]:
                assert records.setdefault((contact.id, language), contact) == contact


def test_every_contact_has_a_date_of_its_own(folder: Path, tmp_path: Path) -> None:
    altered(folder, "akutt_fare.toml", 'checked = "2026-11-22"\nconfidence = "V3"',
            'checked = 2026-01-02\nconfidence = "V3"')  # fmt: skip
    contacts = load_shelf(folder, tmp_path)["akutt_fare"].contacts["nb"]
    assert [c.checked for c in contacts[:3]] == ["2026-11-22", "2026-01-02", "2026-11-22"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_to_others_is_met_with_112_first(
    corpus_dir: Path, tmp_path: Path, language: str
) -> None:
    shelf = load_shelf(corpus_dir / "escalation", tmp_path)
    for category in ("skadelig_forespørsel", "egen_intensjon", "akutt_fare"):
        guidance = shelf.for_category(category)
        first = next(line for line in guidance.text[language].splitlines() if line[:3] == "1. ")
        assert "**112**" in first and guidance.contacts[language][0].phone == "112"


def test_no_text_promises_hours_for_the_line_whose_hours_are_unknown(
    corpus_dir: Path, tmp_path: Path
) -> None:
    for guidance in load_shelf(corpus_dir / "escalation", tmp_path):
        for language in LANGUAGES:
            hours = {c.hours for c in guidance.contacts[language] if c.phone == "116 111"}
            assert hours <= {None}
            for sentence in guidance.text[language].split(". "):
                if "116 111" in sentence and "800 33 321" not in sentence:
                    assert not any(w in sentence for w in ("døgnet", "day and night"))


def test_a_missing_category_stops_the_start(folder: Path, tmp_path: Path) -> None:
    (folder / "utreise.toml").unlink()
    with pytest.raises(GuidanceError, match="utreise"):
        load_shelf(folder, tmp_path)


def test_a_missing_mark_beside_an_unchecked_number_stops_the_start(
    folder: Path, tmp_path: Path
) -> None:
    altered(folder, "utreise.toml", "må kontrolleres", "ring gjerne")
    with pytest.raises(GuidanceError, match="må kontrolleres"):
        load_shelf(folder, tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ring politiet på", "Ring gjerne politiet på"),
        ("Immediate danger", "Great danger"),
        ('"Fire service"', '"Fire brigade"'),
        ("TV2 2018", "TV2 2019"),
        ('"24 hours"', '"weekdays"'),
        ('checked = "2026-11-22"', 'checked = "2026-11-23"'),
        ('confidence = "V3"', 'confidence = "V"'),
    ],
)
def test_a_sign_off_holds_until_text_title_or_contacts_change(
    folder: Path, tmp_path: Path, old: str, new: str
) -> None:
    sign_off(
        load_shelf(folder, tmp_path)["akutt_fare"], "N. N.", "psykologspesialist", tmp_path, TODAY
    )
    assert load_shelf(folder, tmp_path, today=TODAY)["akutt_fare"].status == "godkjent"
    altered(folder, "akutt_fare.toml", old, new)
    assert load_shelf(folder, tmp_path, today=TODAY)["akutt_fare"].status == "utkast"


def test_a_sign_off_of_a_day_to_come_does_not_count(folder: Path, tmp_path: Path) -> None:
    sign_off(
        load_shelf(folder, tmp_path)["akutt_fare"], "N. N.", "lege", tmp_path, date(2062, 11, 23)
    )
    assert load_shelf(folder, tmp_path, today=TODAY)["akutt_fare"].status == "utkast"


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"date": "23.11.2026"}, "date» er «23.11.2026», men må være en dato"),
        ({"date": 2026}, "date» må være tekst"),
        ({"date": None}, "mangler feltet"),
        ({"role": ""}, "role» er tom"),
    ],
)
def test_a_sign_off_file_with_a_bad_field_is_a_clear_error(
    folder: Path, tmp_path: Path, record: dict[str, object], says: str
) -> None:
    guidance = load_shelf(folder, tmp_path)["akutt_fare"]
    good = sign_off(guidance, "N. N.", "lege", tmp_path, TODAY)
    rows = [{"id": "akutt_fare", **good.__dict__, **record}]
    (tmp_path / SIGN_OFF_FILE).write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(GuidanceError, match=says) as caught:
        load_shelf(folder, tmp_path)
    assert SIGN_OFF_FILE in str(caught.value)
    with pytest.raises(GuidanceError, match=says):
        sign_off(guidance, "N. N.", "lege", tmp_path, TODAY)


@pytest.mark.parametrize(
    "content", ["{", '"x"', '{"id": "akutt_fare"}', '["x"]', "[[]]", "\ufeff[]"]
)
def test_a_sign_off_file_of_another_shape_is_a_clear_error(
    folder: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / SIGN_OFF_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(GuidanceError, match=SIGN_OFF_FILE):
        load_shelf(folder, tmp_path)


def test_the_committed_list_fits_the_committed_texts(corpus_dir: Path, tmp_path: Path) -> None:
    folder = corpus_dir / "escalation"
    found = {g.id: whole_hash(g) for g in load_shelf(folder, tmp_path)}
    lines = (folder / HASH_FILE).read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [f"{whole}  {guidance_id}" for guidance_id, whole in found.items()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ring politiet på", "Ring gjerne politiet på"),
        ("Immediate danger", "Great danger"),
        ('"24 hours"', '"weekdays"'),
        ('id = "akutt_fare"', 'id = "akutt"'),
    ],
)
def test_a_changed_draft_is_noticed_until_the_list_is_renewed(
    listed: Path, tmp_path: Path, old: str, new: str
) -> None:
    load_shelf(listed, tmp_path)
    altered(listed, "akutt_fare.toml", old, new)
    with pytest.raises(GuidanceError, match=r"HASHES: disse tekstene er endret.*akutt"):
        load_shelf(listed, tmp_path)
    renew_hashes(listed)
    load_shelf(listed, tmp_path)


def test_a_text_that_is_gone_or_new_is_noticed(listed: Path, tmp_path: Path) -> None:
    file = listed / "vil_ut.toml"
    text = file.read_text(encoding="utf-8").replace('id = "vil_ut"', 'id = "ny"')
    (listed / "ny.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GuidanceError, match="borte siden lista ble laget: ny"):
        load_shelf(listed, tmp_path)
    (listed / "ny.toml").unlink()
    file.unlink()
    with pytest.raises(GuidanceError, match="borte siden lista ble laget: vil_ut"):
        load_shelf(listed, tmp_path)


def test_a_comment_or_another_line_ending_is_no_change(listed: Path, tmp_path: Path) -> None:
    for file in [*listed.glob("*.toml"), listed / HASH_FILE]:
        text = file.read_text(encoding="utf-8") + "# kommentar\n"
        file.write_text(text, encoding="utf-8", newline="\r\n")
    load_shelf(listed, tmp_path)


def test_a_list_that_cannot_be_read_names_its_line(listed: Path, tmp_path: Path) -> None:
    altered(listed, HASH_FILE, "  akutt_fare\n", " akutt_fare\n")
    with pytest.raises(GuidanceError, match="HASHES, linje 2"):
        load_shelf(listed, tmp_path)


def test_texts_without_a_list_load_in_silence(
    folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    load_shelf(folder, tmp_path)
    assert capfd.readouterr() == ("", "") and not caplog.records


def test_the_list_is_not_renewed_over_a_broken_text(listed: Path) -> None:
    before = (listed / HASH_FILE).read_bytes()
    altered(listed, "akutt_fare.toml", 'phone = "112"', 'phone = "122"')
    with pytest.raises(GuidanceError, match="ikke enige om"):
        renew_hashes(listed)
    assert (listed / HASH_FILE).read_bytes() == before


def test_a_list_that_cannot_be_written_is_a_storage_error(listed: Path) -> None:
    (listed / f"{HASH_FILE}.ny").mkdir()
    with pytest.raises(StorageError, match="Får ikke skrevet"):
        renew_hashes(listed)


def test_a_review_older_than_twelve_months_is_overdue(folder: Path, tmp_path: Path) -> None:
    sign_off(
        load_shelf(folder, tmp_path)["akutt_fare"], "N. N.", "lege", tmp_path, date(2025, 10, 1)
    )
    assert load_shelf(folder, tmp_path, today=TODAY)["akutt_fare"].overdue


def test_unsigned_texts_refuse_to_start_when_sign_off_is_required(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(GuidanceError, match="exit-assistent godkjenn"):
        load_shelf(folder, tmp_path, require_sign_off=True)
    for guidance in load_shelf(folder, tmp_path):
        sign_off(guidance, "N. N.", "lege", tmp_path, TODAY)
    load_shelf(folder, tmp_path, require_sign_off=True, today=TODAY)


def test_a_sign_off_without_a_name_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="navn og rolle"):
        sign_off(load_shelf(folder, tmp_path)["akutt_fare"], " ", "lege", tmp_path, TODAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ring 112 nå, eller 22 40 00 40.", {"112", "22 40 00 40"}),
        ("Fra utlandet: +47 23 95 00 00", {"+47 23 95 00 00"}),
        ("Straffeloven § 196, året 2026, 12.3", set()),
        ("116 117 og 02800", {"116 117", "02800"}),
    ],
)
def test_phone_numbers_are_told_from_years_and_paragraphs(text: str, numbers: set[str]) -> None:
    assert phone_numbers(text) == numbers
