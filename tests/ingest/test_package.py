"""Of Lovdata's packages the acts of the list are kept, and fetched again when one is wanted or lost."""

from __future__ import annotations

import bz2
import io
import tarfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.settings import Settings
from ingest.corpus import read_everything, shelf
from tests.ingest.serving import LONG_AGO, Site, aged, answer, corpus, unless_known
from tests.ingest.test_fetch import fetched

PACKED = "application/x-bzip2"
ACT = "LOV-1967-02-10"
STATUTES = """licence = "NLOD 2.0"
licence_url = "https://data.norge.no/nlod/no/2.0"
publisher = "Lovdata"
[[package]]
id = "gjeldende-lover"
title = "Lovdata, gjeldende lover"
url = "{url}"
[[act]]
id = "LOV-1967-02-10"
source = "lov-forvaltningsloven"
name = "Forvaltningsloven"
short = "fvl."
sections = [{{ numbers = ["13", "13 b"], about = "taushetsplikt", confidence = "V" }}]
[[act]]
id = "LOV-2025-06-20-81"
source = "lov-forvaltningsloven-2025"
name = "Forvaltningsloven av 2025"
short = ""
sections = [{{ numbers = ["34"], about = "opplysningsrett", confidence = "V" }}]
[[act]]
id = "LOV-2005-05-20-28"
source = "lov-straffeloven"
name = "Straffeloven"
short = "strl."
sections = [{{ numbers = ["196"], about = "avvergingsplikt", confidence = "V" }}]
"""


def package(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:bz2") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def test_lovdatas_package_gives_the_acts_of_the_list_and_never_the_coming_one(
    site: Site, corpus_dir: Path, tmp_path: Path, shared: Path
) -> None:
    samples = shared / "samples" / "lovdata"
    files = {
        "nl/nl-19670210-000.xml": (samples / "nl-19670210-000.xml").read_bytes(),
        "nl/nl-20250620-081.xml": (samples / "lti" / "nl-20250620-081.xml").read_bytes(),
        "nl/nl-19610616-015.xml": (samples / "nl-19610616-015.xml").read_bytes(),
        "../../nl-20050520-028.txt": b"x",
    }
    site.pages["/lover"] = answer(package(files), "application/octet-stream")
    statutes = STATUTES.format(url=site.url("/lover"))
    settings = corpus(corpus_dir, tmp_path, "", statutes)
    assert fetched(settings) == []
    held = settings.data_dir / "snapshots" / "statutes"
    assert sorted(path.name for path in held.iterdir()) == [
        "LOV-1967-02-10.json",
        "gjeldende-lover.absent",
    ]
    law = [p for p in read_everything(settings).passages if p.source_id.startswith("lov-")]
    assert [p.headings[1].split(" (")[0] for p in law] == ["§ 13", "§ 13 b"]
    assert shelf(settings).get("gjeldende-lover") is not None


REGULATION = """[[package]]
id = "gjeldende-sentrale-forskrifter"
title = "Lovdata, gjeldende sentrale forskrifter"
url = "{url}"
[[act]]
id = "FOR-1997-01-10-16"
source = "lov-gravplassforskriften"
name = "Gravplassforskriften"
short = ""
sections = [{{ numbers = ["*"], about = "individuell_plan", confidence = "H" }}]
[[act]]
id = "FOR-2010-11-19-1462"
source = "lov-forskrift-ip-nav"
name = "Forskrift om individuell plan i arbeids- og velferdsforvaltningen"
short = ""
sections = [{{ numbers = ["*"], about = "individuell_plan", confidence = "H" }}]
"""


def test_a_regulation_comes_whole_from_the_other_package_and_one_that_is_gone_is_said(
    site: Site, corpus_dir: Path, tmp_path: Path, shared: Path
) -> None:
    body = (shared / "samples" / "lovdata" / "sf-19970110-0016.xml").read_bytes()
    site.pages["/f"] = answer(package({"sf/sf-19970110-0016.xml": body}), "application/x-bzip2")
    head = STATUTES.split("[[package]]")[0]
    statutes = head + REGULATION.format(url=site.url("/f"))
    settings = corpus(corpus_dir, tmp_path, "", statutes)
    assert fetched(settings) == []
    reading = read_everything(settings)
    law = [p for p in reading.passages if p.source_id == "lov-gravplassforskriften"]
    assert len(law) > 20
    assert law[0].url == "https://lovdata.no/dokument/SF/forskrift/1997-01-10-16/§1"
    assert "hevd og forvaltes med den orden" in law[0].text
    (gone,) = [r for r in reading.remarks if r.source_id == "lov-forskrift-ip-nav"]
    assert "ikke i kraft" in gone.what and not gone.failed


