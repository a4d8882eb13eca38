"""For a phone's home screen, and for when there is no connection (app/web/static/sw.js)."""

from __future__ import annotations

import json

from babel import Locale
from flask import Blueprint, Response, render_template
from flask_babel import gettext

from app.web.access import anybody
from app.web.locale import language
from app.web.static_files import find, static_url

bp = Blueprint("offline", __name__)

PAPER, BAND = "#fffdf8", "#0a5f5b"
"""Of app/web/styles/tokens.css."""

ICONS = {"icon-192.png": "192x192", "icon-512.png": "512x512", "mark.svg": "any"}


@bp.get("/sw.js")
@anybody
def worker() -> Response:
    """It stands at the top, for it may only look after what lies below it; a browser asks for it
    anew each time, so that a mistake in it can be mended."""
    file = find("sw.js")
    return Response(file.body, mimetype=file.mimetype, headers={"Cache-Control": "no-cache"})


@bp.get("/<lang:lang>/offline")
@anybody
def without_connection() -> str:
    """What a phone shows where it has no copy of a page: the copies that it has."""
    return render_template("offline.html")


@bp.get("/<lang:lang>/manifest.webmanifest")
@anybody
def manifest() -> Response:
    """What the site is called and looks like among the apps of a phone. With an address bar kept,
    for a question lives in its address."""
    lang = language()
    body = {
        "name": "Huiswaarts",
        "short_name": "Huiswaarts",
        "description": gettext(
            "What really arrives when you send money home: fee and exchange rate of every firm "
            "that we know."
        ),
        "lang": lang,
        "dir": Locale(lang).text_direction,
        "id": "/",
        "start_url": f"/{lang}/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": BAND,
        "icons": [
            {"src": static_url(name), "sizes": sizes, "type": find(name).mimetype}
            for name, sizes in ICONS.items()
        ],
    }
    text = json.dumps(body, ensure_ascii=False)
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(text, mimetype="application/manifest+json", headers=headers)
