"""Taking in what a reader reports, and showing what came of it."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from app.db import prices, reports
from app.db.engine import Database
from app.domain.quote import Price
from app.domain.report import About, Report, ReportState
from app.web import clock
from app.web.database import session
from app.web.learn.forms import ReportForm
from app.web.locale import language
from app.web.senders import Throttle, is_our_own, visitor_of

log = logging.getLogger(__name__)

STATES = {
    ReportState.RECEIVED: lazy_gettext("Received. Nobody has looked at it yet."),
    ReportState.LOOKED_INTO: lazy_gettext("We are looking into it."),
    ReportState.CORRECTED: lazy_gettext("Corrected."),
    ReportState.UNCHANGED: lazy_gettext("Looked into: nothing was changed."),
}
TOKEN_BYTES = 24
TOKEN_LENGTH = 32
"""Signs of a token as an address has it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a form: the token of the report's page, or what to say, with which status.
    `form` is what to show again; an empty one if it may not be the reader's own."""

    form: ReportForm
    token: str = ""
    problem: str = ""
    status: int = 422


def take_in() -> Taken:
    """The form of this request, kept as a report if it can be."""
    public_url: str = current_app.extensions["settings"].public_url
    if not is_our_own(request, public_url):
        problem = gettext(
            "This form did not come from our page, so we kept nothing. Fill it in here."
        )
        return Taken(ReportForm(), problem=problem, status=403)
    try:
        form = ReportForm(request.form)
    except RequestEntityTooLarge:
        problem = gettext("This was too much to read, so we kept nothing. Write it shorter.")
        return Taken(ReportForm(), problem=problem, status=413)
    form.hosts = (request.host, urlsplit(public_url).netloc)
    if not form.validate():
        return Taken(form)
    if form.price is not None and about_price(form) is None:
        return Taken(form, problem=gettext("We know of no price with this number."))
    throttle: Throttle = current_app.extensions["throttle"]
    if not throttle.lets(visitor_of(request), clock.now()):
        problem = gettext(
            "Too many reports are coming in at this moment, so we kept nothing. "
            "What you wrote stands below: send it again in an hour."
        )
        return Taken(form, problem=problem, status=429)
    return _keep(form)


def _keep(form: ReportForm) -> Taken:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = Report(
        about=About(form.about.data),
        language=language(),
        message=form.message.data,
        at=clock.now(),
        price_id=form.price,
        page=form.page,
        seen=form.seen.data,
        email=form.email.data,
    )
    database: Database = current_app.extensions["database"]
    try:
        with database.writing() as writing:
            reports.add_report(writing, made, token)
    except SQLAlchemyError:
        log.exception("a report could not be kept")
        problem = gettext(
            "We could not keep your report: that is our mistake. "
            "What you wrote stands below: send it again in a few minutes."
        )
        return Taken(form, problem=problem, status=503)
    return Taken(form, token)


def about_price(form: ReportForm) -> Price | None:
    """The price that a form is about, if there is one with that number."""
    found = prices.find_price(session(), form.price) if form.price is not None else None
    return found[0] if found else None


def price_of(report: Report) -> Price | None:
    found = prices.find_price(session(), report.price_id) if report.price_id else None
    return found[0] if found else None
