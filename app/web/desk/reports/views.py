"""Reports of readers: looked into, answered in public words, and put before the firm."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit, replies, reports
from app.domain.account import Role
from app.domain.reply import Reply, ReplyState
from app.domain.report import CLOSED, Report, ReportState
from app.web.access import desk
from app.web.database import look_again, session
from app.web.desk.reports import letters
from app.web.desk.reports.forms import ANSWERS, AnswerForm, JudgeForm, TellForm, mark_of
from app.web.learn.complaints import STATES
from app.web.learn.forms import ABOUT
from app.web.work.acting import acting
from app.web.work.reported import reported
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.who import me

bp = Blueprint("desk_reports", __name__, url_prefix="/desk/reports", template_folder="templates")

REPLY_STATES = {
    ReplyState.WAITING: lazy_gettext("to be read by us"),
    ReplyState.PUBLIC: lazy_gettext("public"),
    ReplyState.REFUSED: lazy_gettext("not shown"),
}
REPLY_TONES = {ReplyState.PUBLIC: "good", ReplyState.WAITING: "warn"}


@bp.get("")
@desk(Role.MODERATOR, Role.EDITOR)
def index() -> AnyResponse:
    """What waits for somebody first: replies to be read, then open reports, oldest first."""
    open_ones = _table("open", reports.reports(session()), "number")
    closed = _table("closed", reports.reports(session(), closed=True), "-closed")
    for table in (open_ones, closed):
        if table.wants_csv:
            return table.csv(f"reports-{table.name}.csv")
    page = render_template(
        "desk/reports/index.html",
        open=open_ones,
        closed=closed,
        replies=replies.waiting_replies(session()),
    )
    return make_response(page)


def _table(name: str, found: list[Report], sort: str) -> Table[Report]:
    columns: list[Column[Report]] = [
        Column(
            "number",
            lazy_gettext("Number"),
            lambda one: one.number,
            link=lambda one: url_for("desk_reports.one", number=one.number),
            numeric=True,
        ),
        Column("at", lazy_gettext("Received on"), lambda one: one.at),
        Column("about", lazy_gettext("About"), lambda one: str(ABOUT[one.about])),
        Column(
            "price",
            lazy_gettext("Price"),
            lambda one: one.price_id,
            show=lambda one: str(one.price_id or "–"),  # noqa: RUF001
            numeric=True,
        ),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[one.state])),
        Column("closed", lazy_gettext("Closed on"), lambda one: one.closed_at),
    ]
    return Table(name, columns, found, sort=sort)


@bp.get("/<number:number>")
@desk(Role.MODERATOR, Role.EDITOR)
def one(number: int) -> AnyResponse:
    return _page(_find(number), 200)


def _find(number: int) -> Report:
    """Raises NotFound."""
    found = reports.numbered(session(), number)
    if found is None:
        abort(404)
    return found


def _page(
    report: Report,
    status: int,
    answer: AnswerForm | None = None,
    tell: TellForm | None = None,
    judge: JudgeForm | None = None,
    clash: list[tuple[object, object, object]] | None = None,
) -> AnyResponse:
    reply = replies.replies(session(), [report.number]).get(report.number)
    began = AnswerForm(words=report.outcome, state=_next(report), mark=mark_of(report))
    page = render_template(
        "desk/reports/one.html",
        report=report,
        reported=reported(report.price_id),
        firm=replies.firm_of(session(), report.number),
        reply=reply,
        told=replies.told(session(), report.number),
        answer=answer or began,
        tell=tell or TellForm(told=replies.told(session(), report.number)),
        judge=judge or JudgeForm(version=str(reply.version) if reply else ""),
        clash=clash,
        about=ABOUT,
        states=STATES,
        answers=[(state, STATES[state]) for state in ANSWERS],
        reply_states=REPLY_STATES,
        reply_tones=REPLY_TONES,
        history=audit.history(session(), ("report", report.number)),
    )
    return make_response(page, status)


def _next(report: Report) -> str:
    return "" if report.state is ReportState.RECEIVED else report.state.value


@bp.post("/<number:number>/answer")
@desk(Role.MODERATOR, Role.EDITOR)
def answer(number: int) -> AnyResponse:
    """In public words. Closing it tells the reader who left an address, and forgets it. Who was
    overtaken by somebody else sees both answers."""
    form = AnswerForm(request.form)
    if not form.validate():
        return _page(_find(number), 422, answer=form)
    state = ReportState(form.state.data)
    with acting() as act:
        before = reports.alone(act.session, number)
        if before is None:
            abort(404)
        said = None
        if mark_of(before) == form.mark.data:
            said = reports.answer(act.session, number, state, form.words.data, act.now)
        if said is None:
            return _overtaken(before, form, state)
        told = state in CLOSED and letters.answer_reader(act.session, before, said, act.now)
        act.note("report.answered", ("report", number), state=state.value, words=said.outcome)
    say(gettext("Answered. The reader is told by mail.") if told else gettext("Answered."))
    return redirect(url_for("desk_reports.one", number=number), 303)


def _overtaken(theirs: Report, form: AnswerForm, state: ReportState) -> AnyResponse:
    clash: list[tuple[object, object, object]] = [
        (gettext("State"), STATES[theirs.state], STATES[state]),
        (gettext("Our answer"), theirs.outcome, form.words.data),
    ]
    form.mark.data = mark_of(theirs)
    look_again()
    return _page(theirs, 409, answer=form, clash=clash)


@bp.post("/<number:number>/tell")
@desk(Role.MODERATOR, Role.EDITOR)
def tell(number: int) -> AnyResponse:
    """Put the report before the firm, in words of ours: what a reader wrote is not passed on."""
    report, form = _find(number), TellForm(request.form)
    if not form.validate():
        return _page(report, 422, tell=form)
    firm = replies.firm_of(session(), number)
    if firm is None:
        abort(404)
    with acting() as act:
        is_first = not replies.told(act.session, number)
        replies.tell(act.session, number, form.told.data, act.now)
        if is_first:
            letters.tell_firm(act.session, firm[0], number, act.now)
        act.note("report.told", ("report", number), firm=firm[0])
    say(gettext("%(name)s can read it now.", name=firm[1]))
    return redirect(url_for("desk_reports.one", number=number), 303)


@bp.post("/<number:number>/reply")
@desk(Role.MODERATOR, Role.EDITOR)
def judge_reply(number: int) -> AnyResponse:
    """Let readers see the firm's reply, or say why not; what is let go is what was read."""
    report, form = _find(number), JudgeForm(request.form)
    reply = replies.replies(session(), [number]).get(number)
    if reply is None:
        abort(404)
    if not form.validate():
        return _page(report, 422, judge=form)
    why = "" if form.act.data == "let_go" else form.why.data
    with acting() as act:
        if replies.judge(act.session, number, form.number, why, me().id, act.now):
            letters.tell_verdict(act.session, reply, why, act.now)
            act.note("report.reply_read", ("report", number), public=not why, why=why)
            return _judged(reply, why)
    reply = replies.replies(look_again(), [number])[number]
    form.version.data = str(reply.version)
    form.why.errors = [gettext("The firm changed its reply meanwhile. Read it again.")]
    return _page(report, 409, judge=form)


def _judged(reply: Reply, why: str) -> AnyResponse:
    say(gettext("The reply is not shown.") if why else gettext("The reply is public."))
    return redirect(url_for("desk_reports.one", number=reply.report), 303)
