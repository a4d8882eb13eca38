"""Passkeys (WebAuthn): a second factor that cannot be given to the wrong site.

What a browser must answer to is sealed into the form that it sends back (app/web/signin/codes.py),
with the time and whose it is, so that nothing has to be remembered; each answer is good once,
because the session that it begins has a new token, and a key that counts must count on.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import webauthn
from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_babel import gettext
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit, second_factors
from app.db.engine import Database
from app.db.second_factors import LONGEST_CREDENTIAL, LONGEST_PASSKEY_NAME, Passkey
from app.domain.account import Account
from app.domain.foreign import tidy
from app.web import clock
from app.web.access import sign_in_page, signed_in
from app.web.database import session
from app.web.signin import challenges, entering
from app.web.signin.views import code_page, half_or_401, too_many
from app.web.work import who
from app.web.work.acting import acting
from app.web.work.saying import say

bp = Blueprint("passkey", __name__)


def _origin() -> str:
    public_url: str = current_app.extensions["settings"].public_url
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}"


def _host() -> str:
    return urlsplit(_origin()).hostname or ""


def _answer(options: str, challenge: bytes, account: Account) -> Response:
    """What the browser is asked, with its question sealed beside it."""
    body = {"options": json.loads(options), "asked": challenges.seal(challenge, account.id)}
    return Response(json.dumps(body), mimetype="application/json")


def _asked(account: Account) -> bytes:
    return challenges.unseal(request.form.get("asked", ""), account.id)


@bp.post("/account/passkeys/options")
@signed_in
def add_options() -> Response:
    account = who.me()
    known = second_factors.passkeys(session(), account.id)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name="Huiswaarts",
        user_id=str(account.id).encode(),
        user_name=account.email,
        user_display_name=account.name,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in known
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return _answer(webauthn.options_to_json(options), options.challenge, account)


@bp.post("/account/passkeys")
@signed_in
def add() -> AnyResponse:
    account, back = who.me(), redirect(url_for("account.index"), 303)
    try:
        found = webauthn.verify_registration_response(
            credential=request.form.get("answer", ""),
            expected_challenge=_asked(account),
            expected_rp_id=_host(),
            expected_origin=_origin(),
        )
    except (WebAuthnException, challenges.BadChallenge):
        say(gettext("That did not work. Nothing was added."))
        return back
    credential = bytes_to_base64url(found.credential_id)
    name = tidy(request.form.get("name", "").strip(), LONGEST_PASSKEY_NAME)
    name = " ".join(name.split()) or entering.browser_of(request.user_agent.string)
    passkey = Passkey(
        id=0,
        account_id=account.id,
        credential=credential[:LONGEST_CREDENTIAL],
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        name=name,
        added_at=clock.now(),
        used_at=None,
    )
    with acting() as act:
        second_factors.add_passkey(act.session, passkey)
        act.note("passkey.added", ("account", account.id), name=name)
    say(gettext("The passkey is added."))
    return back


@bp.post("/sign-in/passkey/options")
@sign_in_page
def use_options() -> Response:
    account = half_or_401()
    known = second_factors.passkeys(session(), account.id)
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        allow_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in known
        ],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _answer(webauthn.options_to_json(options), options.challenge, account)


@bp.post("/sign-in/passkey")
@sign_in_page
def use() -> AnyResponse:
    account = half_or_401()
    try:
        good = _is_right(account)
    except entering.TooMany:
        return code_page(account, too_many(), 429)
    if not good:
        problem = gettext("That did not work. Try again, or give a code.")
        return code_page(account, problem, 401)
    response = entering.onward(account, request.form.get("next", ""))
    entering.let_in(account, response, "passkey")
    return response


def _is_right(account: Account) -> bool:
    """Whether the answer is signed by a passkey of this account. Raises TooMany."""
    entering.slow_down()
    answer = request.form.get("answer", "")
    try:
        said = json.loads(answer)
        passkey = second_factors.find_passkey(session(), account.id, str(said["id"]))
        if passkey is None:
            return False
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=_asked(account),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, challenges.BadChallenge, ValueError, KeyError, TypeError):
        database: Database = current_app.extensions["database"]
        with database.writing() as writing:
            about = ("account", account.id)
            audit.note(writing, account, "passkey.refused", about, now=clock.now())
        return False
    with current_app.extensions["database"].writing() as writing:
        second_factors.note_use(writing, passkey.id, found.new_sign_count, clock.now())
    return True
