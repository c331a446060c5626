"""The vectors of an index, in Chroma; the only file that imports chromadb.

chromadb is imported when vectors are first wanted: a broken installation of it must not take the front
door down, which is imported together with this file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from assistant.errors import IndexMissing, StorageError

Kind = Literal["passages", "sentences", "doors"]
KINDS: tuple[Kind, ...] = ("passages", "sentences", "doors")
REBUILD = "Kjør: exit-assistent ingest"
_BATCH = 2000  # vectors a call; Chroma's own limit is a little above 5,000
_MAKE_ROOM = "Den gamle indeksen er urørt. Frigjør plass, eller pek EXIT_DATA_DIR på en mappe du kan skrive i."
_MAKE_WRITABLE = "Chroma må kunne skrive der. Pek EXIT_DATA_DIR på en mappe du kan skrive i."
_INSTALL = "Installer pakkene på nytt: make setup."
_CHECK_URL = "Sjekk at den kjører, og at EXIT_CHROMA_URL stemmer."


class Vectors:
    """One Chroma collection a kind, holding our own unit vectors under our own ids."""

    def __init__(self, folder: Path, chroma_url: str | None, create: bool = False) -> None:
        """Open (or create) the collections; `folder` names the build also on a Chroma server.

        This and every method raise StorageError when Chroma fails; opening raises IndexMissing when
        Chroma works but does not hold this build, as after EXIT_CHROMA_URL was changed.
        """
        self._folder, self._url = folder, chroma_url
        with self._writing() if create else self._reading():
            self._client = _client(folder, chroma_url)
            self._collections = {kind: self._collection(kind, create) for kind in KINDS}

    def _collection(self, kind: Kind, create: bool) -> Any:
        from chromadb.errors import NotFoundError

        name = _collection_name(self._folder, kind)
        if not create:
            try:
                return self._client.get_collection(name, embedding_function=None)
            except NotFoundError as error:
                where = self._url or self._folder
                raise IndexMissing(f"{where} har ikke indeksen {name}. {REBUILD}") from error
        hnsw = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
        return self._client.create_collection(
            name, embedding_function=None, configuration={"hnsw": hnsw}
        )

    @classmethod
    def carried_over(cls, old: Path, folder: Path) -> Vectors:
        """Copy the vectors of the index in `old` into the build in `folder`; neither is on a server.

        The index in use may be open elsewhere, but nobody writes to it. Raises OSError and StorageError.
        """
        shutil.copytree(old / "chroma", folder / "chroma")
        with _border(None, f"Får ikke skrevet indeksen i {folder}", _MAKE_ROOM):
            client = _client(folder, None)
            for kind in KINDS:
                held = client.get_collection(_collection_name(old, kind), embedding_function=None)
                held.modify(name=_collection_name(folder, kind))
        return cls(folder, None)

    def ids(self, kind: Kind) -> frozenset[str]:
        """Return the ids of every vector of a kind."""
        with self._reading():
            return frozenset(self._collections[kind].get(include=[])["ids"])

    def delete(self, kind: Kind, ids: Sequence[str]) -> None:
        """Take vectors out; when that fails, the folder of the build is removed."""
        with self._writing():
            for start in range(0, len(ids), _BATCH):
                self._collections[kind].delete(ids=list(ids[start : start + _BATCH]))

    def add(self, kind: Kind, ids: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        """Store unit vectors under ids; when that fails, the folder of the build is removed."""
        with self._writing():
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                self._collections[kind].add(ids=list(ids[part]), embeddings=list(vectors[part]))

    def nearest(self, kind: Kind, vector: Sequence[float], count: int) -> list[tuple[str, float]]:
        """Return up to `count` (id, cosine), nearest first."""
        with self._reading():
            found = self._collections[kind].query(
                query_embeddings=[list(vector)], n_results=count, include=["distances"]
            )
        distances = (found["distances"] or [[]])[0]
        return [
            (id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, list[float]]:
        """Return the stored vectors of those ids that exist."""
        found: dict[str, list[float]] = {}
        for start in range(0, len(ids), _BATCH):
            with self._reading():
                part = self._collections[kind].get(
                    ids=list(ids[start : start + _BATCH]), include=["embeddings"]
                )
            rows = part["embeddings"] if part["embeddings"] is not None else []
            found.update(
                {id_: [float(x) for x in row] for id_, row in zip(part["ids"], rows, strict=True)}
            )
        return found

    @contextmanager
    def _reading(self) -> Iterator[None]:
        advice = REBUILD if os.access(self._folder, os.W_OK) else _MAKE_WRITABLE
        with _border(self._url, f"Indeksen i {self._folder} kan ikke leses", advice):
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with _border(self._url, f"Får ikke skrevet indeksen i {self._folder}", _MAKE_ROOM):
                yield
        except StorageError:
            # Its room is needed: on a full disk the next try would find this one in its way.
            remove(self._folder)
            raise


@contextmanager
def _border(url: str | None, what: str, advice: str) -> Iterator[None]:
    """Turn what Chroma and its web client raise into a StorageError: what fails, why, what to do."""
    try:
        import httpx
        from chromadb.errors import ChromaError
    except (ImportError, RuntimeError) as error:  # a sqlite too old is a RuntimeError
        raise StorageError(f"Chroma lar seg ikke laste ({error}). {_INSTALL}") from error
    try:
        yield
    except (ChromaError, httpx.HTTPError, OSError, ValueError, RuntimeError) as error:
        if url:
            what, advice = f"Chroma-tjeneren på {url} svarer ikke som den skal", _CHECK_URL
        raise StorageError(f"{what} ({error}). {advice}") from error


def _collection_name(folder: Path, kind: Kind) -> str:
    return f"{folder.name}-{kind}"


def clear_away(folder: Path, chroma_url: str | None) -> None:
    """Delete a build that is no longer wanted, with its collections on a Chroma server.

    A server that does not answer is no error: the folder then stays, so that the next build tries again.
    """
    try:
        with _border(chroma_url, "", ""):
            _drop_collections(folder, chroma_url)
    except StorageError:
        return
    remove(folder)


def _drop_collections(folder: Path, chroma_url: str | None) -> None:
    from chromadb.errors import NotFoundError

    if not chroma_url:  # they lie in the folder itself
        return
    client = _client(folder, chroma_url)
    for kind in KINDS:
        with suppress(NotFoundError):
            client.delete_collection(_collection_name(folder, kind))


def _client(folder: Path, chroma_url: str | None) -> Any:  # chromadb's client type is not exported
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if chroma_url:
        parts = urlsplit(chroma_url)
        return chromadb.HttpClient(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 8000,
            ssl=parts.scheme == "https",
            settings=settings,
        )
    return chromadb.PersistentClient(str(folder / "chroma"), settings=settings)


def remove(folder: Path) -> None:
    """Delete an index folder; one that is still open elsewhere is left for the next time."""
    shutil.rmtree(folder, ignore_errors=True)
