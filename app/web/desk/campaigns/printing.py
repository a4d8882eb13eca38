"""What is printed of a campaign: its address as a code, and as a sheet with the words below."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, Response, abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.domain.account import Role
from app.domain.campaign import Campaign
from app.web.access import desk
from app.web.desk.campaigns.views import find, short_address

bp = Blueprint("desk_campaigns_print", __name__, url_prefix="/desk/campaigns")

SIZES = ("a6", "a5")
QUIET = 4
"""Modules of white around a QR code: what its standard asks."""


def _drawn(campaign: Campaign, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    code = segno.make(short_address(campaign), error="m", micro=False)
    code.save(out, kind=kind, border=QUIET, **how)
    return out.getvalue()


@bp.get("/<number:number>/qr/svg")
@desk(Role.EDITOR)
def qr_svg(number: int) -> Response:
    found = find(number)
    drawn = _drawn(found, "svg", scale=10, title=short_address(found), light="#fff")
    return _file(drawn, "image/svg+xml", f"{found.code}.svg")


@bp.get("/<number:number>/qr/png")
@desk(Role.EDITOR)
def qr_png(number: int) -> Response:
    """Large enough for a poster: some 700 points wide."""
    found = find(number)
    return _file(_drawn(found, "png", scale=20), "image/png", f"{found.code}.png")


def _file(body: bytes, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    way = "attachment" if "download" in request.args else "inline"
    response.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    return response


@bp.get("/<number:number>/print")
@desk(Role.EDITOR)
def sheet(number: int) -> AnyResponse:
    """A page to print, with the code and the address in words below."""
    found = find(number)
    size = request.args.get("size", SIZES[0])
    if size not in SIZES:
        abort(404)
    page = render_template(
        "desk/campaigns/print.html",
        campaign=found,
        size=size,
        sizes=SIZES,
        words=short_address(found).partition("://")[2],
    )
    return make_response(page)
