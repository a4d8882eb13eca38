"""One's own account: name and language, password, second factors, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, second_factors, sessions
from app.web import clock
from app.web.access import signed_in
from app.web.database import session
from app.web.signin import entering, passwords
from app.web.signin.forms import ChangePasswordForm, NameForm
from app.web.signin.views import names_of_firms, too_busy, too_many
from app.web.work import who
from app.web.work.acting import acting
from app.web.work.saying import say

bp = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")


@bp.get("")
@signed_in
def index() -> AnyResponse:
    return _page(NameForm(name=who.me().name, language=who.me().language), ChangePasswordForm())


def _page(names: NameForm, password: ChangePasswordForm, status: int = 200) -> AnyResponse:
    account, opened = who.me(), who.opened()
    page = render_template(
        "signin/account.html",
        names=names,
        password=password,
        sessions=sessions.open_sessions(session(), account.id, clock.now()),
        this=opened.key if opened else "",
        passkeys=second_factors.passkeys(session(), account.id),
        codes_left=second_factors.codes_left(session(), account.id),
    )
    return make_response(page, status)


@bp.post("/name")
@signed_in
def rename() -> AnyResponse:
    form = NameForm(request.form)
    if not form.validate():
        return _page(form, ChangePasswordForm(), 422)
    with acting() as act:
        version = accounts.version_of(act.session, who.me().id)
        facts = {"name": form.name.data.strip(), "language": form.language.data}
        accounts.change_account(act.session, who.me().id, version, **facts)
        act.note("account.renamed", ("account", who.me().id), **facts)
    say(gettext("Kept."))
    return redirect(url_for("account.index"), 303)


@bp.post("/password")
@signed_in
def change_password() -> AnyResponse:
    """With the old one. Every other session ends."""
    form, account, opened = ChangePasswordForm(request.form), who.me(), who.opened()
    form.account, form.names = account, names_of_firms()
    names = NameForm(name=account.name, language=account.language)
    if not form.validate():
        return _page(names, form, 422)
    try:
        if entering.with_password(account.email, form.current.data or "") is None:
            form.current.errors = [gettext("This is not your password.")]
            return _page(names, form, 422)
        made = passwords.hashed(form.password.data)
    except (entering.TooMany, passwords.Busy) as error:
        busy = isinstance(error, passwords.Busy)
        form.current.errors = [too_busy() if busy else too_many()]
        return _page(names, form, 503 if busy else 429)
    with acting() as act:
        accounts.set_password(act.session, account.id, made)
        sessions.end_all(act.session, account.id, opened.key if opened else "", devices=True)
        act.note("password.changed", ("account", account.id))
    say(gettext("Your password is changed, and you are signed out everywhere else."))
    return redirect(url_for("account.index"), 303)


@bp.post("/sessions/end")
@signed_in
def end_others() -> AnyResponse:
    opened = who.opened()
    with acting() as act:
        but = opened.key if opened else ""
        sessions.end_all(act.session, who.me().id, but, devices=True)
        act.note("sessions.ended", ("account", who.me().id))
    say(gettext("You are signed out everywhere else."))
    return redirect(url_for("account.index"), 303)


@bp.post("/passkeys/<number:passkey>/drop")
@signed_in
def drop_passkey(passkey: int) -> AnyResponse:
    """The last second factor cannot be dropped: nobody gets in without one."""
    account = who.me()
    known = accounts.known_by_number(session(), account.id)
    others = [one for one in second_factors.passkeys(session(), account.id) if one.id != passkey]
    if not others and not (known and known.one_time_secret):
        say(gettext("This is your only second factor. Set up another one first."))
        return redirect(url_for("account.index"), 303)
    with acting() as act:
        if not second_factors.drop_passkey(act.session, account.id, passkey):
            abort(404)
        act.note("passkey.dropped", ("account", account.id), passkey=passkey)
    say(gettext("The passkey is gone."))
    return redirect(url_for("account.index"), 303)
