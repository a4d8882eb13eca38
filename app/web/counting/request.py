"""What a request says of itself that counting needs; of the reader only what is forgotten at once.

Who does not want to be counted says so with a header, or with the one cookie that they asked for
on the page "how we count". Nothing at all is then noted of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

OPT_OUT = ("count", "no")
"""Name and value of the cookie of who does not want to be counted."""

_OPT_OUT = re.compile(r"(?:^|;\s*)count=no(?:;|$)")
_HOST = re.compile(r"(?:https?|android-app)://([a-z0-9.-]{1,100})(?::\d+)?(?:[/?#]|$)")
LIVE = "text/html"
"""What static/site.js alone asks for, when it puts a new answer on an open page."""


def is_unwilling(environ: WSGIEnvironment) -> bool:
    """Whether whoever asks does not want to be counted."""
    return (
        environ.get("HTTP_SEC_GPC") == "1"
        or environ.get("HTTP_DNT") == "1"
        or _OPT_OUT.search(environ.get("HTTP_COOKIE", "")) is not None
    )


def is_opened(environ: WSGIEnvironment) -> bool:
    """Whether a page is opened. Our worker (static/sw.js) asks for it as "same-origin"; a browser
    that says nothing opens it too."""
    return environ.get("HTTP_SEC_FETCH_MODE", "navigate") in ("navigate", "same-origin")


def is_answer(environ: WSGIEnvironment) -> bool:
    """Whether a new answer is put on an open page."""
    return environ.get("HTTP_SEC_FETCH_MODE") == "cors" and environ.get("HTTP_ACCEPT") == LIVE


def is_ahead(environ: WSGIEnvironment) -> bool:
    """Whether a browser asks for what nobody looks at yet."""
    purpose: str = environ.get("HTTP_SEC_PURPOSE") or environ.get("HTTP_PURPOSE", "")
    return "prefetch" in purpose


def is_like_a_browser(environ: WSGIEnvironment) -> bool:
    """Whether a request has what browsers send with each: needed of those that have our files from
    another day, and so load none."""
    told = "HTTP_SEC_FETCH_MODE" in environ and "HTTP_ACCEPT_LANGUAGE" in environ
    return told or "HTTP_IF_NONE_MATCH" in environ


def is_from_within(environ: WSGIEnvironment) -> bool:
    """Whether a reader came from another page of ours."""
    return (
        environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        and environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
    )


def referrer(environ: WSGIEnvironment, own: str) -> str:
    """The host that a reader came from, and nothing more of it; "" for our own and for none."""
    given = environ.get("HTTP_REFERER")
    if not given:
        return ""
    found = _HOST.match(given.lower())
    if found is None:
        return ""
    host = found[1].removeprefix("www.")
    here = environ.get("HTTP_HOST", "").partition(":")[0].lower().removeprefix("www.")
    return "" if host in (here, own) else host
