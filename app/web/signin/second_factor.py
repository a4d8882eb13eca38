"""Setting up a second factor: a code of time from a phone, and recovery codes for when it is lost.
Passkeys are added on the page of one's own account."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, audit, second_factors, sessions
from app.db.engine import Database
from app.domain.account import Account
from app.web import clock
from app.web.access import sign_in_page, signed_in
from app.web.signin import codes, entering
from app.web.signin.forms import CodeForm
from app.web.signin.views import half_or_401
from app.web.work import nav, who
from app.web.work.acting import acting
from app.web.work.saying import say

bp = Blueprint("second_factor", __name__, template_folder="templates")


@bp.get("/sign-in/second-factor")
@sign_in_page
def begin() -> AnyResponse:
    """For whoever has none yet: without one nobody gets in."""
    account = half_or_401()
    if entering.has_second_factor(account):
        return redirect(url_for("sign_in.code"), 303)
    return _show(account, codes.new_secret(), "", 200)


def _show(account: Account, secret: str, problem: str, status: int) -> AnyResponse:
    page = render_template(
        "signin/second_factor.html",
        secret=secret,
        sealed=codes.sealed(secret),
        picture=codes.picture(secret, account.email),
        problem=problem,
        next=entering.safe_next(request.values.get("next", "")),
        is_first=who.account() is None,
    )
    return make_response(page, status)


@bp.post("/sign-in/second-factor")
@sign_in_page
def confirm() -> AnyResponse:
    """A first code proves that the phone has the secret. Then its holder is in."""
    account = half_or_401()
    if entering.has_second_factor(account):
        return redirect(url_for("sign_in.code"), 303)
    secret = codes.unsealed(request.form.get("sealed", "")) or codes.new_secret()
    if not _proves(secret):
        return _show(account, secret, _wrong(), 422)
    fresh = _keep(account, secret)
    page = render_template("signin/recovery_codes.html", codes=fresh, next=_next(account))
    response = make_response(page)
    entering.let_in(account, response, "new code")
    return response


def _wrong() -> str:
    return gettext("This code is not right. Wait for the next one that your phone shows.")


def _proves(secret: str) -> bool:
    code = (CodeForm(request.form).code.data or "")[:40]
    return codes.step_of(secret, code, clock.now()) is not None


def _keep(account: Account, secret: str) -> list[str]:
    """The recovery codes that come with it."""
    now, fresh = clock.now(), codes.new_recovery_codes()
    database: Database = current_app.extensions["database"]
    with database.writing() as writing:
        accounts.set_one_time_secret(writing, account.id, codes.sealed(secret))
        step = codes.step_of(secret, (request.form.get("code") or "")[:40], now)
        accounts.use_step(writing, account.id, step or 0)
        second_factors.renew_codes(writing, account.id, map(codes.code_hash, fresh))
        audit.note(writing, account, "second_factor.set", ("account", account.id), now=now)
    return fresh


def _next(account: Account) -> str:
    wanted = entering.safe_next(request.form.get("next", ""))
    return wanted or url_for(nav.home_of(account))


@bp.get("/account/second-factor")
@signed_in
def renew() -> AnyResponse:
    return _show(who.me(), codes.new_secret(), "", 200)


@bp.post("/account/second-factor")
@signed_in
def confirm_new() -> AnyResponse:
    """In the place of the one before. Other sessions end: they may be somebody else's."""
    account = who.me()
    secret = codes.unsealed(request.form.get("sealed", "")) or codes.new_secret()
    if not _proves(secret):
        return _show(account, secret, _wrong(), 422)
    fresh = _keep(account, secret)
    opened = who.opened()
    with acting() as act:
        sessions.end_all(act.session, account.id, but=opened.key if opened else "")
    page = render_template("signin/recovery_codes.html", codes=fresh, next=url_for("account.index"))
    return make_response(page)


@bp.post("/account/recovery-codes")
@signed_in
def new_codes() -> AnyResponse:
    fresh = codes.new_recovery_codes()
    with acting() as act:
        second_factors.renew_codes(act.session, who.me().id, map(codes.code_hash, fresh))
        act.note("recovery_codes.renewed", ("account", who.me().id))
    say(gettext("The codes that you had before are worth nothing now."))
    page = render_template("signin/recovery_codes.html", codes=fresh, next=url_for("account.index"))
    return make_response(page)
