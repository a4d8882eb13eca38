"""The way out: from a price to its firm, and nowhere else.

An address names one of our services by its number. Where it leads is the website that we have
written down for that firm ourselves (data/providers.toml); nothing in the address can change it.
That somebody went is counted with nothing but the service and the day (app/web/visits.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.db.clicks import add_clicks
from app.db.services import provider_of
from app.domain.provider import Provider, ProviderStatus
from app.web import clock, visits
from app.web.access import anybody
from app.web.database import session

bp = Blueprint("outbound", __name__)

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
"""A name of a machine in public, written plainly."""

ADDRESS = re.compile(r"[A-Za-z0-9:/.?=&_%~+-]+")


class Clicks(visits.Counts[int]):
    """By number of the service."""

    def write(self, session: Session, day: date, counts: Mapping[int, int]) -> None:
        add_clicks(session, day, counts)


def setup(app: Flask) -> None:
    app.extensions["clicks"] = clicks = Clicks(app.extensions["database"])
    app.extensions["counts"].append(clicks)


@bp.get("/go/<number:service_id>")
@anybody
def go(service_id: int) -> AnyResponse:
    """On to the firm's own front page, without telling it from where."""
    provider = provider_of(session(), service_id)
    address = approved(provider)
    if address is None:
        abort(404)
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if visits.counts(request.method, request.user_agent.string) and not ahead:
        clicks: Clicks = current_app.extensions["clicks"]
        clicks.count(service_id, clock.now())
        visits.write_later(clock.now())
    response = redirect(address, 303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def approved(provider: Provider | None) -> str | None:
    """The website of a firm that is offered; None where there is none that one may be sent to."""
    if provider is None or provider.status is not ProviderStatus.ACTIVE:
        return None
    website = provider.website or ""
    try:
        parts = urlsplit(website)
        good = parts.scheme == "https" and HOST.fullmatch(parts.netloc) is not None
    except ValueError:
        return None
    return website if good and ADDRESS.fullmatch(website) else None
