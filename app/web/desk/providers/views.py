"""The list of firms, the page of each, what waits for a second operator, and licences to decide."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import (
    accounts,
    audit,
    licence_matches,
    licences,
    provider_changes,
    provider_list,
    providers,
)
from app.db.licence_matches import LicenceMatchRow, MatchState
from app.db.provider_changes import ChangeState, ProviderAct, ProviderChange
from app.db.provider_list import Listed
from app.domain.account import Role
from app.domain.provider import Provider, ProviderStatus
from app.review import licences as deciding_licences
from app.review import providers as deciding
from app.review.deciding import Undecidable
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.providers import words
from app.web.desk.providers.forms import ChangeForm, MatchForm, WordsForm
from app.web.work.acting import Act, acting
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.who import me

bp = Blueprint(
    "desk_providers", __name__, url_prefix="/desk/providers", template_folder="templates"
)

FIRM = "/firm/<string(maxlength=80):slug>"
STATUS, LICENCE = words.STATUSES, words.LICENCES
REGISTER = "https://euclid.eba.europa.eu/register/pir/search"


def _link(slug: str) -> str:
    return url_for("desk_providers.one", slug=slug)


def _columns() -> list[Column[Listed]]:
    return [
        Column(
            "name",
            lazy_gettext("Name"),
            lambda one: one.provider.name,
            link=lambda one: _link(one.provider.slug),
        ),
        Column("names", lazy_gettext("Also called"), lambda one: ", ".join(one.names)),
        Column(
            "status", lazy_gettext("State"), lambda one: str(words.STATUSES[one.provider.status])
        ),
        Column(
            "licence",
            lazy_gettext("Licence"),
            lambda one: str(words.LICENCES[one.provider.licence]),
        ),
        Column("services", lazy_gettext("Services"), lambda one: one.services, numeric=True),
        Column("priced", lazy_gettext("With a price"), lambda one: one.on_board, numeric=True),
        Column("sources", lazy_gettext("Sources"), lambda one: ", ".join(one.sources)),
        Column("alike", lazy_gettext("Looks like"), lambda one: ", ".join(one.alike)),
    ]


@bp.get("/")
@desk(Role.EDITOR)
def index() -> AnyResponse:
    return _index(200)


def _index(status: int, problem: str = "") -> AnyResponse:
    rows = provider_list.listed(session())
    table = Table("firms", _columns(), rows, sort="name")
    if table.wants_csv:
        return table.csv("firms.csv")
    page = render_template(
        "desk/providers/index.html",
        firms=table,
        alike=[one for one in rows if one.alike],
        waiting=provider_changes.waiting_changes(session()),
        proposed=len(licence_matches.matches(session(), MatchState.PROPOSED)),
        who=_names(),
        words=words,
        problem=problem,
    )
    return make_response(page, status)


def _names() -> dict[int, str]:
    return {account.id: account.name for account, _at in accounts.all_accounts(session())}


def _find(slug: str) -> Provider:
    """Raises NotFound."""
    found = providers.all_providers(session()).get(slug)
    if found is None:
        abort(404)
    return found


@bp.get(FIRM)
@desk(Role.EDITOR)
def one(slug: str) -> AnyResponse:
    return _one(slug, ChangeForm(), 200)


def _one(slug: str, form: ChangeForm, status: int, problem: str = "") -> AnyResponse:
    found = _find(slug)
    rows = {row.provider.slug: row for row in provider_list.listed(session())}
    others = [(other, row.provider.name) for other, row in rows.items() if other != slug]
    found_matches = licence_matches.matches(session())
    page = render_template(
        "desk/providers/one.html",
        firm=rows[slug],
        provider=found,
        form=form,
        problem=problem,
        others=sorted(others, key=lambda other: other[1].casefold()),
        waiting=provider_changes.waiting_changes(session(), slug),
        licences=licences.licences_of(session(), slug),
        matches=[row for row, of in found_matches if of == slug],
        active=found.status is ProviderStatus.ACTIVE,
        alone=not deciding.needs_second(ProviderAct.REOPEN, found.status),
        who=_names(),
        words=words,
        today=clock.now().date(),
        history=audit.history(session(), ("provider", slug)),
    )
    return make_response(page, status)


@bp.get(f"{FIRM}/merge")
@desk(Role.EDITOR)
def merge(slug: str) -> AnyResponse:
    """What merging would do, before anybody asks for it."""
    _find(slug)
    try:
        look = deciding.look(session(), slug, request.args.get("into", ""))
    except Undecidable as error:
        return _one(slug, ChangeForm(), 422, words.hindrance(error))
    return _merge(look, ChangeForm(since=clock.now().date().isoformat()), 200)


def _merge(look: deciding.Look, form: ChangeForm, status: int) -> AnyResponse:
    page = render_template("desk/providers/merge.html", look=look, form=form, words=words)
    return make_response(page, status)


@bp.post(f"{FIRM}/ask")
@desk(Role.EDITOR)
def ask(slug: str) -> AnyResponse:
    """Close, open again, or merge: done at once where one operator is enough, else asked."""
    _find(slug)
    form = ChangeForm(request.form)
    if form.act.data not in list(ProviderAct):
        abort(404)
    wanted, into = ProviderAct(form.act.data), form.into.data or ""
    try:
        look = deciding.look(session(), slug, into) if wanted is ProviderAct.MERGE else None
        if not form.validate():
            return _merge(look, form, 422) if look else _one(slug, form, 422)
        with acting() as act:
            asked = deciding.ask(
                act.session,
                wanted,
                slug,
                me(),
                act.now,
                form.words.data,
                form.day,
                into if look else "",
            )
            _note(act, asked)
    except Undecidable as error:
        return _one(slug, form, 409, words.hindrance(error))
    if asked.state is ChangeState.DONE:
        say(gettext("Done."))
    else:
        say(gettext("Asked. A second operator confirms it; until then nothing changes."))
    return redirect(_link(slug), 303)


ENTRIES = {
    ChangeState.WAITING: "provider.asked",
    ChangeState.DONE: "provider.done",
    ChangeState.REFUSED: "provider.refused",
}


def _note(act: Act, change: ProviderChange) -> None:
    """In the log of each firm that it is about."""
    said = change.answer or change.words
    for slug in filter(None, (change.provider, change.into)):
        act.note(
            ENTRIES[change.state],
            ("provider", slug),
            what=change.act.value,
            number=change.id,
            of=change.provider,
            into=change.into,
            since=change.since,
            words=said,
        )


@bp.post("/changes/<number:number>/confirm")
@desk(Role.EDITOR)
def confirm(number: int) -> AnyResponse:
    try:
        with acting() as act:
            done = deciding.confirm(act.session, number, me(), act.now)
            _note(act, done)
    except Undecidable as error:
        return _index(409, words.hindrance(error))
    say(gettext("Done."))
    return redirect(_link(done.into or done.provider), 303)


@bp.post("/changes/<number:number>/refuse")
@desk(Role.EDITOR)
def refuse(number: int) -> AnyResponse:
    form = WordsForm(request.form)
    if not form.validate():
        return _index(422, str(form.words.errors[0]))
    try:
        with acting() as act:
            change = deciding.refuse(act.session, number, me(), act.now, form.words.data)
            _note(act, change)
    except Undecidable as error:
        return _index(409, words.hindrance(error))
    say(gettext("Nothing was changed, and it no longer waits."))
    return redirect(url_for("desk_providers.index"), 303)


@bp.get("/licences")
@desk(Role.EDITOR)
def matches() -> AnyResponse:
    return _matches(200)


def _matches(status: int, problem: str = "", at: int = 0) -> AnyResponse:
    state = MatchState.PROPOSED
    if request.method == "GET" and request.args.get("state") in list(MatchState):
        state = MatchState(request.args["state"])
    page = render_template(
        "desk/providers/licences.html",
        found=licence_matches.matches(session(), state),
        names={slug: one.name for slug, one in providers.all_providers(session()).items()},
        state=state,
        states=words.MATCHES,
        words=words,
        problem=problem,
        at=at,
        register=REGISTER,
    )
    return make_response(page, status)


@bp.post("/licences/<number:number>/<any(confirm, reject):what>")
@desk(Role.EDITOR)
def decide_match(number: int, what: str) -> AnyResponse:
    form = MatchForm(request.form)
    if not form.validate():
        return _matches(422, str(form.words.errors[0]), number)
    try:
        with acting() as act:
            slug = _decided(act, number, what, form)
    except Undecidable as error:
        return _matches(409, words.hindrance(error), number)
    say(gettext("Kept."))
    if licence_matches.matches(session(), MatchState.PROPOSED):
        return redirect(url_for("desk_providers.matches"), 303)
    return redirect(_link(slug), 303)


def _decided(act: Act, number: int, what: str, form: MatchForm) -> str:
    """The slug of the firm that it was about. Raises Undecidable."""
    why = form.words.data
    row: LicenceMatchRow
    if what == "confirm":
        code = form.code.data or ""
        row, slug = deciding_licences.confirm(act.session, number, code, me(), act.now, why)
    else:
        row, slug = deciding_licences.reject(act.session, number, me(), act.now, why)
    name = f"licence.{row.state.value}"
    act.note(name, ("provider", slug), code=row.code, holder=row.holder, words=why)
    return slug
