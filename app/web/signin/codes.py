"""Codes of time (TOTP, RFC 6238) and recovery codes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from markupsafe import Markup

STEP = 30
"""Seconds that a code is for; the one before and the one after are taken too, for clocks differ."""

RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


def _key(purpose: str) -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def box(purpose: str) -> Fernet:
    """What seals things of one kind, with a key of its own."""
    return Fernet(urlsafe_b64encode(_key(purpose)))


def sealed(secret: str) -> str:
    """As it is stored: of no use without the site's own key."""
    return box("one-time secrets").encrypt(secret.encode()).decode()


def unsealed(kept: str) -> str:
    """ "" if it was sealed with another key: then its holder needs a new one."""
    try:
        return box("one-time secrets").decrypt(kept.encode()).decode()
    except InvalidToken:
        return ""


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step of time that a code is of; None if it is of none that is taken now."""
    digits = "".join(code.split())
    maker = pyotp.TOTP(secret, interval=STEP)
    here = int(now.timestamp()) // STEP
    for step in (here, here - 1, here + 1):
        if hmac.compare_digest(maker.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def picture(secret: str, email: str) -> Markup:
    """The code that a phone's camera reads, as SVG."""
    maker = pyotp.TOTP(secret, interval=STEP)
    address = maker.provisioning_uri(name=email, issuer_name="Huiswaarts")
    drawn = segno.make(address, error="m").svg_inline(
        scale=4, border=2, dark="#1b2430", light="#fff"
    )
    return Markup(drawn)  # noqa: S704  drawn by a library from an address that it encodes


def new_recovery_codes() -> list[str]:
    """Of 50 bits each, in two parts."""

    def part() -> str:
        return "".join(secrets.choice(LETTERS) for _ in range(5))

    return [f"{part()}-{part()}" for _ in range(RECOVERY_CODES)]


def code_hash(code: str) -> str:
    plain = "".join(code.lower().replace("-", "").split())
    return hmac.new(_key("recovery codes"), plain.encode(), hashlib.sha256).hexdigest()


def who_hash(*said: str) -> str:
    """What is guessed at, as it is counted: nobody can tell whose it is."""
    return hmac.new(_key("guesses"), "\n".join(said).encode(), hashlib.sha256).hexdigest()
