"""Words divided at line ends are made whole; hyphens that belong to a word or to two stay."""

from __future__ import annotations

import pytest

from ingest.parse.hyphens import joined, vocabulary


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (
            ["til å forebygge radikali-", "sering i kommunen"],
            "til å forebygge radikalisering i kommunen",
        ),
        (["om omsorgs-", "og husarbeid"], "om omsorgs- og husarbeid"),
        (["om omsorgs- og hus-", "arbeid"], "om omsorgs- og husarbeid"),
        (["barne- eller", "familievern"], "barne- eller familievern"),
        (["dømt i EFTA-", "domstolen"], "dømt i EFTA-domstolen"),
        (["på 1980-", "tallet"], "på 1980-tallet"),
        (["i Sør-", "Norge"], "i Sør-Norge"),
        (["send en e-", "post"], "send en e-post"),
        (["og/", "eller"], "og/eller"),
        (["en setning –", "og et innskudd"], "en setning – og et innskudd"),
        (["slutt.", "Ny"], "slutt. Ny"),
        (["side 3 -", "4"], "side 3 - 4"),
        ([], ""),
    ],
)
def test_lines_are_joined_as_they_were_meant(lines: list[str], whole: str) -> None:
    assert joined(lines, vocabulary(())) == whole


def test_the_rest_of_the_document_settles_a_doubtful_hyphen() -> None:
    known = vocabulary(["alle i Nav-kontoret ringer slt-koordinator og slt-koordinator igjen"])
    assert joined(["ring slt-", "koordinator"], known) == "ring slt-koordinator"
    assert joined(["ring slt-", "koordinator"], vocabulary(())) == "ring sltkoordinator"
