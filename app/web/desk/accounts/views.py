"""Accounts, for administrators: who may do what here, and what was changed about it."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, Form, StringField, ValidationError

from app.db import accounts, audit, guesses, providers, second_factors, sessions
from app.domain.account import OPERATORS, Account, AccountState, Role
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.signin import codes
from app.web.signin.forms import NameForm
from app.web.signin.inviting import disable_account, invite, invited_words
from app.web.work.acting import acting
from app.web.work.invite_form import InviteForm
from app.web.work.roles import ROLES, STATES, TONES
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.versions import version_in
from app.web.work.who import me

bp = Blueprint("desk_accounts", __name__, url_prefix="/desk/accounts", template_folder="templates")
Listed = tuple[Account, datetime | None]


class ChangeForm(NameForm):
    version = StringField()


class RoleForm(Form):  # type: ignore[misc]
    """Only from one role of operators to another: staff of a firm is another account."""

    role = StringField()
    version = StringField()

    def validate_role(self, field: Field) -> None:
        if field.data not in OPERATORS:
            raise ValidationError(gettext("Choose a role."))


def _table() -> Table[Listed]:
    columns: list[Column[Listed]] = [
        Column(
            "name",
            lazy_gettext("Name"),
            lambda one: one[0].name,
            link=lambda one: url_for("desk_accounts.one", number=one[0].id),
        ),
        Column("email", lazy_gettext("Mail address"), lambda one: one[0].email),
        Column("role", lazy_gettext("Role"), lambda one: str(ROLES[one[0].role])),
        Column("firm", lazy_gettext("Firm"), lambda one: one[0].provider),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[one[0].state])),
        Column("seen", lazy_gettext("Last signed in"), lambda one: one[1]),
    ]
    return Table("accounts", columns, accounts.all_accounts(session()), sort="name")


@bp.get("")
@desk(Role.ADMINISTRATOR)
def index() -> AnyResponse:
    table = _table()
    if table.wants_csv:
        return table.csv("accounts.csv")
    return _list(table, InviteForm(language="nl"), 200)


def _list(table: Table[Listed], form: InviteForm, status: int) -> AnyResponse:
    firms = sorted((one.name, slug) for slug, one in providers.all_providers(session()).items())
    page = render_template(
        "desk/accounts/index.html",
        accounts=table,
        form=form,
        roles=[("", ""), *ROLES.items()],
        firms=[("", ""), *((slug, name) for name, slug in firms)],
    )
    return make_response(page, status)


@bp.post("")
@desk(Role.ADMINISTRATOR)
def invite_one() -> AnyResponse:
    form = InviteForm(request.form)
    form.known = frozenset(providers.all_providers(session()))
    if not form.validate():
        return _list(_table(), form, 422)
    wanted = Account(
        id=0,
        email=form.email.data,
        name=form.name.data.strip(),
        role=Role(form.role.data),
        provider=form.provider.data or None,
        language=form.language.data,
    )
    with acting() as act:
        if accounts.known_by_email(act.session, wanted.email):
            form.email.errors = [gettext("There is an account with this address already.")]
            return _list(_table(), form, 409)
        made = accounts.add_account(act.session, wanted, act.now)
        invite(act.session, made)
        firm = made.provider or ""
        act.note("account.invited", ("account", made.id), role=made.role.value, firm=firm)
    say(invited_words(made))
    return redirect(url_for("desk_accounts.index"), 303)


def _find(number: int) -> Account:
    """Raises NotFound."""
    found = accounts.find_account(session(), number)
    if found is None:
        abort(404)
    return found


@bp.get("/<number:number>")
@desk(Role.ADMINISTRATOR)
def one(number: int) -> AnyResponse:
    found = _find(number)
    version = str(accounts.version_of(session(), number))
    return _one(found, ChangeForm(name=found.name, language=found.language, version=version), 200)


def _one(
    found: Account,
    form: ChangeForm,
    status: int,
    clash: list[tuple[str, str, str]] | None = None,
    also: RoleForm | None = None,
) -> AnyResponse:
    page = render_template(
        "desk/accounts/one.html",
        account=found,
        form=form,
        role_form=also or RoleForm(role=found.role.value, version=form.version.data),
        chosen=[(role.value, name) for role, name in ROLES.items() if role in OPERATORS],
        may_change_role=_may_change_role(found),
        clash=clash,
        roles=ROLES,
        states=STATES,
        tones=TONES,
        sessions=sessions.open_sessions(session(), found.id, clock.now()),
        passkeys=second_factors.passkeys(session(), found.id),
        history=audit.history(session(), ("account", found.id)),
    )
    return make_response(page, status)


@bp.post("/<number:number>")
@desk(Role.ADMINISTRATOR)
def change(number: int) -> AnyResponse:
    """Name and language. Who was overtaken by somebody else sees both versions."""
    found, form = _find(number), ChangeForm(request.form)
    if not form.validate():
        return _one(found, form, 422)
    version = version_in(form.version.data)
    facts = {"name": form.name.data.strip(), "language": form.language.data}
    with acting() as act:
        if not accounts.change_account(act.session, number, version, **facts):
            theirs = accounts.find_account(act.session, number) or found
            form.version.data = str(accounts.version_of(act.session, number))
            clash = [
                (gettext("Name"), theirs.name, facts["name"]),
                (gettext("Language"), theirs.language, facts["language"]),
            ]
            return _one(found, form, 409, clash)
        act.note("account.renamed", ("account", number), **facts)
    say(gettext("Kept."))
    return redirect(url_for("desk_accounts.one", number=number), 303)


def _may_change_role(found: Account) -> bool:
    """Nobody their own: else an administrator could leave the desk without one."""
    return found.role in OPERATORS and found.id != me().id


@bp.post("/<number:number>/role")
@desk(Role.ADMINISTRATOR)
def change_role(number: int) -> AnyResponse:
    """From one role of operators to another; whatever they have open ends, at once."""
    found, form = _find(number), RoleForm(request.form)
    if not _may_change_role(found):
        abort(404)
    version = accounts.version_of(session(), number)
    names = ChangeForm(name=found.name, language=found.language, version=str(version))
    if not form.validate():
        return _one(found, names, 422, also=form)
    role = Role(form.role.data)
    with acting() as act:
        if not accounts.change_account(
            act.session, number, version_in(form.version.data), role=role
        ):
            theirs = accounts.find_account(act.session, number) or found
            names.version.data = form.version.data = str(accounts.version_of(act.session, number))
            clash = [(gettext("Role"), str(ROLES[theirs.role]), str(ROLES[role]))]
            return _one(theirs, names, 409, clash, form)
        sessions.end_all(act.session, number)
        act.note(
            "account.role_changed", ("account", number), before=found.role.value, role=role.value
        )
    say(gettext("Kept. They have to sign in again."))
    return redirect(url_for("desk_accounts.one", number=number), 303)


@bp.post("/<number:number>/disable")
@desk(Role.ADMINISTRATOR)
def disable(number: int) -> AnyResponse:
    """At once, wherever they are signed in. Nobody disables themselves: then one is left."""
    found = _find(number)
    if found.id == me().id:
        say(gettext("You cannot disable your own account. Ask another administrator."))
        return redirect(url_for("desk_accounts.one", number=number), 303)
    with acting() as act:
        disable_account(act, found)
    say(gettext("%(email)s can no longer sign in.", email=found.email))
    return redirect(url_for("desk_accounts.one", number=number), 303)


@bp.post("/<number:number>/enable")
@desk(Role.ADMINISTRATOR)
def enable(number: int) -> AnyResponse:
    """With a new invitation: password and second factor are set anew."""
    return _anew(number, "account.enabled")


@bp.post("/<number:number>/invite-again")
@desk(Role.ADMINISTRATOR)
def invite_again(number: int) -> AnyResponse:
    """For an invitation that ended, or when phone and codes are lost: everything is set anew."""
    return _anew(number, "account.invited_again")


def _anew(number: int, act_name: str) -> AnyResponse:
    found = _find(number)
    if found.id == me().id:
        say(gettext("Ask another administrator to do this for you."))
        return redirect(url_for("desk_accounts.one", number=number), 303)
    with acting() as act:
        accounts.set_state(act.session, number, AccountState.INVITED)
        accounts.set_password(act.session, number, "")
        accounts.set_one_time_secret(act.session, number, "")
        second_factors.drop_all(act.session, number)
        sessions.end_all(act.session, number, devices=True)
        guesses.forgive(act.session, codes.who_hash("email", found.email))
        invite(act.session, found)
        act.note(act_name, ("account", number))
    say(invited_words(found))
    return redirect(url_for("desk_accounts.one", number=number), 303)
