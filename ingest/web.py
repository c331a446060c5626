"""One careful GET at a time: the only file of the dock that talks to the net, and that imports httpx."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from assistant.errors import SourceError
from ingest.web_rules import AGENT, Rules, check_address, check_url

LARGEST_ROBOTS = 500_000
LONGEST_PAUSE = 30.0  # seconds; a longer Crawl-delay is not waited for, the source is refused
MOVED = {301, 302, 303, 307, 308}
PIECE = 65_536


@dataclass(frozen=True)
class Answer:
    """A whole answer; the body lies in the file given to `Web.get`, and not at all for 304."""

    url: str
    status: int
    content_type: str
    etag: str
    last_modified: str


class Web:
    """Asks declared hosts, one at a time, with pauses between calls to the same host."""

    def __init__(self, rules: Rules, transport: httpx.BaseTransport | None = None) -> None:
        """Open a client that follows no redirect and reads no proxy or password from outside."""
        self._rules = rules
        self._client = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(rules.connect),
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, identity"},
        )
        self._asked: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, body: Path, headers: Mapping[str, str]) -> Answer:
        """Write the body to a file; raise SourceError, in bokmål, for anything but 200 and 304.

        Redirects are followed by hand and checked like the first address.
        """
        for _ in range(self._rules.redirects + 1):
            check_url(url, self._rules)
            self._ask_robots(url)
            answer, onward = self._once(url, body, headers, self._rules.largest)
            if onward is None:
                if answer.status not in (200, 304):
                    raise SourceError(_status_words(answer.status))
                return answer
            url = urljoin(url, onward)
        raise SourceError(f"Mer enn {self._rules.redirects} videresendinger.")

    def _ask_robots(self, url: str) -> None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        robots = self._robots[origin]
        if not robots.can_fetch(AGENT, url):
            raise SourceError("Nettstedets robots.txt sier nei til denne siden.")
        if float(robots.crawl_delay(AGENT) or 0) > LONGEST_PAUSE:
            raise SourceError("Nettstedets robots.txt ber om svært lange pauser.")

    def _read_robots(self, origin: str) -> RobotFileParser:
        """Read robots.txt: none means everything is open; one that cannot be had means nothing is."""
        robots = RobotFileParser()
        pieces: list[bytes] = []
        with self._stream(f"{origin}/robots.txt", {}) as response:
            if response.status_code == 200:
                pieces += _decoded(response, LARGEST_ROBOTS)
            elif response.status_code >= 500:
                raise SourceError(f"Får ikke lest robots.txt ({response.status_code}).")
        robots.parse(b"".join(pieces).decode("utf-8", "replace").splitlines())
        return robots

    def _once(
        self, url: str, body: Path, headers: Mapping[str, str], largest: int
    ) -> tuple[Answer, str | None]:
        with self._stream(url, headers) as response:
            onward = response.headers.get("location") if response.status_code in MOVED else None
            if response.status_code == 200:
                with body.open("wb") as file:
                    for piece in _decoded(response, largest):
                        file.write(piece)
            found = response.headers
            return Answer(
                url,
                response.status_code,
                found.get("content-type", ""),
                found.get("etag", ""),
                found.get("last-modified", ""),
            ), onward

    def _stream(self, url: str, headers: Mapping[str, str]) -> _Timed:
        self._wait(url)
        return _Timed(self._client, url, headers, self._rules)

    def _wait(self, url: str) -> None:
        parts = urlsplit(url)
        robots = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        delay = float(robots.crawl_delay(AGENT) or 0) if robots else 0.0
        since = time.monotonic() - self._asked.get(parts.netloc, float("-inf"))
        time.sleep(max(0.0, max(self._rules.pause, delay) - since))
        self._asked[parts.netloc] = time.monotonic()


class _Timed:
    """A response that is cut off when the whole of it takes too long, even if bytes keep dripping."""

    def __init__(
        self, client: httpx.Client, url: str, headers: Mapping[str, str], rules: Rules
    ) -> None:
        self._rules = rules
        self._late = False
        self._connections: list[Any] = []  # httpcore's streams: their type is not public
        self._timer = threading.Timer(rules.whole, self._cut)
        self._stream = client.stream(
            "GET", url, headers=dict(headers), extensions={"trace": self._trace}
        )

    def __enter__(self) -> httpx.Response:
        self._timer.start()
        try:
            response = self._stream.__enter__()
            network = response.extensions.get("network_stream")
            server = network.get_extra_info("server_addr") if network else None
            if server:  # the name may have been answered anew since it was checked
                check_address(str(server[0]), self._rules)
            return response
        except httpx.HTTPError as error:
            self._timer.cancel()
            raise self._explained(error) from error
        except SourceError:
            self._timer.cancel()
            self._stream.__exit__(None, None, None)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: Any) -> None:
        self._timer.cancel()
        with suppress(httpx.HTTPError):
            self._stream.__exit__(kind, error, trace)
        if isinstance(error, httpx.HTTPError):
            raise self._explained(error) from error

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._connections.append(info["return_value"])

    def _cut(self) -> None:
        self._late = True
        for connection in self._connections:
            with suppress(OSError, AttributeError):
                connection.get_extra_info("socket").shutdown(2)

    def _explained(self, error: httpx.HTTPError) -> SourceError:
        if self._late or isinstance(error, httpx.TimeoutException):
            return SourceError(f"Svarte ikke ferdig innen {self._rules.whole:.0f} sekunder.")
        if isinstance(error, httpx.ConnectError):
            return SourceError("Får ikke kontakt med nettstedet.")
        return SourceError("Svaret brøt av eller fulgte ikke HTTP.")


def _decoded(response: httpx.Response, largest: int) -> Iterator[bytes]:
    """Yield the body, unpacked piece by piece; raise SourceError as soon as it is too large."""
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        raise SourceError(_too_large(largest))
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", ""):
        raise SourceError(f"Svaret er pakket på en måte som ikke leses («{coding}»).")
    pieces = response.iter_raw(PIECE)
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
    except zlib.error as error:
        raise SourceError("Svaret er pakket, men pakken er skadet.") from error


def _too_large(largest: int) -> str:
    return f"Større enn grensen på {largest // 1_000_000} MB."


def _status_words(status: int) -> str:
    words = {
        401: "Siden krever innlogging",
        403: "Nettstedet avviser oss",
        404: "Siden finnes ikke lenger",
        410: "Siden er fjernet",
        429: "Nettstedet ber oss vente; prøv igjen i morgen",
    }
    return f"{words.get(status, 'Nettstedet svarte med en feil')} ({status})."
