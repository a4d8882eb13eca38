"""Accounts: who works with the site, and what their role lets them do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LONGEST_EMAIL = 254
"""As RFC 5321 allows, with its brackets left out."""

LONGEST_PERSON = 120
EMAIL = re.compile(
    r"[a-z0-9!#$&*+/=?^_{}~-]+(\.[a-z0-9!#$&*+/=?^_{}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII,
)
"""An address as it is kept: one, in small letters, without comments or quotes."""

INVITATION_LIVES = timedelta(days=7)
RESET_LIVES = timedelta(minutes=30)
HALF_LIVES = timedelta(minutes=10)
"""How long somebody who gave their password may take to give their second factor."""

IDLE_LIVES = timedelta(minutes=30)
SESSION_LIVES = timedelta(hours=12)


class Role(StrEnum):
    """PROVIDER is staff of one firm and works at the portal; the others are operators. A
    RESEARCHER shops, a MODERATOR answers readers, an EDITOR does prices and texts, an
    ADMINISTRATOR may do all of it and gives others their accounts."""

    PROVIDER = "provider"
    EDITOR = "editor"
    RESEARCHER = "researcher"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


OPERATORS = frozenset(Role) - {Role.PROVIDER}


class AccountState(StrEnum):
    """INVITED until a password and a second factor are set; a DISABLED one signs in nowhere."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Account:
    """email     in small letters
    provider  slug of the firm that its holder works for; None for an operator
    language  that the portal and the desk speak to them: "nl" or "en"
    """

    id: int
    email: str
    name: str
    role: Role
    provider: str | None
    language: str = "nl"
    state: AccountState = AccountState.ACTIVE

    @property
    def is_operator(self) -> bool:
        return self.role in OPERATORS


class BadEmail(ValueError):
    """Not one plain address of mail."""


def plain_email(text: str) -> str:
    """The address as it is kept. Raises BadEmail."""
    email = text.strip(" ").lower()
    if len(email) > LONGEST_EMAIL or EMAIL.fullmatch(email) is None:
        raise BadEmail(email[:60])
    return email
