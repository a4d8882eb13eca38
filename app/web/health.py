"""Whether the site lives, and whether it can answer: for whoever watches over it."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.db import coverage, migrate, runs
from app.web import clock
from app.web.access import anybody
from app.web.database import session

bp = Blueprint("health", __name__, url_prefix="/health")
Answer = tuple[Response, int, dict[str, str]]

SLOT = timedelta(minutes=15)
SILENT_AFTER = 2 * SLOT
"""How long the collector may be silent: prices grow old while nobody notices."""


@bp.get("/live")
@anybody
def live() -> Answer:
    """The process answers."""
    return _answer({"status": "live"}, 200)


@bp.get("/ready")
@anybody
def ready() -> Answer:
    """The database is there and of this release, has prices, and gets new ones."""
    try:
        opened = session()
        if not migrate.is_current(opened.connection()):
            return _answer({"status": "not ready", "why": "the database needs an upgrade"}, 503)
        if not coverage.send_countries(opened):
            return _answer({"status": "not ready", "why": "there are no prices"}, 503)
        why = _silence(runs.last_cycle(opened, clock.now()), clock.now())
        if why:
            return _answer({"status": "not ready", "why": why}, 503)
    except SQLAlchemyError as error:
        return _answer({"status": "not ready", "why": type(error).__name__}, 503)
    return _answer({"status": "ready"}, 200)


def _silence(last: datetime | None, now: datetime) -> str:
    """What is wrong with the time of the last cycle of the collector; "" if nothing is."""
    if last is None:
        return "no cycle of the collector was ever completed: is the scheduler running?"
    if now - last <= SILENT_AFTER:
        return ""
    minutes = int(SILENT_AFTER.total_seconds()) // 60
    at = last.isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"no cycle of the collector was completed in {minutes} minutes: the last one at {at}"


def _answer(body: dict[str, str], status: int) -> Answer:
    return jsonify(body), status, {"Cache-Control": "no-store"}
