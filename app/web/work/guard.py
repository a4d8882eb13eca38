"""At the door: before any view runs, whether this request may see it.

It fails closed. A page of another role, or of another firm, does not exist for whoever asks; one
that needs a name answers 401 with the way in on that very page. What changes something must come
from a page of this session.
"""

from __future__ import annotations

import hmac

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    render_template,
    request,
)
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.db import api_keys
from app.web import clock
from app.web.access import Audience, lets_in
from app.web.errors import Problem
from app.web.locale import preferred
from app.web.senders import is_our_own
from app.web.work import nav, price_words, tables, who

bp = Blueprint("work", __name__, template_folder="templates")

LANGUAGES = ("nl", "en")
"""Of the portal, the desk and the way in."""

SAFE = ("GET", "HEAD", "OPTIONS")


def setup(app: Flask) -> None:
    secure = app.extensions["settings"].public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-said" if secure else "said",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Strict",
    )
    app.before_request(_admit)
    app.jinja_env.globals.update(
        csrf=csrf,
        nav_items=nav.items,
        home_of=nav.home_of,
        hindrance_words=price_words.hindrance_words,
    )
    app.jinja_env.filters.update(cell=tables.shown)

    @app.context_processor
    def _who() -> dict[str, object]:
        return {"me": who.account()} if g.get("work") else {}

    @app.after_request
    def _kept_nowhere(response: Response) -> Response:
        if g.get("work"):
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        return response


def csrf() -> str:
    """The field that a form of the portal or the desk carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(who.csrf_token())


def _admit() -> AnyResponse | None:
    if request.endpoint is None:
        _nowhere()
        return None
    view = current_app.view_functions[request.endpoint]
    audience = getattr(view, "audience", None)
    if audience is Audience.ANYBODY:
        return None
    g.work = True
    if audience is Audience.API_KEY:
        return _with_key()
    g.language = _language()
    if audience is Audience.SIGN_IN:
        return _from_us()
    account = who.account()
    if account is None:
        return _way_in()
    if not lets_in(view, account):
        abort(404)
    return None if request.method in SAFE else (_from_us() or _of_this_session())


def _nowhere() -> None:
    """There is no such address. Whoever is at work is told so there, in the same way as of a page
    that is for another role."""
    if request.path.startswith(("/desk/", "/portal/")) and who.account():
        g.work, g.language = True, _language()


def _language() -> str:
    account = who.half_signed_in()
    wanted = account.language if account else preferred(request)
    return wanted if wanted in LANGUAGES else "en"


def _way_in() -> AnyResponse:
    """The form to sign in, in the place of the page."""
    page = request.full_path.rstrip("?") if request.method == "GET" else ""
    return make_response(render_template("signin/sign_in.html", next=page, email=""), 401)


def _from_us() -> AnyResponse | None:
    if request.method in SAFE or is_our_own(request, current_app.extensions["settings"].public_url):
        return None
    return _refused()


def _of_this_session() -> AnyResponse | None:
    given = request.form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if hmac.compare_digest(given.encode(), who.csrf_token().encode()):
        return None
    return _refused()


def _refused() -> AnyResponse:
    what = gettext(
        "This form did not come from a page of this session, so nothing was changed. "
        "Go back, load the page again and send it once more."
    )
    title = gettext("Nothing was changed")
    frame = "work/error.html" if who.account() else "error.html"
    return make_response(render_template(frame, title=title, what=what, code=403), 403)


def _with_key() -> AnyResponse | None:
    """Of a provider's program: whose key it has."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    provider = None
    if scheme.lower() == "bearer" and key:
        with current_app.extensions["database"].writing() as session:
            provider = api_keys.find_key(session, key, clock.now())
    if provider is None:
        raise Problem(401, "Unauthorized", "Send your key: Authorization: Bearer <key>.")
    g.key_provider = provider
    return None
