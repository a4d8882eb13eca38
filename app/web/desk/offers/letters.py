"""Mails to the staff of a firm about what was decided about its offers."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from app.db import accounts, mails
from app.domain.account import AccountState
from app.domain.mail import Mail, MailKind
from app.domain.offer import Offer
from app.web.work.offers import title_of


def tell_decision(session: Session, offer: Offer, why: str, now: datetime) -> None:
    """That it is let go, or with `why` that it is not."""
    public_url: str = current_app.extensions["settings"].public_url
    for reader in accounts.staff_of(session, offer.provider):
        if reader.state is not AccountState.ACTIVE:
            continue
        with force_locale(reader.language):
            if why:
                said = gettext("We did not publish it. Why: %(why)s", why=why)
            else:
                said = gettext("We published it: readers see it on its days.")
            mail = Mail(
                to=reader.email,
                subject=gettext(
                    "What was decided about your offer %(number)s", number=offer.number
                ),
                text=gettext(
                    "Hello %(name)s,\n\n%(title)s\n\n%(what)s\n\n%(link)s\n\nHuiswaarts\n",
                    name=reader.name,
                    title=title_of(offer),
                    what=said,
                    link=f"{public_url}/portal/offers/{offer.number}",
                ),
                kind=MailKind.PROPOSAL,
                about=str(offer.number),
            )
        mails.queue(session, mail, now)
