"""The code of a campaign in an address: /nl/?via=bakuse.

It says how somebody came and changes nothing on the page. So it is taken out of the address before
anything looks at that: copies of pages are not multiplied by it, no link on a page hands it on, and
the page is the same to the byte. What counts visits finds it in the environment of the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from app.domain.campaign import is_code
from app.web.locale import LANGUAGES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VIA = "via"
CODE = "huiswaarts.via"
"""Where a request carries the code that it came with."""


class Via:
    """A WSGI application around another one."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if f"{VIA}=" in query and _is_page(environ):
            kept, code = without_code(query)
            environ["QUERY_STRING"] = kept
            if code:
                environ[CODE] = code
        return self._inner(environ, start)


def without_code(query: str) -> tuple[str, str]:
    """What is left of a query without its codes, and the first good code; "" if there is none."""
    pairs = query.split("&")
    codes = [one.partition("=")[2] for one in pairs if one.startswith(f"{VIA}=")]
    kept = "&".join(one for one in pairs if not one.startswith(f"{VIA}="))
    return kept, next((code for code in codes if is_code(code)), "")


def code_of(environ: WSGIEnvironment) -> str:
    """The code that a reader came with; "" if none. It may be of no campaign that we know."""
    return str(environ.get(CODE, ""))


def _is_page(environ: WSGIEnvironment) -> bool:
    """Whether a reader's page is asked for: one of a language."""
    path = environ.get("PATH_INFO", "")
    reading = environ["REQUEST_METHOD"] in ("GET", "HEAD")
    return reading and path[1:3] in LANGUAGES and path[3:4] in ("", "/")


def setup(app: Flask) -> None:
    """After the copies of pages, so that it stands before them."""
    app.wsgi_app = Via(app.wsgi_app)  # type: ignore[assignment, method-assign]
