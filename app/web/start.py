"""The front door, and the static files."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web import static_files
from app.web.access import anybody
from app.web.locale import preferred
from app.web.packing import choose

bp = Blueprint("start", __name__)


@bp.get("/")
@anybody
def front_door() -> AnyResponse:
    """To the language that the visitor's browser asks for."""
    response = redirect(url_for("compare.home", lang=preferred(request)))
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/bot")
@anybody
def robot() -> AnyResponse:
    """The address that our robot gives of itself, in the language of whoever looks."""
    response = redirect(url_for("learn.bot", lang=preferred(request)))
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/static/<string(length=10):digest>/<string(maxlength=40):name>")
@anybody
def static_file(digest: str, name: str) -> Response:
    """A static file under the hash of its content: it never changes, so it is kept for ever."""
    if name not in static_files.names():
        abort(404)
    file = static_files.find(name)
    if digest != file.digest:
        abort(404)
    response = Response(file.body, mimetype=file.mimetype)
    response.set_etag(file.digest)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    choose(response, request.headers.get("Accept-Encoding", ""), file.packed)
    return response
