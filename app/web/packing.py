"""Packing what goes out: brotli or gzip, whichever the browser takes best.

No page of a reader holds a secret, so that its length gives nothing away.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
from flask import Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

SMALLEST = 500
"""Bytes: less than this fits in one packet anyway."""

PACKABLE = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/xml",
    "application/manifest+json",
    "image/svg+xml",
)

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""By the name that HTTP gives them, best first: for what is made anew at each request."""


@lru_cache(maxsize=256)
def accepted(header: str) -> str:
    """What an Accept-Encoding header likes best of "br", "gzip" and "", which is not packed."""
    likes = parse_accept_header(header, Accept)
    best, liked = "", likes.quality("identity")
    for name in PACKERS:
        if likes.quality(name) > liked:
            best, liked = name, likes.quality(name)
    return best


def pack(response: Response, header: str) -> None:
    """Pack a response as its Accept-Encoding asks for. Its ETag, if it has one, says how."""
    if response.is_streamed or not (response.mimetype or "").startswith(PACKABLE):
        return
    response.vary.add("Accept-Encoding")
    name = accepted(header)
    body = response.get_data()
    if not name or len(body) < SMALLEST or "Content-Encoding" in response.headers:
        return
    _sent_as(response, PACKERS[name](body), name)


def choose(response: Response, header: str, ready: dict[str, bytes]) -> None:
    """As `pack`, from bodies that were packed before, by encoding; none, and it stays."""
    if ready:
        response.vary.add("Accept-Encoding")
    name = accepted(header)
    if name in ready:
        _sent_as(response, ready[name], name)


def _sent_as(response: Response, body: bytes, name: str) -> None:
    response.set_data(body)
    response.headers["Content-Encoding"] = name
    tag, _weak = response.get_etag()
    if tag:
        response.set_etag(f"{tag}-{name}")
