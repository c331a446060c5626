"""Vectors for measuring the index alone: an embedder that costs nothing, and passages without end."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence

import numpy

from assistant.domain import Authority, Passage, Sentence

WIDTH = 384
WORDS = (
    "kommune",
    "samtale",
    "plan",
    "tiltak",
    "ungdom",
    "nettverk",
    "møte",
    "vurdering",
    "samarbeid",
    "tjeneste",
    "bekymring",
    "mål",
)


class SeededEmbedder:
    """Gives every text a unit vector drawn from the text's own checksum."""

    fingerprint = "seeded"

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        return [_vector(text) for text in texts]

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        return [_vector(text) for text in texts]


def _vector(text: str) -> list[float]:
    drawn = numpy.random.default_rng(zlib.crc32(text.encode())).standard_normal(WIDTH)
    return [float(x) for x in drawn / numpy.linalg.norm(drawn)]


def passages(count: int, edition: int = 0, changed: float = 0.0) -> Iterator[Passage]:
    """Yield `count` passages of two sentences; a share of them is worded anew in each edition."""
    for number in range(count):
        anew = edition and random.Random(f"{edition}-{number}").random() < changed
        chance = random.Random(f"{edition if anew else 0}/{number}")
        texts = [
            f"{' '.join(chance.choices(WORDS, k=14))} {number} {place}.".capitalize()
            for place in range(2)
        ]
        yield Passage(
            id=f"p-{zlib.crc32(' '.join(texts).encode()):08x}-{number}",
            source_id=f"dokument-{number // 50}",
            source_title=f"Dokument {number // 50}",
            authority=Authority.LITERATURE,
            headings=(f"Del {number // 5}",),
            text=" ".join(texts),
            sentences=tuple(Sentence(text) for text in texts),
            position=number,
        )
