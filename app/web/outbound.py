"""The way out: from a price to its firm, and nowhere else.

An address names one of our services by its number. Where it leads is the website that we have
written down for that firm ourselves (data/providers.toml); nothing in the address can change it.
That somebody went is counted with nothing of who it was (app/web/counting).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.db.services import whose
from app.domain.provider import Provider, ProviderStatus
from app.web.access import anybody
from app.web.counting.seen import Click, note
from app.web.database import session
from app.web.locale import LANGUAGES, language

bp = Blueprint("outbound", __name__)

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
"""A name of a machine in public, written plainly."""

PLACE = re.compile(r"[1-9][0-9]?")
ADDRESS = re.compile(r"[A-Za-z0-9:/.?=&_%~+-]+")


@bp.get("/go/<number:service_id>")
@anybody
def go(service_id: int) -> AnyResponse:
    """On to the firm's own front page, without telling it from where. The address may carry the
    place on the list and the language of the page that it stood on: they are counted, no more."""
    found = whose(session(), service_id)
    address = approved(found[0]) if found else None
    if found is None or address is None:
        abort(404)
    if request.method == "GET":
        provider, corridor = found
        note(Click(service_id, provider.slug, corridor, _place(), _language()))
    response = redirect(address, 303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _place() -> int:
    given = request.args.get("place", "")
    return int(given) if PLACE.fullmatch(given) else 0


def _language() -> str:
    given = request.args.get("lang", "")
    return given if given in LANGUAGES else language()


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
