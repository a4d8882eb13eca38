"""The picture that other sites show beside a link to ours: where from and where to, in the page's
language. There is no price on it, for a picture is kept for weeks and prices age."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import resvg_py
from babel import Locale
from flask import Blueprint, Flask, Response, abort, current_app, render_template, url_for
from flask_babel import gettext
from jinja2 import pass_context
from jinja2.runtime import Context

from app.domain.corridor import Corridor
from app.domain.quote import Price
from app.web.access import anybody
from app.web.database import session
from app.web.locale import country, language
from app.web.lookup import find_place

bp = Blueprint("social", __name__)

FONTS = Path(__file__).parent / "fonts"
ROOM = 1040
"""Of the picture's 1200 pixels of width, those that letters may stand on."""

LARGEST, LINE = 104, 36
"""Sizes of letters in pixels: of the country of the receiver at most, and of the words below."""

WIDTHS = (("\u0370", 0.62), ("\u0600", 0.68), ("\u1200", 0.80), ("\u1400", 0.90))
"""Up to which sign bold letters are how wide at most on average, as a share of their size: Latin,
Cyrillic, Arabic (where letters are narrower that join), Ethiopic."""

REGULAR = 0.88
"""How wide letters that are not bold are beside those that are."""

FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Ethiopic")
SCRIPTS = {"ar": FAMILIES[1], "fa": FAMILIES[1], "ti": FAMILIES[2]}
"""Which of them has the letters of a language, if that is not the first."""

LOCALES = {
    "nl": "nl_NL",
    "en": "en_GB",
    "fr": "fr_FR",
    "es": "es_ES",
    "pt": "pt_PT",
    "tr": "tr_TR",
    "ar": "ar_AR",
    "pl": "pl_PL",
    "fa": "fa_IR",
    "so": "so_SO",
    "ti": "ti_ER",
    "uk": "uk_UA",
}
"""As sites that show links name our languages."""

SITE = "site.png"
NAME = re.compile(r"([a-z]{2})-([a-z]{2})\.png")
KEPT = "public, max-age=2592000"


def setup(app: Flask) -> None:
    app.jinja_env.globals.update(social_picture=social_picture, social_locale=social_locale)


@bp.get("/social/<lang:lang>/<string(maxlength=9):name>")
@anybody
def picture(name: str) -> Response:
    """nl-ma.png of a corridor, site.png of all else."""
    found = NAME.fullmatch(name)
    codes = found.group(1, 2) if found else ()
    send, receive = (code.upper() for code in codes) if codes else ("", "")
    if name != SITE and not (found and find_place(session(), send, receive).corridors):
        abort(404)
    response = Response(_drawn(drawing(send, receive)), mimetype="image/png")
    response.headers["Cache-Control"] = KEPT
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def drawing(send: str, receive: str) -> str:
    """As SVG. Codes of countries in capitals, or "" for the picture of the whole site."""
    words = gettext(
        "What really arrives when you send money home: fee and exchange rate of every firm that "
        "we know."
    )
    big = country(receive) if receive else "Huiswaarts"
    return render_template(
        "social.svg",
        rtl=Locale(language()).text_direction == "rtl",
        sender=country(send) if send else "",
        big=big,
        size=size_of(big),
        lines=lines_of(words),
        line_size=LINE,
        family=", ".join(sorted(FAMILIES, key=lambda one: one != SCRIPTS.get(language()))),
    )


@pass_context
def social_picture(context: Context) -> str:
    """The address of the picture of the page that is being made."""
    question, price = context.get("question"), context.get("price")
    corridor = getattr(question, "corridor", None) or context.get("corridor")
    if isinstance(price, Price):
        corridor = price.quote.service.corridor
    name = SITE
    if isinstance(corridor, Corridor):
        name = f"{corridor.send_country}-{corridor.receive_country}.png".lower()
    site: str = current_app.extensions["settings"].public_url
    return site + url_for("social.picture", lang=language(), name=name)


def social_locale() -> str:
    return LOCALES[language()]


def width_of(text: str, size: float) -> float:
    """At most, in pixels, of bold letters."""
    return size * sum(next((width for end, width in WIDTHS if sign < end), 0.62) for sign in text)


def size_of(text: str) -> int:
    """As large as fits on one line."""
    return min(LARGEST, int(ROOM / width_of(text, 1)))


def lines_of(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, LINE) * REGULAR > ROOM:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@cache
def _fonts() -> list[str]:
    return [str(file) for file in sorted(FONTS.glob("*.ttf"))]


@lru_cache(maxsize=200)
def _drawn(svg: str) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=_fonts()))
