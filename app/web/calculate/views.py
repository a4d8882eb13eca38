"""Three sums: what a receipt really cost, a year of sending, and sending together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask_babel import gettext
from wtforms import ValidationError

from app.domain.amount import HIGHEST, LOWEST
from app.domain.corridor import Corridor
from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money
from app.domain.receipt import BadReceipt, Receipt, ReceiptFault, settled_day, written_day
from app.domain.together import all_of
from app.domain.together import together as apart_and_joint
from app.domain.year import MONTHS, SPLITS, most, splits, times
from app.domain.year import year as a_year
from app.web import clock
from app.web.access import anybody
from app.web.calculate import places
from app.web.calculate.forms import (
    ReceiptForm,
    RepeatedForm,
    TogetherForm,
    YearForm,
    echo,
    receipt_message,
    script_messages,
    typed,
)
from app.web.calculate.places import Board
from app.web.calculate.rates import RATE_SOURCES, named_source
from app.web.calculate.script import days, patterns, sign_of
from app.web.calculate.shown import Checked, Outcome, gaps
from app.web.compare.addresses import plainly
from app.web.compare.forms import known_currency
from app.web.database import session
from app.web.lookup import Place, find_place
from app.web.midrates import mid_of_day
from app.web.own_site import from_own_site

bp = Blueprint("calculate", __name__, template_folder="templates")
Page = str | tuple[str, int]
FIELDS_OF = {ReceiptFault.FEE_TOO_HIGH: "fee", ReceiptFault.TO_COME: "day"}
"""Beside which field a fault is said, if not beside what arrived."""

EXAMPLE = Receipt(*(Money(Decimal(amount), "EUR") for amount in (203, 200, 3)))
"""Of a fee that came on top of what was sent."""

CHECKED_ABOVE = Money(Decimal(1000), "EUR")
"""Regulation (EU) 2023/1113, article 6(2): up to this a firm may leave the sender unchecked where
the money goes out of the Union. It applies since 30 December 2024; read on 20 November 2026."""

LICENCE_SINCE = date(2009, 11, 1)
"""Of article 2:3a of the Wet op het financieel toezicht (Staatsblad 2009, 436)."""

NOT_FOUND, UNPROCESSABLE, FORBIDDEN = 404, 422, 403


@bp.route("/<lang:lang>/receipt", methods=["GET", "POST"])
@anybody
def receipt() -> Page:
    """With scripts the sum is made on the reader's own device, and only a mid rate is asked for
    (app/web/static/receipt.js). Without them the form comes here, and nothing of it is kept."""
    if request.method != "POST":
        return _receipt_page(ReceiptForm(), None)
    if not from_own_site(request):
        abort(FORBIDDEN)
    form = ReceiptForm(request.form)
    form.main_currency = places.main_currency(session(), form.to_country.data)
    checked = _checked(form) if form.validate() else None
    return _receipt_page(form, checked), 200 if checked else UNPROCESSABLE


@bp.get("/<lang:lang>/year")
@anybody
def year() -> Page:
    """The same amount every month, and the same money in fewer transfers."""
    form = YearForm.asked(request.args)
    place = _placed(form)
    if place is None or not place.corridors:
        return _ask_again("year", form)
    board = Board(session(), place, _corridor(form, place), clock.now())
    used = board.providers.get(form.now.data)
    if form.now.data and used is None:
        form.now.errors = [gettext("Choose a firm from the list.")]
        return _ask_again("year", form)
    month = form.money()
    amounts = {count: times(month, count) for count in SPLITS}
    found = {count: board.ask(one) for count, one in amounts.items() if one.amount <= HIGHEST}
    firms, fewer = a_year(found[1]), splits(found)
    return render_template(
        "calculate/year.html",
        **_around(form, place, board),
        month=month,
        comparison=found[1],
        firms=firms,
        best=most(firms),
        used=used,
        now=next((one for one in firms if one.provider == used), None),
        fewer=fewer,
        best_of_fewer=most(fewer),
        months=MONTHS,
    )


@bp.get("/<lang:lang>/together")
@anybody
def together() -> Page:
    """A transfer for each of some people, or one for all of them."""
    form = TogetherForm.asked(request.args)
    place = _placed(form)
    if place is None or not place.corridors:
        return _ask_again("together", form)
    board = Board(session(), place, _corridor(form, place), clock.now())
    each, people = form.money(), form.count
    pooled = all_of(each, people)
    firms = apart_and_joint(board.ask(each), board.ask(pooled), people)
    return render_template(
        "calculate/together.html",
        **_around(form, place, board),
        each=each,
        pooled=pooled,
        people=people,
        firms=firms,
        best_apart=most(one.apart for one in firms if one.apart),
        best_joint=most(one.joint for one in firms if one.joint),
    )


def _checked(form: ReceiptForm) -> Checked | None:
    """Of a validated form; None, with what is wrong beside its field, if it cannot be so."""
    try:
        found = form.receipt()
        asked = written_day(typed(form.day)) if typed(form.day) else None
        day = settled_day(asked, clock.now())
    except BadReceipt as error:
        field = form[FIELDS_OF.get(error.fault, "received")]
        field.errors = [receipt_message(error.fault)]
        return None
    send, receive = found.paid.currency, found.received.currency
    mid = mid_of_day(session(), send, receive, day)
    return Checked(found, day, mid, *_list_of(form, found))


def _list_of(form: ReceiptForm, found: Receipt) -> tuple[Corridor | None, str | None]:
    """The corridor whose list answers what a receipt paid, and its currency as addresses say it;
    None if there is no such list."""
    send, receive = form.from_country.data, form.to_country.data
    wanted = Corridor(send, found.paid.currency, receive, found.received.currency)
    known = wanted in places.listed(session(), clock.now())
    if not known or not LOWEST <= found.paid.amount <= HIGHEST:
        return None, None
    return wanted, _other(find_place(session(), send, receive), wanted)


def _receipt_page(form: ReceiptForm, checked: Checked | None) -> str:
    return render_template(
        "calculate/receipt.html",
        form=form,
        echo=echo,
        checked=checked,
        senders=places.senders(session(), form.from_country.data),
        receivers=places.receivers(session(), clock.now()),
        others=places.other_currencies(session()),
        digits=MINOR_DIGITS,
        example=EXAMPLE,
        patterns=patterns(),
        days=days(),
        sign_of=sign_of,
        cases=list(Outcome),
        gaps=gaps(),
        rate_sources=RATE_SOURCES,
        named_source=named_source,
        messages=script_messages(),
    )


def _placed(form: RepeatedForm) -> Place | None:
    """Where a good question sends to; None if nothing was asked yet, or something is wrong."""
    send, receive = (str(one.data).upper() for one in (form.from_country, form.to_country))
    place = find_place(session(), send, receive)
    form.payouts = place.currencies
    if not _asked(form) or not form.validate():
        return None
    try:
        if place.corridors:
            known_currency(request.args, place.currencies)
    except ValidationError as error:
        form.receive_in.errors = [str(error)]
        return None
    g.asked = {"pay": plainly(form.money())}
    return place


def _asked(form: RepeatedForm) -> bool:
    """Whether the whole question was put. A list leads here with all but the number of people."""
    needed = {"people"} if isinstance(form, TogetherForm) else set()
    return bool(request.args) and needed <= set(request.args)


def _ask_again(name: str, form: RepeatedForm) -> Page:
    """The question alone: not asked yet, with something wrong, or to where no price is known."""
    page = render_template(f"calculate/{name}.html", **_around(form))
    if not _asked(form):
        return page
    return page, UNPROCESSABLE if form.errors else NOT_FOUND


def _corridor(form: RepeatedForm, place: Place) -> Corridor:
    wanted = form.receiver_currency
    return next(one for one in place.corridors if one.receive_currency == wanted)


def _other(place: Place, corridor: Corridor) -> str | None:
    """The currency of a corridor as its address says it: nothing for the main one."""
    return None if place.corridors[0] == corridor else corridor.receive_currency


def _around(
    form: RepeatedForm, place: Place | None = None, board: Board | None = None
) -> dict[str, Any]:
    """What a page with a question needs, answered or not."""
    around = {
        "form": form,
        "echo": echo,
        "senders": places.senders(session(), str(form.from_country.data).upper()),
        "receivers": places.receivers(session(), clock.now()),
        "asked": _asked(form),
        "checked_above": CHECKED_ABOVE,
        "licence_since": LICENCE_SINCE,
    }
    if place is None or board is None:
        return around
    return around | {
        "place": place,
        "corridor": board.corridor,
        "currency": _other(place, board.corridor),
    }
