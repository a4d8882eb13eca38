"""Pages of sources at the desk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit, evidence, sources, switches, wishes
from app.db.evidence import Evidence
from app.db.sources import SourceRow
from app.domain.account import Role
from app.domain.pretty import readable
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.rights import may
from app.web.desk.sources import pieces, words
from app.web.desk.sources.forms import NoteForm, SwitchForm
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.who import me

bp = Blueprint("desk_sources", __name__, url_prefix="/desk/sources", template_folder="templates")
SHA256 = re.compile("[0-9a-f]{64}")
SEALED = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""The policy of what somebody else wrote: it may do nothing."""


@bp.get("/")
@desk()
def index() -> AnyResponse | str:
    found = pieces.lines()
    table = pieces.listing(found)
    if table.wants_csv:
        return table.csv("sources.csv")
    return render_template("desk/sources/index.html", table_of=table, lines=found, words=words)


@bp.get("/<string:slug>")
@desk()
def show(slug: str) -> AnyResponse:
    return _page(slug)


def _page(
    slug: str,
    switch: SwitchForm | None = None,
    note: NoteForm | None = None,
    status: int = 200,
    *,
    changed: bool = False,
    also: Sequence[str] = (),
) -> AnyResponse:
    line = pieces.line_of(slug)
    if line is None:
        abort(404)
    found = pieces.whole(line)
    for table in (found.runs, found.corridors):
        if table.wants_csv:
            return table.csv(f"{slug}-{table.name}.csv")
    row = line.row
    page = render_template(
        "desk/sources/one.html",
        one=found,
        row=row,
        now=clock.now(),
        advice=words.advice(row, line.health),
        words=words,
        switch=switch or SwitchForm(version=str(row.version)),
        note=note or NoteForm(version=str(row.version), note=row.note),
        changed=changed,
        also=also,
        may_act=may("desk_sources.switch"),
        may_turn=switches.may_be_turned(row, on=not row.is_on),
        said=audit.history(session(), ("source", slug), most=20),
    )
    return make_response(page, status)


@bp.post("/<string:slug>/switch")
@desk(Role.EDITOR)
def switch(slug: str) -> AnyResponse:
    """On if it is off and the other way round, as the form says; with a reason."""
    on = request.form.get("on") == "1"
    form = SwitchForm(request.form)
    row = _known(slug)
    if not form.validate():
        return _page(slug, form, status=422)
    if not switches.may_be_turned(row, on=on):
        problem = gettext("Its terms, or the settings of this copy, do not allow that.")
        return _page(slug, form, status=422, also=[problem])
    why = form.why.data.strip()
    with acting() as act:
        version = form.number
        done = switches.turn(
            act.session, slug, on=on, why=why, by=me().id, version=version, now=act.now
        )
        if done:
            name = "source.switched_on" if on else "source.switched_off"
            act.note(name, ("source", slug), reason=why)
    if not done:
        return _page(slug, form, status=409, changed=True)
    say(gettext("Turned on.") if on else gettext("Turned off. What it said last stays."))
    return redirect(url_for("desk_sources.show", slug=slug), 303)


@bp.post("/<string:slug>/note")
@desk(Role.EDITOR)
def note(slug: str) -> AnyResponse:
    form = NoteForm(request.form)
    before = _known(slug).note
    if not form.validate():
        return _page(slug, note=form, status=422)
    text = (form.note.data or "").strip()
    with acting() as act:
        done = switches.write_note(act.session, slug, text, form.number)
        if done:
            act.note("source.noted", ("source", slug), before=before, after=text)
    if not done:
        return _page(slug, note=form, status=409, changed=True)
    say(gettext("Kept."))
    return redirect(url_for("desk_sources.show", slug=slug), 303)


@bp.post("/<string:slug>/ask")
@desk(Role.EDITOR)
def ask(slug: str) -> AnyResponse:
    """Wish it asked now. Whoever leads the schedule does it; no page waits for a source."""
    row = _known(slug)
    if not row.is_on or row.kind in switches.UNASKED:
        say(gettext("It is off, so it is not asked."))
        return redirect(url_for("desk_sources.show", slug=slug), 303)
    with acting() as act:
        new = wishes.wish(act.session, slug, me().id, act.now)
        if new:
            act.note("source.asked", ("source", slug))
    say(
        gettext(
            "Asked for. The schedule asks this source within some seconds, if its budget allows."
        )
        if new
        else gettext("That was asked for already, and is not done yet.")
    )
    return redirect(url_for("desk_sources.show", slug=slug) + "#ask", 303)


def _known(slug: str) -> SourceRow:
    row = sources.find_source(session(), slug)
    if row is None:
        abort(404)
    return row


@bp.get("/evidence/<string:sha256>")
@desk()
def proof(sha256: str) -> str:
    """A reply as text. Nothing in it is ever taken for a part of the page."""
    found = pieces.shown(_proof(sha256))
    return render_template(
        "desk/sources/evidence.html",
        shown=found,
        sha256=sha256,
        request_text=readable(found.proof.request),
        headers_text=readable(found.proof.headers),
    )


@bp.get("/evidence/<string:sha256>/raw")
@desk()
def raw(sha256: str) -> Response:
    """Byte for byte, as a file that no browser opens by itself."""
    response = Response(_proof(sha256).body, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{sha256[:16]}.bin"'
    response.headers["Content-Security-Policy"] = SEALED
    return response


def _proof(sha256: str) -> Evidence:
    found = evidence.find_evidence(session(), sha256) if SHA256.fullmatch(sha256) else None
    if found is None:
        abort(404)
    return found
