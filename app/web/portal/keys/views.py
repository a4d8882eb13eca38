"""Keys with which a firm's own programs send prices: made, named, taken back. A key is shown once,
on the page that answers its making."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, StringField, ValidationError

from app.db import api_keys
from app.db.api_keys import LONGEST_KEY_NAME, MOST_KEYS
from app.domain.foreign import is_tidy
from app.web.access import portal
from app.web.database import session
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.who import me, tenant

bp = Blueprint("portal_keys", __name__, url_prefix="/portal/keys", template_folder="templates")


class KeyForm(Form):  # type: ignore[misc]
    name = StringField(filters=[lambda text: (text or "").strip()])

    def validate_name(self, field: StringField) -> None:
        if not field.data or not is_tidy(field.data, LONGEST_KEY_NAME):
            raise ValidationError(gettext("Give the key a name, of 60 signs at most."))


@bp.get("")
@portal
def index() -> AnyResponse:
    return _page(KeyForm(), 200)


def _page(form: KeyForm, status: int, token: str = "") -> AnyResponse:
    page = render_template(
        "portal/keys/index.html",
        form=form,
        token=token,
        keys=api_keys.keys_of(session(), tenant()),
    )
    return make_response(page, status)


@bp.post("")
@portal
def make() -> AnyResponse:
    form = KeyForm(request.form)
    if not form.validate():
        return _page(form, 422)
    with acting() as act:
        in_use = [one for one in api_keys.keys_of(act.session, tenant()) if not one.revoked_at]
        if len(in_use) >= MOST_KEYS:
            form.name.errors = [gettext("You have many keys. Take one back first.")]
            return _page(form, 409)
        name = form.name.data
        number, token = api_keys.make_key(act.session, tenant(), name, me().id, act.now)
        act.note("key.made", ("api_key", number), firm=tenant(), name=name)
    return _page(KeyForm(), 201, token)


@bp.post("/<number:number>/revoke")
@portal
def revoke(number: int) -> AnyResponse:
    with acting() as act:
        if not api_keys.revoke(act.session, tenant(), number, me().id, act.now):
            abort(404)
        act.note("key.revoked", ("api_key", number), firm=tenant())
    say(gettext("Taken back: this key opens nothing any more."))
    return redirect(url_for("portal_keys.index"), 303)
