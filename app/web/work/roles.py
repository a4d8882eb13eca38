"""Roles and states of accounts in words."""

from __future__ import annotations

from flask_babel import lazy_gettext

from app.domain.account import AccountState, Role

ROLES = {
    Role.ADMINISTRATOR: lazy_gettext("administrator"),
    Role.EDITOR: lazy_gettext("editor"),
    Role.MODERATOR: lazy_gettext("moderator"),
    Role.RESEARCHER: lazy_gettext("researcher"),
    Role.PROVIDER: lazy_gettext("staff of a firm"),
}
STATES = {
    AccountState.INVITED: lazy_gettext("invited"),
    AccountState.ACTIVE: lazy_gettext("active"),
    AccountState.DISABLED: lazy_gettext("disabled"),
}
TONES = {AccountState.ACTIVE: "good", AccountState.INVITED: "", AccountState.DISABLED: "warn"}
