"""Who is signed in, by the token that their browser holds."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import Response, current_app, g, request
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, sessions
from app.db.engine import Database
from app.domain.account import Account, AccountState
from app.web import clock
from app.web.database import session

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down at most that a session is in use."""

DEVICE_LIVES = timedelta(days=180)


def is_secure() -> bool:
    """Whether readers, and so everybody, come by https."""
    public_url: str = current_app.extensions["settings"].public_url
    return public_url.startswith("https://")


def cookie_name(name: str) -> str:
    """With the prefix that binds it to this very host; browsers allow that with https only."""
    return f"__Host-{name}" if is_secure() else name


def token() -> str:
    return request.cookies.get(cookie_name("work"), "")


def opened() -> sessions.Open | None:
    """The session that this request belongs to, in either stage; None if it holds no longer."""
    if "work_session" not in g:
        g.work_session = sessions.find(session(), token(), clock.now()) if token() else None
    found: sessions.Open | None = g.work_session
    return found


def half_signed_in() -> Account | None:
    """Who gave their password, and perhaps no second factor yet."""
    if "work_holder" not in g:
        found = opened()
        g.work_holder = accounts.find_account(session(), found.account_id) if found else None
    account: Account | None = g.work_holder
    if account is None or account.state is AccountState.DISABLED:
        return None
    return account


def account() -> Account | None:
    """Who is signed in with a second factor; None if nobody is."""
    if "work_account" not in g:
        g.work_account = _account()
    found: Account | None = g.work_account
    return found


def _account() -> Account | None:
    found, holder = opened(), half_signed_in()
    if found is None or holder is None or found.stage is not sessions.Stage.FULL:
        return None
    if holder.state is not AccountState.ACTIVE:
        return None
    if clock.now() - found.seen_at >= SEEN_EVERY:
        database: Database = current_app.extensions["database"]
        with database.writing() as writing:
            sessions.seen(writing, found.key, clock.now())
    return holder


def me() -> Account:
    """Who is signed in, on a page that lets only those in."""
    found = account()
    if found is None:
        raise RuntimeError("this page is open to those who are not signed in")
    return found


def tenant() -> str:
    """Slug of the firm whose portal this is: everything that a page of the portal shows or changes
    is looked up together with it."""
    provider = g.get("key_provider") or me().provider
    if provider is None:
        raise RuntimeError("this page is open to those who work for no firm")
    found: str = provider
    return found


def csrf_token() -> str:
    """What a form of this session carries, and no other site can know."""
    return hmac.new(token().encode(), b"form", hashlib.sha256).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def give_cookie(response: AnyResponse, name: str, value: str, lives: timedelta | None) -> None:
    """One that no script reads and no other site's page sends. `lives` None: until the browser is
    closed."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=lives,
        secure=is_secure(),
        httponly=True,
        samesite="Strict",
        path="/",
    )


def take_cookie(response: Response | AnyResponse, name: str) -> None:
    response.delete_cookie(
        cookie_name(name), secure=is_secure(), httponly=True, samesite="Strict", path="/"
    )
