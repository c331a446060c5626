"""The guide stands in the corpus word for word, in its own order, with its gaps recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.domain import Authority
from assistant.errors import CorpusError
from assistant.language import collapse
from ingest.chunk import passages
from ingest.corpus import read_sources
from ingest.guide import RESTORED, gaps, read_guide, read_toml


def words_of_chapters(folder: Path) -> str:
    """Return the chapters as running words, without restored titles and Markdown marks."""
    lines: list[str] = []
    for chapter in read_toml(folder / "guide.toml")["chapter"]:
        for line in (folder / chapter["file"]).read_text(encoding="utf-8").splitlines():
            if RESTORED not in line:
                lines.append(re.sub(r"^(#{1,4}|-) ", "", line))
    return collapse(" ".join(lines))


def test_no_word_of_the_guide_is_lost_added_or_moved(corpus_dir: Path) -> None:
    original = (corpus_dir / "guide" / "original.txt").read_text(encoding="utf-8")
    assert words_of_chapters(corpus_dir / "guide") == collapse(original.replace("•", " "))


def test_the_original_is_the_text_as_received(corpus_dir: Path, shared: Path) -> None:
    received = (shared / "guide" / "exit-veileder.txt").read_bytes()
    assert (corpus_dir / "guide" / "original.txt").read_bytes() == received


def test_every_sentence_of_every_passage_is_verbatim_and_none_is_lost(corpus_dir: Path) -> None:
    guide = read_guide(corpus_dir / "guide")
    source = read_sources(corpus_dir / "sources.toml")["veileder-exit"]
    found = list(passages(guide, source))
    for passage in found:
        assert collapse(" ".join(s.text for s in passage.sentences)) == collapse(passage.text)
    blocks = collapse(" ".join(b.text for s in guide.sections for b in s.blocks))
    assert collapse(" ".join(p.text for p in found)) == blocks
    assert len({passage.id for passage in found}) == len(found)


def test_page_furniture_is_kept_in_the_file_but_never_quoted(corpus_dir: Path) -> None:
    guide = read_guide(corpus_dir / "guide")
    assert not any(b.text == "Til toppen" for s in guide.sections for b in s.blocks)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        (("Forberedelser", "Veiledning"), "Telefon: 22 58 60 00"),
        (("Gjennomføring", "Individuell plan"), "Det bør utarbeides bare én plan"),
        (("Nyttige ressurser og lenker",), "Utveier.no er en kunnskapsportal"),
        (("Nyttige ressurser og lenker", "Relevante publikasjoner"), "Leaving Terrorism Behind"),
        (("Relevante tjenester i exit-samarbeid",), "Hvilke tjenester som får en rolle"),
        (("Relevante tjenester i exit-samarbeid", "NAV", "Kontaktinfo"), "55 55 33 33"),
    ],
)
def test_lost_headings_are_restored_where_they_stood(
    corpus_dir: Path, heading: tuple[str, ...], words: str
) -> None:
    sections = read_guide(corpus_dir / "guide").sections
    assert any(s.headings == heading and any(words in b.text for b in s.blocks) for s in sections)


def test_known_chapter_addresses_are_kept_and_unknown_ones_are_not_invented(
    corpus_dir: Path,
) -> None:
    urls = {
        s.headings[0] if s.headings else "": s.url
        for s in read_guide(corpus_dir / "guide").sections
    }
    assert str(urls["Gjennomføring"]).endswith("/gjennomforing/id2704641/")
    assert urls["Nyttige ressurser og lenker"] is None


def test_every_recorded_gap_stands_in_the_guide(corpus_dir: Path) -> None:
    original = collapse((corpus_dir / "guide" / "original.txt").read_text(encoding="utf-8"))
    recorded = gaps(corpus_dir / "guide")
    assert len(recorded) >= 5
    assert all(collapse(quote) in original for quote in recorded)


def test_all_48_linked_resources_are_declared(corpus_dir: Path) -> None:
    sources = read_sources(corpus_dir / "sources.toml")
    assert len(sources) == 48
    assert sources["straffeloven-196"].authority is Authority.LAW
    assert sources["veileder-exit"].authority is Authority.GUIDE
    assert not any(s.store for s in sources.values() if "bare lenke" in s.licence)


def test_a_missing_chapter_stops_with_the_files_name(tmp_path: Path, corpus_dir: Path) -> None:
    (tmp_path / "guide.toml").write_bytes((corpus_dir / "guide" / "guide.toml").read_bytes())
    with pytest.raises(CorpusError, match=r"01-forside\.md: kapittelet mangler"):
        read_guide(tmp_path)


def test_a_malformed_source_list_stops_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('[[source]]\nid = "a"\ntitle = \n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"sources\.toml, linje 3"):
        read_sources(tmp_path / "sources.toml")
