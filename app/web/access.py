"""Who may see what: every view says its audience, and a test finds any that does not.

What is said here is enforced before the view runs (app/web/work/guard.py); a view that says
nothing lets nobody in.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from app.domain.account import OPERATORS, Account, Role

View = TypeVar("View", bound=Callable[..., object])


class Audience(StrEnum):
    """SIGN_IN: the way in, for whoever has an account or says so. SIGNED_IN: any account. API_KEY:
    a program of a provider, with its key."""

    ANYBODY = "anybody"
    SIGN_IN = "sign_in"
    SIGNED_IN = "signed_in"
    PORTAL = "portal"
    DESK = "desk"
    API_KEY = "api_key"


def _for(audience: Audience, roles: frozenset[Role] = frozenset()) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.audience, view.roles = audience, roles  # type: ignore[attr-defined]
        return view

    return mark


def anybody(view: View) -> View:
    """A page for everyone: it reads no cookie and asks for no name."""
    return _for(Audience.ANYBODY)(view)


def sign_in_page(view: View) -> View:
    """A page on the way in."""
    return _for(Audience.SIGN_IN)(view)


def signed_in(view: View) -> View:
    """A page about one's own account."""
    return _for(Audience.SIGNED_IN, frozenset(Role))(view)


def portal(view: View) -> View:
    """A page for the staff of a provider, about their own firm and no other."""
    return _for(Audience.PORTAL, frozenset({Role.PROVIDER}))(view)


def desk(*roles: Role) -> Callable[[View], View]:
    """A page for operators of these roles, or of any; an administrator may see all of them."""
    wanted = frozenset({*roles, Role.ADMINISTRATOR}) if roles else OPERATORS
    return _for(Audience.DESK, wanted)


def api_key(view: View) -> View:
    """A part of the API for a provider's own program."""
    return _for(Audience.API_KEY)(view)


def lets_in(view: Callable[..., object] | None, account: Account) -> bool:
    """Whether a page for those who are signed in is for this account."""
    return account.role in getattr(view, "roles", frozenset())
