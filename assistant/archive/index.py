"""The finished index: passages on disk, vectors in Chroma; the only file that imports chromadb.

An index is a folder of its own below `index/`; the file `index/current` names the one in use. A build
writes beside it and is swapped in by replacing that file, so a build killed at any moment leaves the
old index working. chromadb is imported when vectors are first wanted: a broken installation of it must
not take the front door down, which is imported together with this file.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from assistant.archive.keywords import Keywords
from assistant.domain import Authority, Passage, Sentence
from assistant.errors import IndexMismatch, IndexMissing, StorageError

Kind = Literal["passages", "sentences", "doors"]
Stance = Literal["answers", "lacks", "corrects", "off_topic"]
KINDS: tuple[Kind, ...] = ("passages", "sentences", "doors")
FORMAT = 1
_BATCH = 2000  # vectors a call; Chroma's own limit is a little above 5,000
REBUILD = "Kjør: exit-assistent ingest"
_MAKE_ROOM = "Den gamle indeksen er urørt. Frigjør plass, eller pek EXIT_DATA_DIR på en mappe du kan skrive i."
_MAKE_WRITABLE = "Chroma må kunne skrive der. Pek EXIT_DATA_DIR på en mappe du kan skrive i."
_INSTALL = "Installer pakkene på nytt: make setup."
_CHECK_URL = "Sjekk at den kjører, og at EXIT_CHROMA_URL stemmer."


@dataclass(frozen=True)
class Door:
    """A question people ask, embedded as a further way in to the sentences that answer it."""

    id: str
    question: str
    stance: Stance
    targets: tuple[tuple[str, str], ...]  # (passage id, verbatim sentence), best first
    need_all: bool = False
    asks_for: str = ""
    author: str = ""
    language: str = "nb"
    style: str = ""


@dataclass(frozen=True)
class Contents:
    """Everything an index holds besides vectors."""

    passages: tuple[Passage, ...]
    doors: tuple[Door, ...]
    manifest: Mapping[str, Any]


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


class Index:
    """An index opened for questions."""

    def __init__(self, folder: Path, chroma_url: str | None = None) -> None:
        """Open the index in `folder`; raise IndexMismatch or StorageError if it cannot be used."""
        self.folder = folder
        try:
            contents = _read(folder)
            self.vectors = Vectors(folder, chroma_url)
            units = [(n, s) for n, p in enumerate(contents.passages) for s in p.sentences]
            self.passage_keywords = Keywords.load(
                folder / "keywords-passages", len(contents.passages)
            )
            self.sentence_keywords = Keywords.load(folder / "keywords-sentences", len(units))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"Indeksen i {folder} er skadet ({error}). {REBUILD}") from error
        self.passages, self.doors = contents.passages, contents.doors
        self.manifest = contents.manifest
        self.units: tuple[tuple[int, Sentence], ...] = tuple(units)
        self.passage_row = {passage.id: row for row, passage in enumerate(self.passages)}
        self.unit_row = {id_: row for row, id_ in enumerate(sentence_ids(self.passages))}
        self.door_row = {door.id: row for row, door in enumerate(self.doors)}

    def section(self, passage_id: str) -> tuple[Passage, ...]:
        """Return the passages of the section that a passage stands in, in reading order."""
        row = self.passage_row[passage_id]
        here = self.passages[row]
        first = last = row
        while first > 0 and _same_section(self.passages[first - 1], here):
            first -= 1
        while last + 1 < len(self.passages) and _same_section(self.passages[last + 1], here):
            last += 1
        return self.passages[first : last + 1]


def _same_section(one: Passage, other: Passage) -> bool:
    return one.source_id == other.source_id and one.headings == other.headings


def sentence_ids(passages: Iterable[Passage]) -> list[str]:
    """Return the id of every sentence, in order: the passage's id and the sentence's place in it."""
    return [f"{passage.id}#{n}" for passage in passages for n in range(len(passage.sentences))]


def current_folder(index_dir: Path) -> Path | None:
    """Return the folder of the index in use, or None."""
    try:
        name = (index_dir / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = index_dir / name
    return folder if name and (folder / "manifest.json").is_file() else None


def open_index(
    index_dir: Path, fingerprint: str, reader_fingerprint: str, chroma_url: str | None = None
) -> Index:
    """Open the index in use; raise IndexMissing or IndexMismatch with the command that mends it."""
    folder = current_folder(index_dir)
    if folder is None:
        raise IndexMissing(f"Det finnes ingen indeks i {index_dir}. {REBUILD}")
    index = Index(folder, chroma_url)
    made_with = (index.manifest.get("fingerprint"), index.manifest.get("reader"))
    if index.manifest.get("format") != FORMAT or made_with != (fingerprint, reader_fingerprint):
        raise IndexMismatch(
            f"Indeksen er laget med en annen språkmodell {made_with} enn den som er i bruk "
            f"({fingerprint}, {reader_fingerprint}). {REBUILD}"
        )
    return index


def write_contents(folder: Path, contents: Contents) -> None:
    """Write passages, doors, keywords and, last, the manifest."""
    _write_lines(folder / "passages.jsonl", contents.passages)
    _write_lines(folder / "doors.jsonl", contents.doors)
    Keywords.build([" ".join((*p.headings, p.text)) for p in contents.passages]).save(
        folder / "keywords-passages"
    )
    Keywords.build([s.text for p in contents.passages for s in p.sentences]).save(
        folder / "keywords-sentences"
    )
    _write_synced(
        folder / "manifest.json", json.dumps(contents.manifest, ensure_ascii=False, indent=1)
    )


def swap_in(index_dir: Path, folder: Path) -> None:
    """Make `folder` the index in use, in one step."""
    pointer = index_dir / f"current.{os.getpid()}"
    _write_synced(pointer, folder.name + "\n")
    pointer.replace(index_dir / "current")


def leftovers(index_dir: Path) -> list[Path]:
    """Return folders that a killed build or a swap left behind."""
    current = current_folder(index_dir)
    if not index_dir.is_dir():
        return []
    return [path for path in index_dir.iterdir() if path.is_dir() and path != current]


def remove(folder: Path) -> None:
    """Delete an index folder; one that is still open elsewhere is left for the next time."""
    shutil.rmtree(folder, ignore_errors=True)


def _write_lines(path: Path, rows: Iterable[Passage | Door]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read(folder: Path) -> Contents:
    manifest = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    with (folder / "passages.jsonl").open(encoding="utf-8") as file:
        passages = tuple(_passage(json.loads(line)) for line in file)
    with (folder / "doors.jsonl").open(encoding="utf-8") as file:
        doors = tuple(_door(json.loads(line)) for line in file)
    return Contents(passages, doors, manifest)


def _passage(row: dict[str, Any]) -> Passage:
    row["authority"] = Authority(row["authority"])
    row["headings"] = tuple(row["headings"])
    row["sentences"] = tuple(Sentence(**sentence) for sentence in row["sentences"])
    return Passage(**row)


def _door(row: dict[str, Any]) -> Door:
    row["targets"] = tuple((passage, sentence) for passage, sentence in row["targets"])
    return Door(**row)
