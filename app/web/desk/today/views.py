"""Today: the first page of the desk."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.domain.suppression import LEAST
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.rights import may
from app.web.desk.today import pieces

bp = Blueprint("desk_today", __name__, url_prefix="/desk", template_folder="templates")


@bp.get("/")
@desk()
def index() -> str:
    now = clock.now()
    found = pieces.everything(session(), now)
    own = pieces.mine(found)
    return render_template(
        "desk/today/index.html",
        look=pieces.look(session(), found, now),
        lines=list(pieces.shortened(own)),
        count=len(own),
        others=len(found) - len(own),
        may_see_people=may("desk_traffic.index"),
        least=LEAST,
    )
