"""Whether the site lives, and whether it can answer: for whoever watches over it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.db import coverage, migrate
from app.web.access import anybody
from app.web.database import session

bp = Blueprint("health", __name__, url_prefix="/health")
Answer = tuple[Response, int, dict[str, str]]


@bp.get("/live")
@anybody
def live() -> Answer:
    """The process answers."""
    return _answer({"status": "live"}, 200)


@bp.get("/ready")
@anybody
def ready() -> Answer:
    """The database is there, is of this release, and has prices to show."""
    try:
        opened = session()
        if not migrate.is_current(opened.connection()):
            return _answer({"status": "not ready", "why": "the database needs an upgrade"}, 503)
        if not coverage.send_countries(opened):
            return _answer({"status": "not ready", "why": "there are no prices"}, 503)
    except SQLAlchemyError as error:
        return _answer({"status": "not ready", "why": type(error).__name__}, 503)
    return _answer({"status": "ready"}, 200)


def _answer(body: dict[str, str], status: int) -> Answer:
    return jsonify(body), status, {"Cache-Control": "no-store"}
