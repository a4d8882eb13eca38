"""Colleagues: the staff of a firm invites its own, and takes their accounts away again."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts
from app.domain.account import Account, AccountState, Role
from app.web.access import portal
from app.web.database import session
from app.web.signin.inviting import disable_account, invite, invited_words
from app.web.work.acting import acting
from app.web.work.invite_form import ColleagueForm
from app.web.work.roles import STATES, TONES
from app.web.work.saying import say
from app.web.work.who import me, tenant

bp = Blueprint("portal_staff", __name__, url_prefix="/portal/staff", template_folder="templates")


@bp.get("")
@portal
def index() -> AnyResponse:
    return _page(ColleagueForm(language=me().language), 200)


def _page(form: ColleagueForm, status: int) -> AnyResponse:
    page = render_template(
        "portal/staff/index.html",
        staff=accounts.staff_of(session(), tenant()),
        form=form,
        states=STATES,
        tones=TONES,
    )
    return make_response(page, status)


@bp.post("")
@portal
def invite_one() -> AnyResponse:
    form = ColleagueForm(request.form)
    if not form.validate():
        return _page(form, 422)
    name, language = form.name.data.strip(), form.language.data
    wanted = Account(0, form.email.data, name, Role.PROVIDER, tenant(), language)
    with acting() as act:
        if accounts.known_by_email(act.session, wanted.email):
            form.email.errors = [gettext("This address cannot be invited. Take another one.")]
            return _page(form, 409)
        made = accounts.add_account(act.session, wanted, act.now)
        invite(act.session, made)
        act.note("account.invited", ("account", made.id), role=made.role.value, firm=tenant())
    say(invited_words(made))
    return redirect(url_for("portal_staff.index"), 303)


def _colleague(number: int) -> Account:
    """Of the same firm, and not oneself. Raises NotFound."""
    found = accounts.find_account(session(), number)
    if found is None or found.provider != tenant() or found.id == me().id:
        abort(404)
    return found


@bp.post("/<number:number>/disable")
@portal
def disable(number: int) -> AnyResponse:
    found = _colleague(number)
    with acting() as act:
        disable_account(act, found)
    say(gettext("%(email)s can no longer sign in.", email=found.email))
    return redirect(url_for("portal_staff.index"), 303)


@bp.post("/<number:number>/invite-again")
@portal
def invite_again(number: int) -> AnyResponse:
    """Only for whoever has not come yet: an account in use is reset by an operator."""
    found = _colleague(number)
    if found.state is not AccountState.INVITED:
        abort(404)
    with acting() as act:
        invite(act.session, found)
        act.note("account.invited_again", ("account", number))
    say(invited_words(found))
    return redirect(url_for("portal_staff.index"), 303)
