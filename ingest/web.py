"""One careful GET at a time: the only file of the dock that talks to the net, and that imports httpx."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from assistant.errors import SourceError
from ingest.web_body import PIECE, decoded
from ingest.web_rules import AGENT, Rules, check_address, check_url

LARGEST_ROBOTS = 500_000
LONGEST_PAUSE = 30.0  # seconds; a longer Crawl-delay is not waited for, the source is refused
MOVED = {301, 302, 303, 307, 308}
Transport = httpx.BaseTransport


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

    def __init__(self, rules: Rules, transport: Transport | None = None) -> None:
        """Open a client that follows no redirect and reads no proxy or password from outside."""
        self._rules = rules
        self._client = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(rules.connect),
            # A connection a call: the time limit must be able to cut the one in use.
            limits=httpx.Limits(max_keepalive_connections=0),
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
        """Read robots.txt: none means all is open; one that cannot be had means nothing is."""
        robots = RobotFileParser()
        url, pieces = f"{origin}/robots.txt", list[bytes]()
        for _ in range(self._rules.redirects + 1):
            check_url(url, self._rules)
            with self._stream(url, {}) as response:
                status, onward = response.status_code, response.headers.get("location")
                if status == 200:
                    body = response.iter_raw(PIECE)
                    pieces += decoded(response.headers, body, LARGEST_ROBOTS)
            if status not in MOVED or not onward:
                break
            url = urljoin(url, onward)
        if status >= 500 or status in MOVED:
            raise SourceError(f"Får ikke lest robots.txt ({status}).")
        robots.parse(b"".join(pieces).decode("utf-8", "replace").splitlines())
        return robots

    def _once(
        self, url: str, body: Path, headers: Mapping[str, str], largest: int
    ) -> tuple[Answer, str | None]:
        with self._stream(url, headers) as response:
            onward = response.headers.get("location") if response.status_code in MOVED else None
            if response.status_code == 200:
                with body.open("wb") as file:
                    pieces = response.iter_raw(PIECE)
                    for piece in decoded(response.headers, pieces, largest):
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
        # A body without a length just ends where it was cut; it must not pass for whole.
        if self._late or isinstance(error, httpx.HTTPError):
            raise self._explained(error) from error

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._connections.append(info["return_value"])

    def _cut(self) -> None:
        self._late = True
        for connection in self._connections:
            with suppress(OSError, AttributeError):
                connection.get_extra_info("socket").shutdown(2)

    def _explained(self, error: BaseException | None) -> SourceError:
        if self._late or isinstance(error, httpx.TimeoutException):
            return SourceError(f"Svarte ikke ferdig innen {self._rules.whole:.0f} sekunder.")
        if isinstance(error, httpx.ConnectError):
            return SourceError("Får ikke kontakt med nettstedet.")
        return SourceError("Svaret brøt av eller fulgte ikke HTTP.")


def _status_words(status: int) -> str:
    words = {
        401: "Siden krever innlogging",
        403: "Nettstedet avviser oss",
        404: "Siden finnes ikke lenger",
        410: "Siden er fjernet",
        429: "Nettstedet ber oss vente; prøv igjen i morgen",
    }
    return f"{words.get(status, 'Nettstedet svarte med en feil')} ({status})."
