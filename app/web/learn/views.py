"""How we work: the method, the rules of the ranking, what our data is and where it ends; how far
that is what others ask; who our robot is; and how to tell us what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from app.db import prices, replies, reports, sources, surveys
from app.db.covering import POINTS
from app.domain.correction import BrokenLog, CorrectionsLog, read_corrections
from app.domain.gates import LIMITS
from app.domain.ladder import Answer
from app.domain.midrate import MAX_SPREAD, PEGS
from app.domain.money import Money
from app.domain.quote import FRESH_FOR, Origin
from app.domain.ranking import Priority
from app.domain.reach import SEND_COUNTRY, SEND_CURRENCY
from app.domain.reply import ReplyState
from app.domain.report import EMAIL_KEPT, LONGEST_MESSAGE
from app.domain.told import GONE_AFTER
from app.web import clock
from app.web.access import anybody
from app.web.database import session
from app.web.learn import checks as self_check
from app.web.learn.complaints import STATES, TOKEN_LENGTH, Taken, about_price, price_of, take_in
from app.web.learn.covering import Line, lines
from app.web.learn.forms import ABOUT, ReportForm
from app.web.learn.rules import rule_rows
from app.web.locale import country, language, quarter
from app.web.lookup import find_place
from app.web.senders import Throttle

log = logging.getLogger(__name__)

bp = Blueprint("learn", __name__, template_folder="templates")
CHANGED = date(2026, 11, 21)
"""When the text of this page last changed."""

EXAMPLE = (SEND_COUNTRY, "SR", "western-union")
"""The corridor and firm of the worked example."""


@bp.record
def _setup(state: BlueprintSetupState) -> None:
    state.app.extensions["throttle"] = Throttle()


@bp.get("/<lang:lang>/how-we-work")
@anybody
def how_we_work() -> str:
    board = lines(session(), SEND_COUNTRY, clock.now())
    return render_template(
        "learn/how_we_work.html",
        settings=current_app.extensions["settings"],
        corridors=len(board),
        priced=sum(1 for line in board if line.priced),
        send_country=SEND_COUNTRY,
        example=_example(),
        priorities=list(Priority),
        rules=rule_rows(),
        points=[Money(point, SEND_CURRENCY) for point in POINTS],
        pegs=PEGS,
        max_spread=MAX_SPREAD * 100,
        changed=CHANGED,
        quarter=quarter(surveys.newest_round(session(), SEND_COUNTRY)),
        fresh_minutes=int(FRESH_FOR.total_seconds()) // 60,
        gone_days=GONE_AFTER.days,
        gate_percent=LIMITS.off_mid * 100,
    )


@bp.get("/<lang:lang>/how-we-work/checks")
@anybody
def checks() -> str:
    """Held against what others ask of a comparison site."""
    facts = self_check.facts()
    return render_template(
        "learn/checks.html",
        world_bank=self_check.world_bank(facts),
        payment_accounts=self_check.payment_accounts(facts),
        afm=self_check.afm(),
        ranking=self_check.ranking(),
        verdicts=self_check.VERDICTS,
        checked=self_check.CHECKED,
    )


@bp.get("/<lang:lang>/coverage")
@anybody
def coverage() -> str:
    """Of every corridor: who is covered, and who is not."""
    found = sorted(lines(session(), SEND_COUNTRY, clock.now()), key=_by_name)
    return render_template(
        "learn/coverage.html",
        lines=found,
        priced=sum(1 for line in found if line.priced),
        send_country=SEND_COUNTRY,
    )


def _by_name(line: Line) -> tuple[bool, str, str]:
    """Those with a price first."""
    return not line.priced, country(line.corridor.receive_country), line.currency or ""


@bp.get("/<lang:lang>/corrections")
@anybody
def corrections() -> str:
    """What stood wrong, what came of what readers reported, and what firms say to it."""
    answered = reports.reports(session(), closed=True)
    numbers = [one.number for one in answered]
    return render_template(
        "learn/corrections.html",
        log=_corrections(current_app.extensions["settings"].data),
        answered=answered,
        replies=replies.replies(session(), numbers, ReplyState.PUBLIC),
        about=ABOUT,
        states=STATES,
    )


def _corrections(data: Path) -> CorrectionsLog | None:
    """None if the list cannot be read: then nobody can say that it is empty."""
    try:
        return read_corrections((data / "corrections.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, BrokenLog):
        log.exception("the list of corrections cannot be read")
        return None


@bp.get("/<lang:lang>/complain")
@anybody
def complain() -> AnyResponse:
    return _form(Taken(ReportForm.begun_at(request.args), status=200))


@bp.post("/<lang:lang>/complain")
@anybody
def send_complaint() -> AnyResponse:
    taken = take_in()
    if taken.token:
        return redirect(url_for("learn.report", lang=language(), token=taken.token), 303)
    return _form(taken)


def _form(taken: Taken) -> AnyResponse:
    """The form as it was filled in, with what is wrong beside it."""
    page = render_template(
        "learn/complain.html",
        form=taken.form,
        about=ABOUT,
        problems=list(_problems(taken)),
        price=about_price(taken.form),
        longest=LONGEST_MESSAGE,
        kept_days=EMAIL_KEPT.days,
        contact=current_app.extensions["settings"].contact,
    )
    return make_response(page, taken.status)


def _problems(taken: Taken) -> Iterator[tuple[str, str]]:
    """Name of the field, "" for none, and what is wrong with it."""
    if taken.problem:
        yield "", taken.problem
    for field in taken.form:
        if field.errors:
            yield field.name, field.errors[0]


@bp.get(f"/<lang:lang>/report/<string(length={TOKEN_LENGTH}):token>")
@anybody
def report(token: str) -> AnyResponse:
    """How far a report is, for whoever has its link."""
    found = reports.find_report(session(), token)
    if found is None:
        abort(404)
    said = replies.replies(session(), [found.number], ReplyState.PUBLIC)
    page = render_template(
        "learn/report.html",
        report=found,
        reply=said.get(found.number),
        price=price_of(found),
        about=ABOUT,
        states=STATES,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/<lang:lang>/bot")
@anybody
def bot() -> str:
    """Who asks for prices: what, how often, and how to be left alone."""
    asked = [one for one in sources.all_sources(session()) if one.kind != "survey"]
    contact: str = current_app.extensions["settings"].contact
    return render_template("learn/bot.html", sources=asked, contact=contact)


def _example() -> Answer | None:
    """A real price to explain the sum with: the lowest rung of the example's first service."""
    send, receive, slug = EXAMPLE
    for corridor in find_place(session(), send, receive).corridors:
        rungs = [
            rung
            for ladder in prices.board(session(), corridor)
            for rung in ladder.prices[:1]
            if ladder.service.provider == slug and rung.origin is Origin.SURVEY
        ]
        if rungs:
            first = min(rungs, key=lambda price: price.service_id)
            quote = first.quote
            return Answer(quote.paid, quote.fee, quote.received, (first,))
    return None
