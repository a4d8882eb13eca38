"""One line of today: what it is, why it matters, and the one thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import current_app, url_for
from sqlalchemy.orm import Session

from app.db import offers, runs
from app.db.waiting import Since, waiting_since
from app.domain.offer import Offer
from app.domain.today import Item


@dataclass
class Day:
    """What several subjects ask alike, asked once. `now` is aware UTC."""

    session: Session
    now: datetime

    @cached_property
    def still_since(self) -> datetime | None:
        """Since when no cycle was completed; None while the schedule runs."""
        return runs.stands_since(self.session, self.now)

    @cached_property
    def since(self) -> Since:
        return waiting_since(self.session)

    @cached_property
    def offers(self) -> list[Offer]:
        return offers.all_offers(self.session)


@dataclass(frozen=True, slots=True)
class Todo:
    """item   what it is to the order of today
    page   endpoint of its subject's first page
    right  endpoint that whoever acts on it needs: who may not see that does not see this line; ""
           for the page itself
    what   in a few words; why: what is lost meanwhile, in a sentence
    label  of the one action; `href` leads to where it is done. Both "" where it is done outside the
           site, and `why` says how
    post   address of a form of one button in its place; "" if the action is a link
    said   what somebody outside wrote about it, or ""
    """

    item: Item
    page: str
    what: str
    why: str
    label: str = ""
    href: str = ""
    post: str = ""
    said: str = ""
    right: str = ""


def place(endpoint: str, otherwise: str, **values: object) -> str:
    """Address of a page, or of its subject's first page where it is not built; "" without that."""
    known = current_app.view_functions
    if endpoint in known:
        return url_for(endpoint, **values)  # type: ignore[arg-type]
    return url_for(otherwise) if otherwise in known else ""
