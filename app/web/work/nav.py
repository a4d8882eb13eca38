"""Where one can go at the portal and the desk: what exists, and what a role may see."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request
from flask_babel import LazyString, lazy_gettext

from app.domain.account import Account, Role
from app.web.access import lets_in

DESK = {
    "today": lazy_gettext("Today"),
    "sources": lazy_gettext("Sources"),
    "held": lazy_gettext("Held prices"),
    "proposals": lazy_gettext("Proposals"),
    "reports": lazy_gettext("Reports"),
    "traffic": lazy_gettext("Visitors"),
    "campaigns": lazy_gettext("Campaigns"),
    "content": lazy_gettext("Texts"),
    "offers": lazy_gettext("Offers"),
    "shopping": lazy_gettext("Mystery shopping"),
    "adverts": lazy_gettext("Adverts"),
    "providers": lazy_gettext("Firms"),
    "corridors": lazy_gettext("Corridors"),
    "accounts": lazy_gettext("Accounts"),
    "mails": lazy_gettext("Mails"),
    "audit": lazy_gettext("Log"),
}
PORTAL = {
    "home": lazy_gettext("Overview"),
    "prices": lazy_gettext("Prices"),
    "proposals": lazy_gettext("Proposals"),
    "profile": lazy_gettext("Profile"),
    "offers": lazy_gettext("Offers"),
    "reports": lazy_gettext("Reports"),
    "statistics": lazy_gettext("Statistics"),
    "keys": lazy_gettext("Keys"),
    "staff": lazy_gettext("Colleagues"),
}


@dataclass(frozen=True, slots=True)
class Item:
    endpoint: str
    name: LazyString
    is_here: bool


def items(account: Account) -> list[Item]:
    """In the order of how often they are needed."""
    place, names = ("portal", PORTAL) if account.role is Role.PROVIDER else ("desk", DESK)
    here = request.blueprint or ""
    found = []
    for subject, name in names.items():
        endpoint = f"{place}_{subject}.index"
        view = current_app.view_functions.get(endpoint)
        if view is not None and lets_in(view, account):
            is_here = here == f"{place}_{subject}" or here.startswith(f"{place}_{subject}_")
            found.append(Item(endpoint, name, is_here))
    return found


def home_of(account: Account) -> str:
    """Endpoint of the page that an account begins at."""
    return next((one.endpoint for one in items(account)), "account.index")