def test_an_act_that_left_the_package_is_no_longer_quoted(
    site: Site, corpus_dir: Path, tmp_path: Path, shared: Path
) -> None:
    body = (shared / "samples" / "lovdata" / "nl-20050520-028.xml").read_bytes()
    site.pages["/lover"] = answer(package({"nl/nl-20050520-028.xml": body}), "application/x-bzip2")
    settings = corpus(corpus_dir, tmp_path, "", STATUTES.format(url=site.url("/lover")))
    shipped = settings.corpus_dir / "statutes"
    shipped.mkdir()
    name = "LOV-1967-02-10.json"
    (shipped / name).write_bytes((corpus_dir / "statutes" / name).read_bytes())
    assert "lov-forvaltningsloven" in {p.source_id for p in read_everything(settings).passages}
    assert fetched(settings) == []
    reading = read_everything(settings)
    assert "lov-forvaltningsloven" not in {p.source_id for p in reading.passages}
    assert any("ikke i kraft" in str(r) for r in reading.remarks)


@pytest.mark.parametrize(
    "body",
    [b"BZh9 ikke en pakke", bz2.compress(b"ikke tar"), package({"nl/annet.xml": b"<a/>"})],
)
def test_a_bad_package_is_named_and_keeps_what_we_had(
    site: Site, corpus_dir: Path, tmp_path: Path, body: bytes
) -> None:
    site.pages["/lover"] = answer(body, "application/octet-stream")
    settings = corpus(corpus_dir, tmp_path, "", STATUTES.format(url=site.url("/lover")))
    (line,) = fetched(settings)
    assert line.startswith("Lovdata, gjeldende lover: Pakken fra Lovdata")
    assert not (settings.data_dir / "snapshots" / "statutes").exists()


def sections(settings: Settings) -> list[str]:
    law = [p for p in read_everything(settings).passages if p.source_id.startswith("lov-")]
    return [p.headings[1].split(" (")[0].split(" Plikt")[0] for p in law]


@pytest.fixture
def lovdata(site: Site, corpus_dir: Path, tmp_path: Path, shared: Path) -> Settings:
    """Return a corpus whose package has been fetched today; its server says 304 to who has it."""
    act = (shared / "samples" / "lovdata" / "nl-19670210-000.xml").read_bytes()
    penal = (shared / "samples" / "lovdata" / "nl-20050520-028.xml").read_bytes()
    files = {"nl/nl-19670210-000.xml": act, "nl/nl-20050520-028.xml": penal}
    site.pages["/lover"] = unless_known(package(files), PACKED)
    listed = STATUTES.format(url=site.url("/lover")).split("[[act]]")
    settings = corpus(corpus_dir, tmp_path, "", "[[act]]".join(listed[:2]))
    assert fetched(settings) == []
    assert sections(settings) == ["§ 13", "§ 13 b"]
    return settings


def more_sections(settings: Settings) -> None:
    file = settings.corpus_dir / "statutes.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"13 b"]', '"13 b", "13 d"]'), encoding="utf-8")


def one_more_act(settings: Settings) -> None:
    file = settings.corpus_dir / "statutes.toml"
    more = STATUTES.split("[[act]]")[-1].format()
    file.write_text(f"{file.read_text(encoding='utf-8')}[[act]]{more}", encoding="utf-8")


def no_copies(settings: Settings) -> None:
    folder = shelf(settings).folder / "statutes"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def a_broken_copy(settings: Settings) -> None:
    (shelf(settings).folder / "statutes" / f"{ACT}.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize("days_ago", [False, True])
@pytest.mark.parametrize(
    ("lost", "then"),
    [
        (more_sections, ["§ 13", "§ 13 b", "§ 13 d"]),
        (one_more_act, ["§ 13", "§ 13 b", "§ 196"]),
        (no_copies, ["§ 13", "§ 13 b"]),
        (a_broken_copy, ["§ 13", "§ 13 b"]),
    ],
)
def test_what_a_package_lacks_is_fetched_the_same_day_and_though_the_server_says_unchanged(
    site: Site,
    lovdata: Settings,
    lost: Callable[[Settings], None],
    then: list[str],
    days_ago: bool,
) -> None:
    lost(lovdata)
    if days_ago:
        aged(lovdata, "gjeldende-lover")
    assert fetched(lovdata) == []
    assert sections(lovdata) == then
    assert fetched(lovdata) == []
    assert site.paths() == ["/lover", "/lover"]


def test_a_package_that_has_not_changed_is_not_sent_again(site: Site, lovdata: Settings) -> None:
    aged(lovdata, "gjeldende-lover")
    assert fetched(lovdata) == []
    assert site.asked[-1][1]["if-none-match"] == '"7"'
    kept = shelf(lovdata).get("gjeldende-lover")
    assert kept is not None and kept.fetched == date.today().isoformat()
    assert kept.changed == LONG_AGO
