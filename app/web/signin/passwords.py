"""Passwords: kept as argon2id, weighed by how soon somebody would guess them.

A hash takes some 60 ms of a processor on purpose, so only one is made at a time in each process:
whoever sends a hundred passwords at once keeps no reader waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from app.domain.password import LONGEST

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's password storage cheat sheet of August 2026: at least 19 MiB and two passes."""

NOBODYS = HASHER.hash("a password that nobody has")
"""Looked at where there is no account, so that the answer takes as long."""

GOOD_ENOUGH = 3
"""Of zxcvbn's 0 to 4: not to be found with some 10**8 guesses."""

WEIGHED = 64
"""Signs that are weighed: what follows cannot make a password worse, and takes long."""

PATIENCE = 2.0
"""Seconds that one waits for the hash before."""

SHORTEST_FACT, SHORTEST_REST = 4, 8
"""Signs of a known word that is left out, and of what must remain without all of them: a name
with a year behind it is no password, however rare the name."""

_at_once = BoundedSemaphore(1)
_waiting = BoundedSemaphore(2)


class Busy(Exception):
    """Too many passwords are being looked at: try again in a moment."""


@contextmanager
def _turn() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        if not _at_once.acquire(timeout=PATIENCE):
            raise Busy
        try:
            yield
        finally:
            _at_once.release()
    finally:
        _waiting.release()


def hashed(password: str) -> str:
    """Raises Busy."""
    with _turn():
        return HASHER.hash(password)


def is_right(password: str, kept: str) -> bool:
    """`kept` is "" where there is no account or no password yet: that takes as long, and is wrong.
    Raises Busy."""
    with _turn():
        try:
            return HASHER.verify(kept or NOBODYS, password[:LONGEST]) and bool(kept)
        except (VerifyMismatchError, InvalidHashError):
            return False


def needs_new_hash(kept: str) -> bool:
    return HASHER.check_needs_rehash(kept)


def is_guessable(password: str, *known: str) -> bool:
    """Whether it is among the first that somebody would try who knows these facts."""
    facts = ["huiswaarts", "geldnaarhuis", *(part for one in known for part in one.split("@"))]
    plain = password[:WEIGHED]
    score: int = zxcvbn(plain, user_inputs=facts)["score"]
    rest = plain.casefold()
    for fact in sorted({one.casefold() for one in facts if len(one) >= SHORTEST_FACT}, key=len)[
        ::-1
    ]:
        rest = rest.replace(fact, "")
    return score < GOOD_ENOUGH or len(rest) < SHORTEST_REST
