"""Vectors that a build need not make: of the index in use, shipped with the reader, and of a killed build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.archive.contents import FORMAT
from assistant.archive.index import Index, current_folder
from assistant.archive.vectors import Kind, Vectors
from assistant.domain import Vector
from assistant.errors import AssistantError
from ingest.journal import Journal


@dataclass(frozen=True)
class Made:
    """The three places to look; `prepared` are doors only."""

    old: Index | None
    prepared: Mapping[str, Vector]
    journal: Journal

    def known(self, kind: Kind, ids: Sequence[str], fingerprint: str) -> dict[str, Vector]:
        """Return the vectors, of those ids that have one made with the same weights."""
        prepared = self.prepared if kind == "doors" else {}
        known = {id_: prepared[id_] for id_ in ids if id_ in prepared}
        stored = self._stored(kind, fingerprint)
        if stored is not None:
            # A damaged index is mended by a build, so it must not stop one.
            with suppress(AssistantError):
                known |= stored.get(kind, ids)
        return known | self.journal.get(kind, [id_ for id_ in ids if id_ not in known])

    def _stored(self, kind: Kind, fingerprint: str) -> Vectors | None:
        if self.old is None or self.old.manifest.get("format") != FORMAT:
            return None
        made_with = self.old.manifest.get("reader" if kind == "doors" else "fingerprint")
        return self.old.vectors if made_with == fingerprint else None


def reusable(index_dir: Path, chroma_url: str | None) -> Index | None:
    """Return the index in use if there is one that opens."""
    folder = current_folder(index_dir)
    if folder is None:
        return None
    try:
        return Index(folder, chroma_url)
    except AssistantError:
        return None
