"""What the loading dock may ask the net for: declared hosts, https, public addresses, limits."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from assistant.errors import SourceError

AGENT = "exit-assistent"


@dataclass(frozen=True)
class Rules:
    """The rules of one run; seconds and bytes.

    `loopback` is for tests only: it allows http to this machine, and is given nowhere else.
    """

    hosts: frozenset[str]
    connect: float = 10.0
    whole: float = 60.0
    largest: int = 30_000_000
    pause: float = 2.0
    redirects: int = 5
    loopback: bool = False


def declared_hosts(urls: Iterable[str | None]) -> frozenset[str]:
    """Return the hosts of declared addresses."""
    return frozenset(host for url in urls if url and (host := urlsplit(url).hostname))


def check_url(url: str, rules: Rules) -> None:
    """Raise SourceError unless the address is https at a declared, public host."""
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError as error:
        raise SourceError(f"Adressen er ikke gyldig: {url}.") from error
    host = parts.hostname or ""
    if host not in rules.hosts:
        raise SourceError(f"Verten «{host}» er ikke erklært i sources.toml.")
    if parts.username or parts.password:
        raise SourceError("Adressen inneholder brukernavn eller passord.")
    secure = parts.scheme == "https" and port in (None, 443)
    # Nothing is looked up for an address that is refused anyway.
    addresses = _addresses(host, port) if secure or rules.loopback else []
    if rules.loopback and all(ipaddress.ip_address(a).is_loopback for a in addresses):
        return
    if not secure:
        raise SourceError(f"Bare https er tillatt, ikke {_origin(parts)}.")
    for address in addresses:
        check_address(address, rules)


def check_address(address: str, rules: Rules) -> None:
    """Raise SourceError for an address on this machine or in a private, link-local or reserved net."""
    found = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if rules.loopback and found.is_loopback:
        return
    if not found.is_global or found.is_multicast or (mapped and not mapped.is_global):
        raise SourceError(f"Verten peker på adressen {address}, som ikke er på det åpne nettet.")


def _addresses(host: str, port: int | None) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"Finner ikke verten «{host}». Er maskinen på nett?") from error
    return [str(entry[4][0]).split("%")[0] for entry in found]


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"
