"""The index is built beside the old one, swapped in whole, and reuses what did not change."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.archive.contents import Door
from assistant.archive.index import current_folder, leftovers, open_index
from assistant.domain import Authority, Passage, Sentence
from assistant.errors import IndexMismatch, IndexMissing, StorageError
from ingest.build import Report, build, killed_builds


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
    first = made(tmp_path, ["En."], CountingEmbedder())
    (tmp_path / "20200101T000000-1").mkdir()
    assert killed_builds(tmp_path) == [tmp_path / "20200101T000000-1"]
    assert made(tmp_path, ["En.", "To."], CountingEmbedder()).removed == 1
    assert leftovers(tmp_path) == [first.folder]
    assert killed_builds(tmp_path) == []  # what is left is whole


def test_the_index_before_is_kept_until_the_next_build_because_it_may_be_open(
    tmp_path: Path,
) -> None:
    embedder = CountingEmbedder()
    first = made(tmp_path, ["En."], embedder)
    running = open_index(tmp_path, "seeded", "seeded")
    second = made(tmp_path, ["To."], embedder)
    assert second.removed == 0  # nothing was killed
    question = embedder.passages(["Kapittel. En."])[0]
    assert running.vectors.nearest("passages", question, 1)[0][1] == pytest.approx(1.0, abs=1e-4)
    third = made(tmp_path, ["Tre."], embedder)
    assert not first.folder.exists()
    assert (current_folder(tmp_path), leftovers(tmp_path)) == (third.folder, [second.folder])


class Killed(CountingEmbedder):
    """Is stopped, as by a kill, when it has embedded so many times."""

    def __init__(self, fingerprint: str = "seeded", times: int = 2) -> None:
        super().__init__(fingerprint)
        self._left = times

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        if texts and not self._left:
            raise KeyboardInterrupt
        self._left -= bool(texts)
        return super().passages(texts)


MANY = [
    f"Avsnitt {number}." for number in range(600)
]  # embedded in three parts, and so are sentences


def killed(folder: Path, embedder: Killed) -> Path:
    before = set(leftovers(folder))
    with pytest.raises(KeyboardInterrupt):
        made(folder, MANY, embedder)
    (left,) = set(leftovers(folder)) - before
    return left


def test_what_a_killed_build_had_embedded_is_not_embedded_again(tmp_path: Path) -> None:
    made(tmp_path, ["En."], CountingEmbedder())
    left = killed(tmp_path, Killed())
    embedder = CountingEmbedder()
    report = made(tmp_path, MANY, embedder)
    assert report.embedded == embedder.count == 2 * 600 - 512  # the door was in the old index
    assert report.removed == 1 and not left.exists()
    assert list(report.folder.glob("*.journal")) == []
    index = open_index(tmp_path, "seeded", "seeded")
    for number in (0, 511, 599):
        question = embedder.passages([f"Kapittel. Avsnitt {number}."])[0]
        (nearest, cosine), *_ = index.vectors.nearest("passages", question, 1)
        assert index.passages[index.passage_row[nearest]].text == MANY[number]
        assert cosine == pytest.approx(1.0, abs=1e-4)


def test_a_build_killed_twice_loses_nothing_of_either(tmp_path: Path) -> None:
    killed(tmp_path, Killed(times=2))
    killed(tmp_path, Killed(times=1))
    assert made(tmp_path, MANY, CountingEmbedder()).embedded == 2 * 600 + 1 - 600


def test_vectors_of_a_killed_build_with_other_weights_are_left_alone(tmp_path: Path) -> None:
    killed(tmp_path, Killed("andre"))
    report = made(tmp_path, MANY, CountingEmbedder())
    assert (report.embedded, report.removed) == (2 * 600 + 1, 1)


def test_a_vector_that_was_only_half_written_is_made_anew(tmp_path: Path) -> None:
    left = killed(tmp_path, Killed())
    (journal,) = left.glob("*.journal")
    whole = journal.read_bytes()
    row = (len(whole) - 4) // 512
    zeros = bytes(row - 16)  # what a power cut may leave of a vector whose key was written
    journal.write_bytes(whole[: -2 * row + 16] + zeros + whole[-row : -row // 2])
    assert made(tmp_path, MANY, CountingEmbedder()).embedded == 2 * 600 + 1 - 510
    index = open_index(tmp_path, "seeded", "seeded")
    for number in (509, 510, 511):
        question = CountingEmbedder().passages([f"Kapittel. {MANY[number]}"])[0]
        assert index.vectors.nearest("passages", question, 1)[0][1] == pytest.approx(1.0, abs=1e-4)


def test_a_journal_with_a_torn_end_can_be_gone_on_with(tmp_path: Path) -> None:
    (journal,) = killed(tmp_path, Killed()).glob("*.journal")
    whole = journal.read_bytes()
    journal.write_bytes(whole[: -(len(whole) - 4) // 1024])  # half of the last of 512 rows
    killed(tmp_path, Killed())  # makes the torn one and the last 88 passages
    assert made(tmp_path, MANY, CountingEmbedder()).embedded == 2 * 600 + 1 - 600


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


def test_a_build_is_refused_while_another_is_under_way_and_takes_nothing_from_it(
    tmp_path: Path,
) -> None:
    seen: list[object] = []

    class Meanwhile(CountingEmbedder):
        def passages(self, texts: Sequence[str]) -> list[list[float]]:
            if not seen:
                seen.append(killed_builds(tmp_path))
                with pytest.raises(StorageError, match="En annen innlesing er i gang"):
                    made(tmp_path, ["To."], CountingEmbedder())
            return super().passages(texts)

    made(tmp_path, ["En."], Meanwhile())
    assert seen == [[]]  # a build that is alive is not told as killed
    assert [p.text for p in open_index(tmp_path, "seeded", "seeded").passages] == ["En."]


def carried(folder: Path) -> int:
    current = current_folder(folder)
    assert current is not None
    return int(json.loads((current / "manifest.json").read_text("utf-8"))["carried"])


def test_a_small_change_is_made_in_a_copy_of_the_vectors(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    texts = [f"Avsnitt {number}." for number in range(30)]
    made(tmp_path, texts, embedder)
    old = open_index(tmp_path, "seeded", "seeded")
    made(tmp_path, ["Helt nytt.", *texts[1:]], embedder)
    assert carried(tmp_path) == 1
    new = open_index(tmp_path, "seeded", "seeded")
    for text, index, there in (
        ("Avsnitt 0.", old, True),
        ("Avsnitt 0.", new, False),
        ("Avsnitt 7.", new, True),
        ("Helt nytt.", old, False),
        ("Helt nytt.", new, True),
    ):
        for kind in ("passages", "sentences"):
            vector = embedder.passages([f"Kapittel. {text}"])[0]
            ((nearest, cosine),) = index.vectors.nearest(kind, vector, 1)
            assert (cosine > 0.999) is there, (text, kind)
            assert nearest in (index.passage_row if kind == "passages" else index.unit_row)
    assert new.vectors.ids("passages") == {p.id for p in new.passages}
    assert new.vectors.ids("sentences") == set(new.unit_row)


def test_a_large_change_other_weights_and_every_twentieth_time_start_from_the_ground(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.build._MOST_CARRIED", 2)
    texts = [f"Avsnitt {number}." for number in range(30)]
    counts = []
    for number in range(4):
        made(tmp_path, [f"Utgave {number}.", *texts], CountingEmbedder())
        counts.append(carried(tmp_path))
    made(tmp_path, texts[:15], CountingEmbedder())
    counts.append(carried(tmp_path))
    made(tmp_path, texts[:15], CountingEmbedder("andre"))
    assert [*counts, carried(tmp_path)] == [0, 1, 2, 0, 0, 0]


def test_a_damaged_graph_is_not_copied_but_mended(tmp_path: Path) -> None:
    texts = [f"Avsnitt {number}." for number in range(1200)]  # enough for Chroma to write its graph
    made(tmp_path / "hel", texts, CountingEmbedder())
    # A copy: Chroma keeps what a folder holds in memory as long as the process lives.
    shutil.copytree(tmp_path / "hel", tmp_path / "skadet")
    graphs = list((tmp_path / "skadet").rglob("*.bin"))
    assert graphs
    for graph in graphs:
        graph.write_bytes(b"\xff" * 64)
    made(tmp_path / "skadet", ["Nytt.", *texts], CountingEmbedder())
    assert carried(tmp_path / "skadet") == 0
    index = open_index(tmp_path / "skadet", "seeded", "seeded")
    vector = CountingEmbedder().passages(["Kapittel. Nytt."])[0]
    assert index.vectors.nearest("passages", vector, 1)[0][1] == pytest.approx(1.0, abs=1e-4)
