"""A real web server on loopback whose answers a test writes, and a corpus that points at it."""

from __future__ import annotations

import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from assistant.settings import Settings
from ingest.corpus import shelf
from ingest.web_rules import Rules

LONG_AGO = "2026-01-02"
Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """Pages by path, and the requests that came."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def served(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            page = site.pages.get(self.path)
            try:
                page(self) if page else answer(b"", "text/plain", 404)(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(body: bytes, kind: str, status: int = 200, **headers: str) -> Page:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        all_ = {"Content-Type": kind, "Content-Length": str(len(body))}
        all_ |= {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in all_.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return page


def unless_known(body: bytes, kind: str) -> Page:
    """Answer 304 to all who show that they have the page."""

    def conditional(handler: BaseHTTPRequestHandler) -> None:
        marks = ("If-None-Match", "If-Modified-Since")
        known = any(handler.headers.get(mark) for mark in marks)
        sent, status = (b"", 304) if known else (body, 200)
        dated = "Mon, 02 Nov 2026 08:00:00 GMT"
        answer(sent, kind, status, ETag='"7"', Last_Modified=dated)(handler)

    return conditional


def moved(target: str) -> Page:
    return answer(b"", "text/html", 302, Location=target)


def rules(*hosts: str, whole: float = 20.0, largest: int = 30_000_000) -> Rules:
    declared = frozenset({"127.0.0.1", *hosts})
    return Rules(declared, 5.0, whole, largest, pause=0.0, loopback=True)


SOURCE = """
[[source]]
id = "{id}"
title = "{title}"
publisher = "Prøvekommunen"
year = "2026"
url = "{url}"
kind = "{kind}"
language = "nb"
licence = "CC BY 4.0"
authority = "{authority}"
confidence = "V"
store = {store}
"""


def source(
    id_: str, url: str, kind: str = "nettside", *, store: bool = True, authority: str = "veileder"
) -> str:
    return SOURCE.format(
        id=id_,
        title=f"Kilde {id_}",
        url=url,
        kind=kind,
        store=str(store).lower(),
        authority=authority,
    )


def corpus(corpus_dir: Path, folder: Path, sources: str, statutes: str | None = None) -> Settings:
    """Make a corpus of the real guide and the sources of a test; return its settings."""
    shutil.copytree(corpus_dir / "guide", folder / "corpus" / "guide")
    rows = source("veileder-exit", "https://www.regjeringen.no/veileder") + sources
    (folder / "corpus" / "sources.toml").write_text(rows, encoding="utf-8")
    if statutes is not None:
        (folder / "corpus" / "statutes.toml").write_text(statutes, encoding="utf-8")
    (folder / "local").mkdir(exist_ok=True)
    return Settings(folder / "corpus", folder / "data", folder / "local")


def aged(settings: Settings, id_: str) -> None:
    """Make a snapshot one of an earlier day."""
    snapshot = shelf(settings).get(id_)
    assert snapshot is not None
    shelf(settings).put(replace(snapshot, fetched=LONG_AGO, changed=LONG_AGO), None)
