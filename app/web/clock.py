"""The time that a page is made at: one and the same for all that stands on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, current_app, g


def setup(app: Flask, clock: Callable[[], datetime] | None = None) -> None:
    """`clock` gives an aware UTC time; the machine's own if it is None."""
    app.extensions["clock"] = clock or (lambda: datetime.now(UTC))


def now() -> datetime:
    """Of this request, aware UTC."""
    if "now" not in g:
        g.now = current_app.extensions["clock"]()
    moment: datetime = g.now
    return moment
