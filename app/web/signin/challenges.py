"""What a browser with a passkey is asked, sealed so that it comes back unchanged and in time."""

from __future__ import annotations

from base64 import b64decode, b64encode

from cryptography.fernet import InvalidToken

from app.web import clock
from app.web.signin.codes import box
from app.web.work import who

LIVES = 120
"""Seconds that a browser may take to answer."""


class BadChallenge(Exception):
    """It was not asked here, not of this session, or too long ago."""


def seal(challenge: bytes, account_id: int) -> str:
    """Bound to the session that it is asked in: an answer is of no use in another one."""
    said = f"{account_id}:{who.csrf_token()}:{b64encode(challenge).decode()}"
    return box("challenges").encrypt_at_time(said.encode(), _now()).decode()


def unseal(sealed: str, account_id: int) -> bytes:
    """Raises BadChallenge."""
    try:
        said = box("challenges").decrypt_at_time(sealed.encode(), LIVES, _now()).decode()
    except InvalidToken as error:
        raise BadChallenge from error
    asked_of, session, challenge = said.split(":")
    if (asked_of, session) != (str(account_id), who.csrf_token()):
        raise BadChallenge
    return b64decode(challenge)


def _now() -> int:
    return int(clock.now().timestamp())
