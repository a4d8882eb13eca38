"""Letting somebody in: what is looked at, what is counted, what is written down."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, audit, guesses, second_factors, sessions
from app.db.engine import Database
from app.domain.account import Account, AccountState, BadEmail, plain_email
from app.web import clock
from app.web.database import session
from app.web.senders import Throttle, visitor_of
from app.web.signin import codes, passwords
from app.web.work import nav, who

EACH, ALL = 40, 4_000
"""Passwords and codes that one address, and all addresses together, may try in an hour with each
process: a whole office may stand behind one address."""


LONGEST_NEXT = 500
"""Signs of an address to go on to."""


class TooMany(Exception):
    """Too many guesses: another one is not looked at."""


def setup_throttle() -> Throttle:
    return Throttle(each=EACH, all_of_them=ALL)


def _database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def slow_down() -> None:
    """Raises TooMany, if this address tries too often."""
    throttle: Throttle = current_app.extensions["sign_in_throttle"]
    if not throttle.lets(visitor_of(request), clock.now()):
        raise TooMany


def _bucket(email: str, account: Account | None) -> str:
    """What a wrong password counts for: the address that was typed; but for a browser in which its
    holder signed in before, that browser. So nobody who guesses can keep the holder out."""
    device = request.cookies.get(who.cookie_name("device"), "")
    if account and sessions.is_known_device(session(), device, account.id):
        return codes.who_hash("device", device)
    return codes.who_hash("email", email)


def with_password(email: str, password: str) -> Account | None:
    """Whose password it is; None if it is nobody's. Raises TooMany, passwords.Busy."""
    slow_down()
    now = clock.now()
    try:
        plain = plain_email(email)
    except BadEmail:
        plain = email.strip().lower()[:254]
    known = accounts.known_by_email(session(), plain)
    bucket = _bucket(plain, known.account if known else None)
    if not guesses.may_guess(session(), bucket, now):
        raise TooMany
    right = passwords.is_right(password, known.password_hash if known else "")
    with _database().writing() as writing:
        if known is None or not right or known.account.state is AccountState.DISABLED:
            guesses.note_wrong(writing, bucket, now)
            about = ("account", known.account.id if known else "unknown")
            audit.note(writing, None, "sign_in.refused", about, now=now)
            return None
        if passwords.needs_new_hash(known.password_hash):
            accounts.set_password(writing, known.account.id, passwords.hashed(password))
    return known.account


def with_code(account: Account, code: str) -> bool:
    """Whether it is a code of time or a recovery code of this account, which it then is no longer.
    Raises TooMany."""
    slow_down()
    now, bucket = clock.now(), codes.who_hash("code", str(account.id))
    if not guesses.may_guess(session(), bucket, now):
        raise TooMany
    known = accounts.known_by_number(session(), account.id)
    secret = codes.unsealed(known.one_time_secret) if known and known.one_time_secret else ""
    step = codes.step_of(secret, code, now) if secret else None
    with _database().writing() as writing:
        right = step is not None and accounts.use_step(writing, account.id, step)
        if not right and step is None:
            right = second_factors.use_code(writing, account.id, codes.code_hash(code), now)
            if right:
                audit.note(writing, account, "recovery_code.used", ("account", account.id), now=now)
        if not right:
            guesses.note_wrong(writing, bucket, now)
            audit.note(writing, account, "code.refused", ("account", account.id), now=now)
    return right


def begin_half(account: Account, response: AnyResponse) -> None:
    """The password was right: a session of a few minutes in which the second factor is given."""
    _new_session(account, sessions.Stage.HALF, response)


def let_in(account: Account, response: AnyResponse, how: str) -> None:
    """The second factor was right too: a new session, under a new token. `how` is for the log."""
    now = clock.now()
    _new_session(account, sessions.Stage.FULL, response)
    device = who.new_token()
    with _database().writing() as writing:
        accounts.note_sign_in(writing, account.id, now)
        guesses.forgive(writing, codes.who_hash("email", account.email))
        guesses.forgive(writing, codes.who_hash("code", str(account.id)))
        old = request.cookies.get(who.cookie_name("device"), "")
        if not sessions.is_known_device(writing, old, account.id):
            sessions.know_device(writing, device, account.id, now)
            who.give_cookie(response, "device", device, who.DEVICE_LIVES)
        audit.note(writing, account, "sign_in.done", ("account", account.id), {"how": how}, now=now)


def _new_session(account: Account, stage: sessions.Stage, response: AnyResponse) -> None:
    """Whatever session this browser had ends: nobody can have planted its token beforehand."""
    fresh, before = who.new_token(), who.token()
    with _database().writing() as writing:
        if before:
            sessions.end(writing, sessions.hash_of(before))
        label = browser_of(request.user_agent.string)
        sessions.begin(writing, fresh, account.id, stage, label, clock.now())
    who.give_cookie(response, "work", fresh, None)


def browser_of(agent: str) -> str:
    """What a browser and its system are called, for its holder to know a session by."""
    names = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    found = [next((one for one in some if one in agent), "") for some in (names, systems)]
    return ", ".join(one for one in found if one) or "?"


def has_second_factor(account: Account) -> bool:
    known = accounts.known_by_number(session(), account.id)
    secret = known.one_time_secret if known else ""
    return bool(secret and codes.unsealed(secret)) or bool(
        second_factors.passkeys(session(), account.id)
    )


def safe_next(text: str) -> str:
    """Where to go on to after signing in: a page of the portal or the desk, or ""."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    good = text.startswith(("/portal", "/desk", "/account")) and not (parts.scheme or parts.netloc)
    return (
        text
        if good and "\\" not in text and text.isprintable() and len(text) <= LONGEST_NEXT
        else ""
    )


def onward(account: Account, wanted: str) -> Response | AnyResponse:
    return redirect(safe_next(wanted) or url_for(nav.home_of(account)), 303)
