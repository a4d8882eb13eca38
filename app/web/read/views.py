"""News, guides, initiatives and partners, pages, and the special offers of firms: for everybody.

Offers stand here and on the page of their firm, and nowhere else: no list of prices asks for them.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Blueprint, Flask, Response, abort, current_app, render_template, url_for

from app.web import clock
from app.web.access import anybody
from app.web.locale import language
from app.web.read.pieces import (
    GUIDES,
    INITIATIVES,
    NEWS,
    PAGES,
    Shelf,
    direction_of,
    found,
    listed,
    own_name,
    shown_offers,
    to_read,
)

bp = Blueprint("read", __name__, template_folder="templates")

IN_FEED = 30
"""News in the feed."""


def setup(app: Flask) -> None:
    app.jinja_env.globals.update(to_read=to_read)
    app.jinja_env.filters.update(own_name=own_name, direction_of=direction_of)


@bp.get("/<lang:lang>/news")
@anybody
def news() -> str:
    return _listing(NEWS)


@bp.get("/<lang:lang>/news/<string(maxlength=80):slug>")
@anybody
def news_item(slug: str) -> str:
    return _one(NEWS, slug)


@bp.get("/<lang:lang>/guides")
@anybody
def guides() -> str:
    return _listing(GUIDES)


@bp.get("/<lang:lang>/guides/<string(maxlength=80):slug>")
@anybody
def guide(slug: str) -> str:
    return _one(GUIDES, slug)


@bp.get("/<lang:lang>/initiatives")
@anybody
def initiatives() -> str:
    return _listing(INITIATIVES)


@bp.get("/<lang:lang>/initiatives/<string(maxlength=80):slug>")
@anybody
def initiative(slug: str) -> str:
    return _one(INITIATIVES, slug)


@bp.get("/<lang:lang>/pages/<string(maxlength=80):slug>")
@anybody
def page(slug: str) -> str:
    return _one(PAGES, slug)


@bp.get("/<lang:lang>/offers")
@anybody
def special_offers() -> str:
    return render_template("read/offers.html", offers=shown_offers())


@bp.get("/<lang:lang>/news.atom")
@anybody
def feed() -> Response:
    """The news for programs that follow it (Atom, RFC 4287)."""
    site: str = current_app.extensions["settings"].public_url
    newest = listed(NEWS)[:IN_FEED]
    beginning = datetime.combine(clock.now().date(), time(), UTC)
    text = render_template(
        "read/news.atom.xml",
        site=site,
        items=newest,
        own=site + url_for("read.feed", lang=language()),
        page=site + url_for("read.news", lang=language()),
        changed_at=max((one.changed_at for one in newest), default=beginning),
    )
    return Response(text, mimetype="application/atom+xml")


def _listing(shelf: Shelf) -> str:
    return render_template("read/listing.html", shelf=shelf, items=listed(shelf))


def _one(shelf: Shelf, slug: str) -> str:
    shown = found(shelf, slug)
    if shown is None:
        abort(404)
    return render_template("read/article.html", shelf=shelf, shown=shown)
