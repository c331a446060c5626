"""The index is built beside the old one, swapped in whole, and reuses what did not change."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.archive.index import Door, current_folder, leftovers, open_index
from assistant.domain import Authority, Passage, Sentence
from assistant.errors import IndexMismatch, IndexMissing, StorageError
from ingest.build import Report, build


class CountingEmbedder:
    """Seeded vectors from a hash, at the outer edge: what is tested here is the build, not meaning."""

    def __init__(self, fingerprint: str = "seeded") -> None:
        self.fingerprint = fingerprint
        self.count = 0

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.count += len(texts)
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        raw = [b - 127.5 for b in hashlib.sha256(text.encode()).digest()]
        length = sum(x * x for x in raw) ** 0.5
        return [x / length for x in raw]


def passage(number: int, text: str) -> Passage:
    return Passage(
        f"p{number}-{hashlib.sha256(text.encode()).hexdigest()[:6]}",
        "kilde", "Kilde", Authority.GUIDE, ("Kapittel",), text, (Sentence(text),), number,
    )  # fmt: skip


DOOR = Door("d1", "Hva er dette?", "answers", ())


def made(folder: Path, texts: Sequence[str], embedder: CountingEmbedder) -> Report:
    rows = [passage(n, text) for n, text in enumerate(texts)]
    return build(rows, [DOOR], embedder, folder, {}, lambda *_: None)


def test_unchanged_passages_are_not_embedded_again(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    made(tmp_path, ["En.", "To.", "Tre."], embedder)
    before = embedder.count
    report = made(tmp_path, ["En.", "To.", "Fire."], embedder)
    assert report.embedded == embedder.count - before == 2  # the new passage and its sentence


def test_the_index_answers_with_what_was_built(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    made(tmp_path, ["En.", "To."], embedder)
    index = open_index(tmp_path, "seeded", "seeded")
    (nearest, cosine), *_ = index.vectors.nearest(
        "passages", embedder.passages(["Kapittel. To."])[0], 1
    )
    assert index.passages[index.passage_row[nearest]].text == "To."
    assert cosine == pytest.approx(1.0, abs=1e-4)


def test_a_missing_index_is_said_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="exit-assistent ingest"):
        open_index(tmp_path, "seeded", "seeded")


def test_an_index_of_other_weights_is_refused(tmp_path: Path) -> None:
    made(tmp_path, ["En."], CountingEmbedder("gamle"))
    with pytest.raises(IndexMismatch, match="exit-assistent ingest"):
        open_index(tmp_path, "nye", "nye")


def test_a_build_that_fails_leaves_the_old_index_and_nothing_else(tmp_path: Path) -> None:
    made(tmp_path, ["En."], CountingEmbedder())
    old = current_folder(tmp_path)

    class FullDisk(CountingEmbedder):
        def passages(self, texts: Sequence[str]) -> list[list[float]]:
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="Den gamle indeksen er urørt"):
        made(tmp_path, ["Helt ny."], FullDisk())
    assert current_folder(tmp_path) == old
    assert leftovers(tmp_path) == []
    open_index(tmp_path, "seeded", "seeded")


def test_the_remains_of_a_killed_build_are_cleared_and_counted(tmp_path: Path) -> None:
    made(tmp_path, ["En."], CountingEmbedder())
    (tmp_path / "20200101T000000-1").mkdir()
    assert len(leftovers(tmp_path)) == 1
    assert made(tmp_path, ["En.", "To."], CountingEmbedder()).removed == 1
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root writes everywhere; CI runs the next test instead"
)
def test_a_read_only_folder_is_a_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError):
        made(tmp_path / "index", ["En."], CountingEmbedder())


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="EXIT_DATA_DIR"):
        made(tmp_path / "fil" / "index", ["En."], CountingEmbedder())


def test_the_manifest_counts_and_dates_the_build(tmp_path: Path) -> None:
    report = made(tmp_path, ["En.", "To."], CountingEmbedder())
    manifest = json.loads((report.folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["passages"], manifest["sentences"], manifest["doors"]) == (2, 2, 1)
    assert manifest["fingerprint"] == "seeded"
    assert manifest["built"].startswith("20")
