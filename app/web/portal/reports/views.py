"""Reports about the prices of a firm: what its staff may know of them, and its right of reply."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, Form, HiddenField, TextAreaField, ValidationError

from app.db import replies
from app.db.replies import Case
from app.domain.foreign import is_tidy
from app.domain.reply import LONGEST_REPLY, ReplyState
from app.web.access import portal
from app.web.database import look_again, session
from app.web.learn.complaints import STATES
from app.web.learn.forms import plain
from app.web.work.acting import acting
from app.web.work.reported import reported
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.versions import version_in
from app.web.work.who import me, tenant

bp = Blueprint(
    "portal_reports", __name__, url_prefix="/portal/reports", template_folder="templates"
)

REPLIES = {
    ReplyState.WAITING: lazy_gettext("being read by us"),
    ReplyState.PUBLIC: lazy_gettext("public"),
    ReplyState.REFUSED: lazy_gettext("not shown"),
}
TONES = {ReplyState.PUBLIC: "good", ReplyState.REFUSED: "bad"}


class ReplyForm(Form):  # type: ignore[misc]
    """`version` is of the reply that its writer had before them; 0 if there was none."""

    text = TextAreaField(filters=[plain])
    version = HiddenField()

    def validate_text(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Write your reply."))
        if not is_tidy(field.data, LONGEST_REPLY):
            raise ValidationError(
                gettext("Write at most %(longest)s signs.", longest=LONGEST_REPLY)
            )


@bp.get("")
@portal
def index() -> AnyResponse:
    found = replies.cases(session(), tenant())
    table = _table(found)
    if table.wants_csv:
        return table.csv("reports.csv")
    unanswered = [one for one in found if one.told and one.reply is None and not one.closed_at]
    page = render_template("portal/reports/index.html", cases=table, unanswered=unanswered)
    return make_response(page)


def _table(found: list[Case]) -> Table[Case]:
    columns: list[Column[Case]] = [
        Column(
            "number",
            lazy_gettext("Number"),
            lambda one: one.number,
            link=lambda one: url_for("portal_reports.one", number=one.number),
            numeric=True,
        ),
        Column("at", lazy_gettext("Received on"), lambda one: one.at.date()),
        Column("price", lazy_gettext("Price"), lambda one: one.price_id, numeric=True),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[one.state])),
        Column("closed", lazy_gettext("Closed on"), lambda one: one.closed_at),
        Column("reply", lazy_gettext("Your reply"), _reply_state),
    ]
    return Table("reports", columns, found, sort="-number")


def _reply_state(case: Case) -> str:
    return str(REPLIES[case.reply.state]) if case.reply else ""


@bp.get("/<number:number>")
@portal
def one(number: int) -> AnyResponse:
    return _page(_find(number), 200)


def _find(number: int) -> Case:
    """About a price of this firm. Raises NotFound."""
    found = replies.find_case(session(), tenant(), number)
    if found is None:
        abort(404)
    return found


def _page(
    case: Case,
    status: int,
    form: ReplyForm | None = None,
    clash: list[tuple[object, object, object]] | None = None,
) -> AnyResponse:
    reply = case.reply
    began = ReplyForm(text=reply.text, version=str(reply.version)) if reply else ReplyForm()
    page = render_template(
        "portal/reports/one.html",
        case=case,
        reported=reported(case.price_id),
        form=form or began,
        clash=clash,
        states=STATES,
        replies=REPLIES,
        tones=TONES,
        may_write=reply is None or reply.state is not ReplyState.PUBLIC,
        longest=LONGEST_REPLY,
    )
    return make_response(page, status)


@bp.post("/<number:number>")
@portal
def reply(number: int) -> AnyResponse:
    """First or anew; we read it before anybody else does. Who was overtaken by a colleague, or by
    us, sees both versions."""
    case, form = _find(number), ReplyForm(request.form)
    if not form.validate():
        return _page(case, 422, form)
    text, version = form.text.data, version_in(form.version.data)
    with acting() as act:
        kept = replies.write(act.session, number, tenant(), version, text, me().id, act.now)
        if kept:
            act.note("report.reply_written", ("report", number), firm=tenant(), version=version + 1)
    if not kept:
        return _overtaken(number, form)
    say(gettext("Kept. We read it before readers see it."))
    return redirect(url_for("portal_reports.one", number=number), 303)


def _overtaken(number: int, form: ReplyForm) -> AnyResponse:
    theirs = replies.find_case(look_again(), tenant(), number)
    if theirs is None:
        abort(404)
    kept = theirs.reply
    form.version.data = str(kept.version) if kept else "0"
    clash: list[tuple[object, object, object]] = [
        (gettext("Your reply"), kept.text if kept else "", form.text.data)
    ]
    return _page(theirs, 409, form, clash)
