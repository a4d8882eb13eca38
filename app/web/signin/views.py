"""The way in: password, then second factor; invitations and forgotten passwords; the way out."""

from __future__ import annotations

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
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, audit, guesses, links, providers, second_factors, sessions
from app.db.engine import Database
from app.domain.account import Account
from app.web import clock
from app.web.access import sign_in_page, signed_in
from app.web.database import session
from app.web.signin import codes, entering, inviting, passwords
from app.web.signin.forms import CodeForm, EmailForm, PasswordForm, SignInForm
from app.web.work import who
from app.web.work.saying import say

bp = Blueprint("sign_in", __name__, template_folder="templates")
TOKEN = "string(length=43):token"  # noqa: S105  a part of an address
"""How an address has the token of a link: 32 bytes in base64url."""


@bp.record
def _setup(state: BlueprintSetupState) -> None:
    state.app.extensions["sign_in_throttle"] = entering.setup_throttle()


def too_many() -> str:
    return gettext("Too many tries. Wait a quarter of an hour, or ask for a new password by mail.")


def too_busy() -> str:
    return gettext("Too many people sign in at this moment. Try again in a few seconds.")


@bp.get("/sign-in")
@sign_in_page
def index() -> AnyResponse:
    account = who.account()
    if account is not None:
        return entering.onward(account, "")
    return _sign_in("", 200)


def _sign_in(problem: str, status: int) -> AnyResponse:
    form = SignInForm(request.form if request.method == "POST" else request.args)
    page = render_template(
        "signin/sign_in.html",
        problem=problem,
        email=form.email.data or "",
        next=entering.safe_next(form.next.data or ""),
    )
    return make_response(page, status)


@bp.post("/sign-in")
@sign_in_page
def password() -> AnyResponse:
    form = SignInForm(request.form)
    try:
        account = entering.with_password(form.email.data or "", form.password.data or "")
    except entering.TooMany:
        return _sign_in(too_many(), 429)
    except passwords.Busy:
        return _sign_in(too_busy(), 503)
    if account is None:
        return _sign_in(gettext("Mail address and password do not belong together."), 401)
    wanted = entering.safe_next(form.next.data or "")
    response = redirect(_second_step(account, wanted), 303)
    entering.begin_half(account, response)
    return response


def _second_step(account: Account, wanted: str) -> str:
    asked = entering.has_second_factor(account)
    endpoint = "sign_in.code" if asked else "second_factor.begin"
    return url_for(endpoint, next=wanted or None)


def names_of_firms() -> tuple[str, ...]:
    found = providers.all_providers(session()).values()
    return tuple({part for one in found for part in (one.slug, one.name, *one.name.split())})


def half_or_401() -> Account:
    """Who is between the two steps. Raises Unauthorized."""
    account, opened = who.half_signed_in(), who.opened()
    if account is None or opened is None or opened.stage is not sessions.Stage.HALF:
        abort(make_response(render_template("signin/sign_in.html", next="", email=""), 401))
    return account


@bp.get("/sign-in/code")
@sign_in_page
def code() -> AnyResponse:
    return code_page(half_or_401(), "", 200)


def code_page(account: Account, problem: str, status: int) -> AnyResponse:
    """Where the second factor is given, with what was wrong with the last try."""
    page = render_template(
        "signin/code.html",
        problem=problem,
        next=entering.safe_next(request.values.get("next", "")),
        has_passkey=bool(second_factors.passkeys(session(), account.id)),
    )
    return make_response(page, status)


@bp.post("/sign-in/code")
@sign_in_page
def give_code() -> AnyResponse:
    account = half_or_401()
    try:
        right = entering.with_code(account, (CodeForm(request.form).code.data or "")[:40])
    except entering.TooMany:
        return code_page(account, too_many(), 429)
    if not right:
        problem = gettext("This code is not right, or was used before. Wait for the next one.")
        return code_page(account, problem, 401)
    if not entering.has_second_factor(account):
        return redirect(url_for("second_factor.begin"), 303)
    response = entering.onward(account, request.form.get("next", ""))
    entering.let_in(account, response, "code")
    return response


@bp.post("/sign-out")
@signed_in
def sign_out() -> AnyResponse:
    opened = who.opened()
    database: Database = current_app.extensions["database"]
    with database.writing() as writing:
        if opened:
            sessions.end(writing, opened.key)
        about = ("account", who.me().id)
        audit.note(writing, who.me(), "sign_out.done", about, now=clock.now())
    response = redirect(url_for("sign_in.index"), 303)
    who.take_cookie(response, "work")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/sign-in/forgotten")
@sign_in_page
def forgotten() -> str:
    return render_template("signin/forgotten.html", form=EmailForm())


@bp.post("/sign-in/forgotten")
@sign_in_page
def send_link() -> AnyResponse:
    """The same answer whether an account has this address or not."""
    form = EmailForm(request.form)
    if not form.validate():
        return make_response(render_template("signin/forgotten.html", form=form), 422)
    inviting.send_reset(form.email.data)
    return make_response(render_template("signin/sent.html"), 200)


@bp.get(f"/sign-in/link/<{TOKEN}>")
@sign_in_page
def link(token: str) -> AnyResponse:
    """What a mail led to. Looking changes nothing: programs that check mails look too."""
    return _link(token, PasswordForm(), 200)


def _link(token: str, form: PasswordForm, status: int) -> AnyResponse:
    found = links.find_link(session(), token, clock.now())
    account = accounts.find_account(session(), found[0]) if found else None
    if found is None or account is None:
        return make_response(render_template("signin/link_over.html"), 410)
    page = render_template("signin/link.html", form=form, account=account, kind=found[1])
    return make_response(page, status)


@bp.post(f"/sign-in/link/<{TOKEN}>")
@sign_in_page
def use_link(token: str) -> AnyResponse:
    """The new password. It ends every session, and the second factor is still asked for."""
    now = clock.now()
    found = links.find_link(session(), token, now)
    account = accounts.find_account(session(), found[0]) if found else None
    if account is None:
        return _link(token, PasswordForm(), 410)
    form = PasswordForm(request.form)
    form.account, form.names = account, names_of_firms()
    if not form.validate():
        return _link(token, form, 422)
    try:
        made = passwords.hashed(form.password.data)
    except passwords.Busy:
        form.password.errors = [too_busy()]
        return _link(token, form, 503)
    database: Database = current_app.extensions["database"]
    with database.writing() as writing:
        if not links.use_link(writing, token, now):
            return _link(token, PasswordForm(), 410)
        accounts.set_password(writing, account.id, made)
        sessions.end_all(writing, account.id, devices=True)
        guesses.forgive(writing, codes.who_hash("email", account.email))
        audit.note(writing, account, "password.set", ("account", account.id), now=now)
    say(gettext("Your password is set."))
    response = redirect(_second_step(account, ""), 303)
    entering.begin_half(account, response)
    return response
