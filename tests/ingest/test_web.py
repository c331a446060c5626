"""What is asked of the net is asked politely, of declared hosts at public addresses only."""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from assistant.errors import SourceError
from ingest.web import LONGEST_PAUSE, Web
from ingest.web_rules import Rules, check_url
from tests.ingest.serving import Site, answer, corpus, moved, rules, served, source
from tests.ingest.test_fetch import HTML, fetched, page


def test_robots_txt_is_respected(site: Site, corpus_dir: Path, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /lukket", "text/plain")
    site.pages["/lukket"] = answer(page(), HTML)
    site.pages["/open"] = answer(page(), HTML)
    rows = source("lukket", site.url("/lukket")) + source("open", site.url("/open"))
    settings = corpus(corpus_dir, tmp_path, rows)
    assert fetched(settings) == ["Kilde lukket: Nettstedets robots.txt sier nei til denne siden."]
    assert site.paths() == ["/open"]


def test_robots_txt_that_cannot_be_had_closes_the_site(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> None:
    site.pages["/robots.txt"] = answer(b"", "text/plain", 500)
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a")))
    assert "Får ikke lest robots.txt (500)" in fetched(settings)[0]
    assert site.paths() == []


def test_there_is_a_pause_between_calls_to_one_host(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = answer(b"a", HTML)
    slow = Rules(frozenset({"127.0.0.1"}), pause=0.3, loopback=True)
    began = time.monotonic()
    with Web(slow) as web:
        for _ in range(2):
            web.get(site.url("/a"), tmp_path / "body", {})
    assert time.monotonic() - began >= 0.6  # robots.txt, pause, page, pause, page
    assert Rules(frozenset()).pause == 2.0


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://www.regjeringen.no/", "Bare https"),
        ("https://eksempel.no/", "ikke erklært"),
        ("https://www.regjeringen.no@eksempel.no/", "ikke erklært"),
        ("https://bruker:ord@127.0.0.1/", "brukernavn"),
        ("https://127.0.0.1/", "åpne nettet"),
        ("https://10.0.0.1/", "åpne nettet"),
        ("https://169.254.169.254/latest", "åpne nettet"),
        ("https://[::1]/", "åpne nettet"),
        ("https://[::ffff:10.0.0.1]/", "åpne nettet"),
        ("https://2130706433/", "åpne nettet"),
        ("https://10.0.0.1:99999/", "ikke gyldig"),
        ("file:///etc/passwd", "ikke erklært"),
    ],
)
def test_an_address_outside_the_rules_is_refused(url: str, why: str) -> None:
    hosts = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "2130706433"}
    with pytest.raises(SourceError, match=why):
        check_url(url, Rules(frozenset({"www.regjeringen.no", *hosts})))


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("https://10.0.0.1/", "åpne nettet"),
        ("http://169.254.169.254/", "Bare https"),
        ("https://eksempel.no/", "ikke erklært"),
        ("/runde", "videresendinger"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(
    site: Site, tmp_path: Path, target: str, why: str
) -> None:
    site.pages["/runde"] = moved(target)
    with Web(rules("10.0.0.1", "169.254.169.254")) as web, pytest.raises(SourceError, match=why):
        web.get(site.url("/runde"), tmp_path / "body", {})


def test_a_redirect_within_declared_hosts_is_followed(site: Site, tmp_path: Path) -> None:
    site.pages["/gammel"] = moved("/ny")
    site.pages["/ny"] = answer(b"her", HTML)
    with Web(rules()) as web:
        assert web.get(site.url("/gammel"), tmp_path / "body", {}).url == site.url("/ny")
    assert (tmp_path / "body").read_bytes() == b"her"


def test_a_site_that_asks_for_longer_pauses_gets_them(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 1", "text/plain")
    site.pages["/a"] = answer(b"a", HTML)
    began = time.monotonic()
    with Web(rules()) as web:
        for _ in range(2):
            web.get(site.url("/a"), tmp_path / "body", {})
    assert time.monotonic() - began >= 2.0  # robots.txt, pause, page, pause, page


def test_a_site_that_asks_for_very_long_pauses_is_left_alone(
    site: Site, corpus_dir: Path, tmp_path: Path
) -> None:
    asked = f"User-agent: *\nCrawl-delay: {LONGEST_PAUSE + 1:.0f}".encode()
    site.pages["/robots.txt"] = answer(asked, "text/plain")
    site.pages["/a"] = answer(page(), HTML)
    settings = corpus(corpus_dir, tmp_path, source("a", site.url("/a")))
    began = time.monotonic()
    assert fetched(settings) == ["Kilde a: Nettstedets robots.txt ber om svært lange pauser."]
    assert time.monotonic() - began < 10
    assert site.paths() == []


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context with a certificate for a host, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "sertifikat.pem"
    file.write_bytes(signed + plain)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=signed.decode())


def test_a_name_that_is_answered_anew_with_an_address_of_ours_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is public when it is checked, and this machine when it is connected to."""
    host = "kilde.example"
    server, client = certificate(tmp_path, host)
    with served(server) as site:
        site.pages["/a"] = answer(b"hemmelig", HTML)
        answers = iter(["93.184.216.34", "93.184.216.34", "127.0.0.1"])

        def resolved(name: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
            assert name == host
            found = next(answers)
            port = site.port if found == "127.0.0.1" else 443
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        with (
            Web(Rules(frozenset({host}), pause=0.0), httpx.HTTPTransport(verify=client)) as web,
            pytest.raises(SourceError, match=r"adressen 127\.0\.0\.1.*åpne nettet"),
        ):
            web.get(f"https://{host}/a", tmp_path / "body", {})
    assert [path for path, _ in site.asked] == ["/robots.txt"]
    assert next(answers, None) is None
    assert not (tmp_path / "body").exists()
