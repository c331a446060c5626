"""The body of an answer, unpacked in small pieces so that no bomb gets to swell."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from assistant.errors import SourceError

PIECE = 65_536


def decoded(headers: Mapping[str, str], pieces: Iterator[bytes], largest: int) -> Iterator[bytes]:
    """Yield the body, unpacked piece by piece; raise SourceError as soon as it is too large."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        raise SourceError(_too_large(largest))
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", ""):
        raise SourceError(f"Svaret er pakket på en måte som ikke leses («{coding}»).")
    total = 0
    for piece in _unzipped(pieces) if "gzip" in coding else pieces:
        total += len(piece)
        if total > largest:
            raise SourceError(_too_large(largest))
        yield piece


def _unzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for packed in pieces:
            waiting = packed
            while waiting:
                yield unpacker.decompress(waiting, PIECE)
                waiting = unpacker.unconsumed_tail
        yield unpacker.flush()
        if not unpacker.eof:
            raise SourceError("Svaret brøt av eller fulgte ikke HTTP.")
    except zlib.error as error:
        raise SourceError("Svaret er pakket, men pakken er skadet.") from error


def _too_large(largest: int) -> str:
    return f"Større enn grensen på {largest // 1_000_000} MB."
