"""Files that never change under their address: the stylesheet, scripts, drawings and fonts.

The stylesheet is written in parts (app/web/styles) and served as one, without its comments.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import rcssmin
from flask import url_for

STATIC = Path(__file__).parent / "static"
STYLES = Path(__file__).parent / "styles"
STYLE_ORDER = (
    "tokens",
    "ground",
    "fonts",
    "frame",
    "question",
    "notices",
    "folds",
    "results",
    "home",
    "tables",
    "charts",
    "calculate",
    "places",
    "method",
    "written",
    "components",
    "narrow",
    "print",
)
"""Later parts win over earlier ones."""

STYLESHEETS = {"site.css": STYLE_ORDER, "work.css": ("work",)}
"""By name, the parts of each: one for all pages, one for the portal and the desk on top of it."""

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
PACKED = (".png", ".woff2")
"""What is packed already."""

OWN_FILE = re.compile(r'url\("([a-z0-9-]+\.[a-z0-9]+)"\)')
"""How the stylesheet names a static file."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """body: as it is; packed: the same by encoding, as small as can be; none of what is packed
    already, like a font."""

    name: str
    mimetype: str
    body: bytes
    digest: str
    packed: dict[str, bytes]


@cache
def names() -> frozenset[str]:
    return frozenset({*STYLESHEETS, *(path.name for path in STATIC.iterdir())})


@cache
def find(name: str) -> StaticFile:
    """Of `names()`."""
    body = _stylesheet(name) if name in STYLESHEETS else (STATIC / name).read_bytes()
    ending = Path(name).suffix
    ways = {"br": brotli.compress(body), "gzip": gzip.compress(body, mtime=0)}
    packed = {} if ending in PACKED else ways
    return StaticFile(
        name=name,
        mimetype=TYPES[ending],
        body=body,
        digest=hashlib.sha256(body).hexdigest()[:10],
        packed=packed,
    )


def _stylesheet(name: str) -> bytes:
    parts = [(STYLES / f"{part}.css").read_text("utf-8") for part in STYLESHEETS[name]]
    minified: str = rcssmin.cssmin("".join(parts))
    return OWN_FILE.sub(lambda one: f"url(../{find(one[1]).digest}/{one[1]})", minified).encode()


def static_url(name: str) -> str:
    """The address of a static file. It changes with the file, so it may be kept for ever."""
    return url_for("start.static_file", digest=find(name).digest, name=name)
