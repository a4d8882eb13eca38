"""The log of what was done at the portal and the desk, for whoever wants to know who did what."""

from __future__ import annotations

import json

from flask import Blueprint, render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit
from app.domain.account import Role
from app.web.access import desk
from app.web.database import session
from app.web.work.tables import Column, Table

bp = Blueprint("desk_audit", __name__, url_prefix="/desk/audit", template_folder="templates")
MOST = 5_000
"""Entries that are read at most; older ones stay in the log."""


def _said(entry: audit.Entry) -> str:
    return json.dumps(entry.facts, ensure_ascii=False) if entry.facts else ""


@bp.get("")
@desk(Role.ADMINISTRATOR)
def index() -> AnyResponse | str:
    columns: list[Column[audit.Entry]] = [
        Column("at", lazy_gettext("When"), lambda one: one.at),
        Column("who", lazy_gettext("Who"), lambda one: one.who),
        Column("act", lazy_gettext("What"), lambda one: one.act),
        Column("about", lazy_gettext("About"), lambda one: " ".join(one.about)),
        Column("facts", lazy_gettext("More"), _said),
    ]
    entries = audit.history(session(), most=MOST)
    table = Table("log", columns, entries, sort="-at")
    if table.wants_csv:
        return table.csv("log.csv")
    count, seal = audit.head(session())
    return render_template(
        "desk/audit/index.html",
        log=table,
        count=count,
        seal=seal,
        most=MOST,
        wrong=audit.broken_at(session()),
    )
