"""Who sends a form: a page of ours, at a human pace. Nothing of this is kept.

There is no session and no cookie, so a form cannot carry a secret; what tells our own page from
another site's is what the browser itself says of where the form was.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from threading import Lock
from urllib.parse import urlsplit

from flask import Request

WINDOW = timedelta(hours=1)
EACH, ALL = 5, 60
"""Forms that one visitor, and all visitors together, may send to one process in an hour."""

IPV6_HOUSEHOLD = 64
"""Bits of an IPv6 address that one connection at home has for itself."""


def is_our_own(request: Request, public_url: str) -> bool:
    """Whether the browser says that the form was on a page of ours. One that says nothing at all
    is not believed: every browser of these years names the origin of a form that is sent."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is None and origin is None:
        return False
    if site is not None and site != "same-origin":
        return False
    return origin is None or _host(origin) in (request.host, _host(public_url))


def _host(url: str) -> str | None:
    """Name and port as an address has them; None if this is no address of a site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.netloc if parts.scheme in ("http", "https") and parts.netloc else None


def visitor_of(request: Request) -> str:
    """The address that a form comes from, as far as it stands for one household."""
    return visitor_at(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))


def visitor_at(seen: str, handed: str) -> str:
    """From the address that a request came from, and those that proxies say they handed it on for.
    Where a proxy of our own network does so, it is the one that this proxy saw."""
    if handed and _is_private(seen):
        try:
            seen = str(ip_address(handed.rpartition(",")[2].strip()))
        except ValueError:
            return seen
    if ":" not in seen:
        return seen
    try:
        address = ip_address(seen)
    except ValueError:
        return seen
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - IPV6_HOUSEHOLD))
    return seen


@lru_cache(maxsize=16)
def _is_private(address: str) -> bool:
    """Whether this is a proxy of ours; they are few, and each request asks."""
    try:
        return ip_address(address).is_private
    except ValueError:
        return False


class Throttle:
    """Counts forms in memory. Of a visitor it remembers a hash for an hour, under a key that dies
    with the process, so that no address can be found from it. Safe to use from several threads."""

    def __init__(self, each: int = EACH, all_of_them: int = ALL) -> None:
        self._each = each
        self._all = all_of_them
        self._key = os.urandom(32)
        self._lock = Lock()
        self._sent: deque[tuple[datetime, bytes]] = deque()

    def lets(self, visitor: str, now: datetime) -> bool:
        """Whether a form may be sent now; if so it is counted."""
        mark = hashlib.blake2b(visitor.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            while self._sent and now - self._sent[0][0] >= WINDOW:
                self._sent.popleft()
            marks = [one for _at, one in self._sent]
            if len(marks) >= self._all or marks.count(mark) >= self._each:
                return False
            self._sent.append((now, mark))
        return True
