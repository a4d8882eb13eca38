"""The pages of entering and previewing prices."""

from __future__ import annotations

from flask import abort, make_response, render_template, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.domain.price_csv import Parsed
from app.domain.proposal import (
    Obstacle,
    Proposal,
    care_of,
    prices_payload,
    sha256_of,
    stated_prices,
)
from app.domain.submitted import NAMES, Fault
from app.review.weighing import weigh
from app.web import clock
from app.web.database import session
from app.web.portal.prices.choices import choices
from app.web.portal.prices.lines import Given, as_file, as_given
from app.web.work.price_words import fault_words
from app.web.work.who import tenant

COLUMNS = {
    "from": lazy_gettext("From country"),
    "send_currency": lazy_gettext("Currency sent"),
    "to": lazy_gettext("To country"),
    "receive_currency": lazy_gettext("Currency received"),
    "payment_instrument": lazy_gettext("The sender pays by"),
    "access_point": lazy_gettext("Bought"),
    "pickup_method": lazy_gettext("The receiver gets it"),
    "pay_in": lazy_gettext("Name of the way to pay, if it has one"),
    "paid": lazy_gettext("Paid in all"),
    "fee": lazy_gettext("Of which fee"),
    "rate": lazy_gettext("Exchange rate"),
    "received": lazy_gettext("Received"),
    "speed": lazy_gettext("Arrives"),
    "coverage": lazy_gettext("Pay-out points"),
    "variant": lazy_gettext("Which of several services that are alike in all else"),
}
"""What a column of a file is called on a page."""


def edited() -> dict[str, object]:
    """Which open proposal a form changes, and as of which version; nothing for a new one."""
    return {
        "proposal": request.form.get("proposal", type=int) or "",
        "version": request.form.get("version", 0, type=int),
    }


def form_page(
    rows: list[Given],
    service: Given | None,
    wrong: list[str],
    status: int = 200,
    known: Proposal | None = None,
) -> AnyResponse:
    """`service` is what is the same in every row; None where it is still to be chosen."""
    about = {"proposal": known.id, "version": known.version} if known else edited()
    page = render_template(
        "portal/prices/enter.html",
        rows=rows,
        service=service,
        wrong=wrong,
        choices=choices(),
        columns=COLUMNS,
        names=NAMES,
        **about,
    )
    return make_response(page, status)


def fault_lines(faults: list[Fault]) -> list[str]:
    return [
        gettext(
            "Row %(row)s, %(column)s: %(what)s",
            row=fault.row,
            column=COLUMNS.get(fault.column, fault.column),
            what=fault_words(fault),
        )
        for fault in faults
    ]


def preview_page(parsed: Parsed, status: int = 200, clash: Proposal | None = None) -> AnyResponse:
    """What would change; with `clash`, beside the version that somebody else made meanwhile."""
    now = clock.now()
    weighed = []
    if not parsed.faults:
        payload = prices_payload(tenant(), parsed.lines, now)
        weighed = weigh(session(), parsed.lines, now, sha256_of(payload), now)
    care = care_of(weighed)
    about = edited()
    if clash is not None:
        about["version"] = clash.version
    page = render_template(
        "portal/prices/preview.html",
        parsed=parsed,
        faults=[(fault, fault_words(fault)) for fault in parsed.faults],
        weighed=weighed,
        care=care,
        refused=any(one.obstacle is Obstacle.NOT_SHOWN for one in care.hindrances),
        lines=as_file(as_given(parsed.lines)),
        words=request.form.get("words", ""),
        clash=differences(parsed, clash) if clash else None,
        closed=clash is not None and not clash.is_open,
        **about,
    )
    return make_response(page, 422 if parsed.faults else status)


def clash_page(parsed: Parsed, now: Proposal | None) -> AnyResponse:
    """Somebody changed or decided it meanwhile: both versions, and the way on from there."""
    if now is None:
        abort(404)
    return preview_page(parsed, 409, now)


def differences(parsed: Parsed, now: Proposal) -> list[tuple[str, str, str]]:
    """Lines of either version that the other has not, or has otherwise: what, theirs, mine."""
    theirs, mine = (
        {_key(one): _rest(one) for one in as_given(lines)}
        for lines in (stated_prices(now.payload).lines, parsed.lines)
    )
    both = ((key, theirs.get(key, ""), mine.get(key, "")) for key in sorted({*theirs, *mine}))
    return [(key, one, other) for key, one, other in both if one != other]


def _key(one: Given) -> str:
    names = ("from", "to", "payment_instrument", "access_point", "pickup_method", "pay_in", "paid")
    return " ".join(one[name] for name in names if one[name])


def _rest(one: Given) -> str:
    return " ".join(one[name] for name in ("fee", "rate", "received", "speed", "coverage"))
