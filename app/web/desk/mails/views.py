"""Mails, for administrators: what is to be sent, was, or could not be, and why."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit, mails
from app.db.mails import KeptMail
from app.domain.account import Role
from app.domain.mail import MailKind, MailState
from app.web import clock
from app.web.access import desk
from app.web.database import look_again, session
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.tables import Column, Table

bp = Blueprint("desk_mails", __name__, url_prefix="/desk/mails", template_folder="templates")

LOST_FOR = timedelta(days=14)
"""How long a mail that could not be sent stands first."""

STATES = {
    MailState.WAITING: lazy_gettext("waiting"),
    MailState.SENDING: lazy_gettext("being sent"),
    MailState.SENT: lazy_gettext("sent"),
    MailState.GIVEN_UP: lazy_gettext("given up"),
}
TONES = {MailState.SENT: "good", MailState.GIVEN_UP: "bad"}
KINDS = {
    MailKind.INVITATION: lazy_gettext("invitation"),
    MailKind.RESET: lazy_gettext("new password"),
    MailKind.CONFIRMATION: lazy_gettext("confirmation"),
    MailKind.SECURITY: lazy_gettext("security of an account"),
    MailKind.PROPOSAL: lazy_gettext("decision on a proposal"),
    MailKind.REPORT: lazy_gettext("answer to a report"),
    MailKind.STAMP: lazy_gettext("reminder: old prices"),
    MailKind.OFFERS: lazy_gettext("reminder: an offer ends"),
    MailKind.SILENT: lazy_gettext("alarm: silent sources"),
    MailKind.HEARTBEAT: lazy_gettext("alarm: the schedule stands still"),
    MailKind.UNSENT: lazy_gettext("alarm: mails given up"),
    MailKind.UNSAVED: lazy_gettext("alarm: the backup failed"),
    MailKind.NOTICE: lazy_gettext("notice"),
}


def has_server() -> bool:
    return bool(current_app.extensions["settings"].smtp_url)


@bp.get("")
@desk(Role.ADMINISTRATOR)
def index() -> AnyResponse:
    """Those that were given up stand first: they are what somebody must do something about."""
    found = mails.mails(session())
    table = _table(found)
    if table.wants_csv:
        return table.csv("mails.csv")
    page = render_template(
        "desk/mails/index.html",
        mails=table,
        given_up=[one for one in found if _is_lost(one)],
        waiting=sum(1 for one in found if one.state in mails.OPEN),
        has_server=has_server(),
        kinds=KINDS,
    )
    return make_response(page)


def _is_lost(mail: KeptMail) -> bool:
    """Whether it could not be sent lately: whoever was to read it does not know yet."""
    if mail.state is not MailState.GIVEN_UP or mail.given_up_at is None:
        return False
    return clock.now() - mail.given_up_at < LOST_FOR


def _table(found: list[KeptMail]) -> Table[KeptMail]:
    columns: list[Column[KeptMail]] = [
        Column(
            "number",
            lazy_gettext("Number"),
            lambda one: one.id,
            link=lambda one: url_for("desk_mails.one", number=one.id),
            numeric=True,
        ),
        Column("at", lazy_gettext("Written"), lambda one: one.created_at),
        Column("about", lazy_gettext("About"), lambda one: str(KINDS[one.kind])),
        Column("subject", lazy_gettext("Subject"), lambda one: one.subject),
        Column("to", lazy_gettext("To"), lambda one: one.to),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[one.state])),
        Column("sent", lazy_gettext("Sent on"), lambda one: one.sent_at),
        Column("tries", lazy_gettext("Tries"), lambda one: one.tries, numeric=True),
        Column("said", lazy_gettext("What the server said"), lambda one: one.said),
    ]
    return Table("mails", columns, found, sort="-number")


@bp.get("/<number:number>")
@desk(Role.ADMINISTRATOR)
def one(number: int) -> AnyResponse:
    return _page(_find(number), 200)


def _find(number: int) -> KeptMail:
    """Raises NotFound."""
    found = mails.find_mail(look_again(), number)
    if found is None:
        abort(404)
    return found


def _page(mail: KeptMail, status: int, problem: str = "") -> AnyResponse:
    """What lets somebody in is shown only where nothing is ever sent, so that there is no other way
    to hand it over; that it was looked at stands in the log."""
    hidden = mail.kind.is_secret and has_server()
    if mail.kind.is_secret and mail.text and not hidden:
        with acting() as act:
            act.note("mail.read", ("mail", mail.id), kind=mail.kind.value, to=mail.to)
    page = render_template(
        "desk/mails/one.html",
        mail=mail,
        problem=problem,
        hidden=hidden,
        states=STATES,
        tones=TONES,
        kinds=KINDS,
        may_try=mail.state in (MailState.WAITING, MailState.GIVEN_UP) and mail.text and mail.to,
        may_give_up=mail.state is MailState.WAITING,
        has_server=has_server(),
        history=audit.history(session(), ("mail", mail.id)),
    )
    return make_response(page, status)


@bp.post("/<number:number>/try-again")
@desk(Role.ADMINISTRATOR)
def try_again(number: int) -> AnyResponse:
    """At once, and for five days from now. Not one that is being sent, or whose words are gone."""
    mail = _find(number)
    with acting() as act:
        done = mails.try_again(act.session, number, act.now)
        if done:
            act.note("mail.tried_again", ("mail", number), kind=mail.kind.value)
    if not done:
        return _page(_find(number), 409, gettext("This mail can no longer be sent."))
    say(gettext("It is tried again within a minute."))
    return redirect(url_for("desk_mails.one", number=number), 303)


@bp.post("/<number:number>/give-up")
@desk(Role.ADMINISTRATOR)
def give_up(number: int) -> AnyResponse:
    """One that waits for its next try."""
    mail = _find(number)
    with acting() as act:
        done = mails.give_up(act.session, number)
        if done:
            act.note("mail.given_up", ("mail", number), kind=mail.kind.value)
    if not done:
        return _page(_find(number), 409, gettext("This mail does not wait any more."))
    say(gettext("It is not tried any more."))
    return redirect(url_for("desk_mails.one", number=number), 303)
