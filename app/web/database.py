"""The reading session of a request: opened when first asked for, closed at its end."""

from __future__ import annotations

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from app.db.engine import Database


def session() -> Session:
    if "session" not in g:
        database: Database = current_app.extensions["database"]
        g.session = database.reader()
    opened: Session = g.session
    return opened


def look_again() -> Session:
    """The reading session, from here on with what was written since the request began."""
    opened = session()
    opened.rollback()
    return opened


def setup(app: Flask) -> None:
    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        opened: Session | None = g.pop("session", None)
        if opened is not None:
            opened.close()
