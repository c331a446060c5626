"""What Chroma raises becomes an error of ours that says what to do, in building and in searching."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from assistant.archive.index import current_folder
from assistant.archive.vectors import KINDS, Vectors
from assistant.errors import IndexMissing, StorageError

ONE = [1.0, 0.0, 0.0, 0.0]


def built(folder: Path) -> Vectors:
    folder.mkdir(parents=True)
    vectors = Vectors(folder, None, create=True)
    for kind in KINDS:
        vectors.add(kind, ["a"], [ONE])
    return vectors


def test_a_search_that_chroma_refuses_is_a_storage_error(tmp_path: Path) -> None:
    vectors = built(tmp_path / "en")
    assert vectors.nearest("passages", ONE, 1)[0][0] == "a"
    with pytest.raises(StorageError, match="exit-assistent ingest"):
        vectors.nearest("passages", [1.0], 1)


@pytest.mark.parametrize(
    ("keep", "error"), [(0, IndexMissing), (100, StorageError), (50_000, StorageError)]
)
def test_a_damaged_database_is_told_with_the_command_that_mends_it(
    tmp_path: Path, keep: int, error: type[Exception]
) -> None:
    built(tmp_path / "hel" / "en")
    # A copy: Chroma keeps the database of a folder open as long as the process lives.
    shutil.copytree(tmp_path / "hel" / "en", tmp_path / "en")
    database = tmp_path / "en" / "chroma" / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[:keep])
    with pytest.raises(error, match="exit-assistent ingest"):
        Vectors(tmp_path / "en", None).nearest("passages", ONE, 1)


def test_a_build_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    vectors = built(tmp_path / "en")
    shutil.rmtree(tmp_path / "en" / "chroma")  # Chroma then finds its database read-only
    with pytest.raises(StorageError, match=r"urørt.*EXIT_DATA_DIR"):
        vectors.add("doors", ["b"], [ONE])
    assert not (tmp_path / "en").exists()


def test_a_chroma_server_that_is_gone_is_a_storage_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StorageError, match="EXIT_CHROMA_URL"):
            Vectors(tmp_path, url)


def test_a_pointer_that_is_not_text_counts_as_no_index(tmp_path: Path) -> None:
    (tmp_path / "current").write_bytes(b"\xff\xfe")
    assert current_folder(tmp_path) is None
