"""GET /api/v1/mid: the mid rate of one day. It is asked by a reader's own device, which then works
out what a receipt has cost without telling anybody the amounts."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, request
from flask_babel import gettext

from app.domain.currencies import MINOR_DIGITS
from app.domain.published import published_mid
from app.domain.receipt import BadReceipt, settled_day, written_day
from app.web import clock
from app.web.access import anybody
from app.web.api.views import NOT_FOUND, json_answer, only, wrong
from app.web.calculate.forms import receipt_message
from app.web.database import session
from app.web.errors import Problem
from app.web.midrates import mid_of_day

bp = Blueprint("mid", __name__, url_prefix="/api/v1")


@bp.get("/mid")
@anybody
def mid() -> Response:
    """Receive currency per unit of send currency on a day, or on the last working day before."""
    only("from", "to", "on")
    send, receive = _currency("from"), _currency("to")
    found = mid_of_day(session(), send, receive, _day())
    if found is None:
        raise Problem(
            NOT_FOUND,
            gettext("No rate known"),
            gettext("We do not know the mid-market rate of that day."),
        )
    return json_answer(published_mid(found))


def _currency(parameter: str) -> str:
    code = request.args.get(parameter, "").upper()
    if code not in MINOR_DIGITS:
        raise wrong(parameter, gettext("Give a currency, like %(code)s.", code="EUR"))
    return code


def _day() -> date:
    """Today (UTC) if the address does not say one."""
    written = request.args.get("on")
    try:
        asked = None if written is None else written_day(written)
        return settled_day(asked, clock.now())
    except BadReceipt as error:
        raise wrong("on", receipt_message(error.fault)) from error
