"""Which addresses may be asked at all, and where a connection to one of them goes."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from scrapers.client.evidence import shown
from scrapers.contract import Refused, Trouble

Resolve = Callable[[str, int], list[tuple[str, int]]]
"""Host and port -> IP addresses and ports to connect to. Raises OSError."""

NEVER = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv4Network("0.0.0.0/8"))
"""Special, though Python calls them global."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
WRAPPED = (IPv6Network("2002::/16"), IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"))
"""6to4, Teredo and the like: an IPv4 address may hide inside."""

ODD = re.compile(r"[\x00-\x20\x7f\\]")
SAFE = "/%:@!$&'()*+,;=~?-._"
DEFAULT_PORTS = {"https": 443, "http": 80}


def is_public(address: str) -> bool:
    """Whether an IP address, as text, is one of the open internet. IPv4 addresses inside IPv6
    ones (mapped, 6to4, NAT64, Teredo) never are."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not found.is_global or found.is_multicast:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in NEVER)
    return found in GLOBAL_UNICAST and not any(found in network for network in WRAPPED)


def system_resolve(host: str, port: int) -> list[tuple[str, int]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(info[4][0]), port) for info in found))


@dataclass(frozen=True, slots=True)
class Way:
    """Where the request for `url` really goes. `name` is the host that is asked, whose rules,
    turns and troubles count; `host` differs from it in the lab only, where addresses are not
    `checked`. `target` is path and query."""

    url: str
    name: str
    scheme: str
    host: str
    port: int
    target: str
    checked: bool

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == DEFAULT_PORTS[self.scheme]
        return host if usual else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Ways:
    """lab_url  stands in for the whole internet if given: `https://host/path` is asked for at
    `lab_url/__as/host/path`, over plain HTTP if that is what `lab_url` says."""

    lab_url: str | None

    def to(self, url: str) -> Way:
        """Raises Refused if `url` is not one to ask for."""
        parts = _parts(url)
        host, target = parts.hostname or "", _target(parts)
        if self.lab_url is not None:
            lab = urlsplit(self.lab_url)
            port = lab.port or DEFAULT_PORTS[lab.scheme]
            path = f"{lab.path.rstrip('/')}/__as/{host}{target}"
            return Way(url, host, lab.scheme, lab.hostname or "", port, path, checked=False)
        if parts.scheme != "https":
            raise Refused(f"{shown(url)}: only https is asked", Trouble.TLS)
        if parts.port not in (None, 443):
            raise Refused(f"{shown(url)}: only port 443 is asked", Trouble.PRIVATE_ADDRESS)
        return Way(url, host, "https", host, 443, target, checked=True)

    def onward(self, url: str, location: str) -> str:
        """Where a redirect from `url` leads, as an address of the real world."""
        lab = f"{(self.lab_url or '').rstrip('/')}/__as/"
        if self.lab_url is not None:
            path = f"{urlsplit(self.lab_url).path.rstrip('/')}/__as/"
            for start in (lab, path):
                if location.startswith(start):
                    return f"https://{location.removeprefix(start)}"
        try:
            return urljoin(url, location).partition("#")[0]
        except ValueError:
            raise Refused(
                f"{shown(url)}: redirected to {location[:80]!r}, which is no address",
                Trouble.REDIRECTED,
            ) from None


def same_site(first: str, onward: str) -> bool:
    """Whether a redirect from address `first` to `onward` stays in the house: the same host with
    or without www., or a host below it. What was https stays https."""
    before, after = urlsplit(first), urlsplit(onward)
    base = (before.hostname or "").removeprefix("www.")
    host = after.hostname or ""
    below = "." in base and not base.replace(".", "").isdigit() and host.endswith(f".{base}")
    return before.scheme == after.scheme and (host in (base, before.hostname) or below)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(
            f"{shown(url)[:80]!r} is no address: {error}", Trouble.PRIVATE_ADDRESS
        ) from None
    odd = ODD.search(url) or "@" in parts.netloc or not (parts.hostname or "").isascii()
    if odd or not parts.hostname or port == 0 or parts.scheme not in DEFAULT_PORTS:
        raise Refused(f"{shown(url)[:80]!r} is no address to ask for", Trouble.PRIVATE_ADDRESS)
    return parts


def _target(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe=SAFE)
