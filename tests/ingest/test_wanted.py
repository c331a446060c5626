"""The real list of sources: where each is fetched, and what is never fetched from its own page."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.corpus import read_sources
from ingest.fetch import wanted_packages, wanted_sources
from ingest.statutes import read_statutes


def test_of_the_real_list_acts_come_from_lovdatas_package_only(corpus_dir: Path) -> None:
    sources = list(read_sources(corpus_dir / "sources.toml").values())
    assert all(one.url == "" or "lovdata.no" not in one.url for one in wanted_sources(sources))
    packages = wanted_packages(read_statutes(corpus_dir / "statutes.toml"))
    assert [one.id for one in packages] == ["gjeldende-lover", "gjeldende-sentrale-forskrifter"]
    assert all(one.url.startswith("https://") for one in packages)


PLACES = {
    "nettside": re.compile(r"https://(?!lovdata\.no/)[^/]+/(?!.*\.pdf$).*"),
    "pdf": re.compile(r"https://[^/]+/.*\.pdf"),
    "lov": re.compile(r"https://lovdata\.no/dokument/NL/lov/\d.*"),
    "forskrift": re.compile(r"https://lovdata\.no/dokument/SF/forskrift/\d.*"),
}


def test_every_stored_source_of_the_real_list_has_an_address_that_fits_it_and_is_its_own(
    corpus_dir: Path,
) -> None:
    sources = read_sources(corpus_dir / "sources.toml").values()
    stored = [one for one in sources if one.store]
    assert stored
    for one in stored:
        assert PLACES[one.kind].fullmatch(one.url or ""), one.id
    addresses = [one.url for one in stored]
    assert len(set(addresses)) == len(addresses)
    # A page is never declared as a file, also where it is only linked.
    files = [one for one in sources if one.kind == "pdf" and one.url]
    assert all(PLACES["pdf"].fullmatch(one.url or "") for one in files)
