"""How we count, for readers; a way not to be counted; and where a device says that it is new."""

from __future__ import annotations

from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app.domain.suppression import LEAST
from app.web.access import anybody
from app.web.counting.request import OPT_OUT
from app.web.counting.seen import First, note
from app.web.locale import language
from app.web.own_site import from_own_site

bp = Blueprint("counting", __name__, template_folder="templates")

KEPT = timedelta(days=390)
"""How long a browser keeps that somebody does not want to be counted: thirteen months."""

NOT_OURS = 403
CHOICES = ("yes", "no")


@bp.get("/<lang:lang>/how-we-count")
@anybody
def how_we_count() -> str:
    """What is said after a choice stands in the address, so that the page is the same for all."""
    chosen = request.args.get("counted", "")
    return render_template(
        "counting/how_we_count.html", chosen=chosen if chosen in CHOICES else "", least=LEAST
    )


@bp.post("/<lang:lang>/how-we-count")
@anybody
def choose() -> AnyResponse:
    """The only cookie of a reader: of who asked for it."""
    chosen = request.form.get("counted", "")
    if not from_own_site(request) or chosen not in CHOICES:
        abort(NOT_OURS)
    address = url_for("counting.how_we_count", lang=language(), counted=chosen)
    response = redirect(address, 303)
    name, value = OPT_OUT
    secure = current_app.extensions["settings"].public_url.startswith("https://")
    if chosen == "no":
        response.set_cookie(name, value, max_age=KEPT, secure=secure, samesite="Lax")
    else:
        response.delete_cookie(name, secure=secure, samesite="Lax")
    return response


@bp.post("/count")
@anybody
def first_visit() -> Response:
    """A device that keeps the month of its last visit says that this is its first one of a month,
    or of a year too. That word is all that it sends, and nothing is answered."""
    try:
        first = First(request.get_data(cache=False, as_text=True))
    except ValueError:
        abort(400)
    if not from_own_site(request):
        abort(NOT_OURS)
    note(first)
    return Response(status=204, mimetype="text/plain")
