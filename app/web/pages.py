"""What every page shares: static files by hash, safe headers, caching, links between languages."""

from __future__ import annotations

from collections.abc import Container
from http import HTTPStatus
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, Response, g, request, url_for

from app.web import page_cache
from app.web.locale import LANGUAGES, language
from app.web.packing import pack
from app.web.static_files import static_url

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
LINKED, LINKED_LENGTH = 10, 100
"""How many parameters the link to another language keeps, and up to which length."""

PAGE_SECONDS = 60
"""How long a page may be kept: short, for a price must not look fresher than it is."""


def setup(app: Flask, public_url: str) -> None:
    app.url_map.merge_slashes = False  # else the router redirects to an address of its own making
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(static_url=static_url)
    secure = public_url.startswith("https://")
    demonstration = is_demonstration(app)

    @app.context_processor
    def _page() -> dict[str, object]:
        chosen = language()
        return {
            "lang": chosen,
            "direction": Locale(chosen).text_direction,
            "languages": LANGUAGES,
            "demonstration": demonstration,
            "in_language": in_language,
        }

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
        if demonstration:
            headers["X-Demonstration"] = "1"
        if secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return _cached(response)


def is_demonstration(app: Flask) -> bool:
    """Whether prices come from a made-up world, and every page must say so."""
    return bool(app.extensions["settings"].lab_url)


def _cached(response: Response) -> Response:
    """A good page is packed, may be kept a minute and is compared by hash after that."""
    encodings = request.headers.get("Accept-Encoding", "")
    if request.method not in ("GET", "HEAD") or response.status_code != HTTPStatus.OK:
        response.headers.setdefault("Cache-Control", "no-store")
        pack(response, encodings)
        return response
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = f"public, max-age={PAGE_SECONDS}"
    if not response.is_streamed:
        response.add_etag()
        pack(response, encodings)
        page_cache.keep(response)
        response.make_conditional(request)
    return response


def in_language(lang: str, only: Container[str] | None = None) -> str:
    """This page's address in another language, with the question kept: an amount that was read
    is written so that the other language reads the same. With `only` these parameters, or all."""
    if request.endpoint is None or not request.url_rule or "lang" not in request.url_rule.arguments:
        return url_for("compare.home", lang=lang)
    path = url_for(request.endpoint, lang=lang, **(request.view_args or {}))
    asked: dict[str, str] = g.get("asked", {})
    pairs = [
        (name, asked.get(name, text))
        for name, text in request.args.items(multi=True)
        if only is None or name in only
    ]
    query = urlencode([pair for pair in pairs[:LINKED] if max(map(len, pair)) < LINKED_LENGTH])
    return f"{path}?{query}" if query else path
