"""An index on a real Chroma server: it answers, leaves nothing behind, and moves there and back."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive.index import open_index
from assistant.archive.vectors import KINDS
from assistant.errors import IndexMissing
from ingest.build import build
from tests.ingest.test_build import DOOR, CountingEmbedder, passage


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).with_name("chroma")
    with subprocess.Popen(
        [command, "run", "--host", "127.0.0.1", "--port", str(port), "--path", tmp_path / "server"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end, "the Chroma server did not start"
            time.sleep(0.2)
        else:
            return


def made(folder: Path, text: str, url: str | None) -> None:
    build(
        [passage(0, text)], [DOOR], CountingEmbedder(), folder, {}, lambda *_: None, chroma_url=url
    )


def held(url: str) -> set[str]:
    import chromadb

    port = int(url.rsplit(":", 1)[1])
    return {each.name for each in chromadb.HttpClient("127.0.0.1", port).list_collections()}


def test_a_server_holds_the_index_in_use_and_the_one_before_and_no_older(
    tmp_path: Path, server: str
) -> None:
    folders = []
    for text in ("En.", "To.", "Tre."):
        made(tmp_path / "index", text, server)
        folders.append(open_index(tmp_path / "index", "seeded", "seeded", server).folder.name)
    assert held(server) == {f"{name}-{kind}" for name in folders[1:] for kind in KINDS}
    index = open_index(tmp_path / "index", "seeded", "seeded", server)
    vector = CountingEmbedder().passages(["Kapittel. Tre."])[0]
    assert index.vectors.nearest("passages", vector, 1)[0][1] == pytest.approx(1.0, abs=1e-4)


def test_an_index_that_is_not_on_the_server_is_missing_and_can_be_built_there(
    tmp_path: Path, server: str
) -> None:
    folder = tmp_path / "index"
    made(folder, "En.", None)
    with pytest.raises(IndexMissing, match="exit-assistent ingest"):
        open_index(folder, "seeded", "seeded", server)
    made(folder, "En.", server)
    open_index(folder, "seeded", "seeded", server)
    with pytest.raises(IndexMissing, match="exit-assistent ingest"):
        open_index(folder, "seeded", "seeded", None)
