"""Files that never change under their address: the stylesheet, scripts, drawings and fonts.

The stylesheet is written in parts (app/web/styles) and served as one, without its comments.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
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
    "components",
    "narrow",
    "print",
)
"""Later parts win over earlier ones."""

STYLESHEET = "site.css"


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
    return frozenset({STYLESHEET, *(path.name for path in STATIC.iterdir())})


@cache
def find(name: str) -> StaticFile:
    """Of `names()`."""
    body = _stylesheet() if name == STYLESHEET else (STATIC / name).read_bytes()
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    small = mimetype.startswith("font/") or mimetype == "image/png"
    ways = {} if small else {"br": brotli.compress(body), "gzip": gzip.compress(body, mtime=0)}
    return StaticFile(
        name=name,
        mimetype=mimetype,
        body=body,
        digest=hashlib.sha256(body).hexdigest()[:10],
        packed={name: packed for name, packed in ways.items() if len(packed) < len(body)},
    )


def _stylesheet() -> bytes:
    parts = [(STYLES / f"{name}.css").read_text("utf-8") for name in STYLE_ORDER]
    minified: str = rcssmin.cssmin("".join(parts))
    return minified.encode()


def static_url(name: str) -> str:
    """The address of a static file. It changes with the file, so it may be kept for ever."""
    return url_for("start.static_file", digest=find(name).digest, name=name)
