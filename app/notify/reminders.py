"""What providers are reminded of: prices that nobody confirmed for long, offers that end soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.db import accounts, offers, providers, stamps
from app.db.stamps import Due
from app.domain.account import Account, AccountState
from app.domain.mail import Mail, MailKind
from app.domain.offer import SOON, Offer, Terms
from app.notify.words import Words, words_of

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail, and for how long its reader gets no other one about the same."""

    mail: Mail
    within: timedelta


def reminders(session: Session, public_url: str, now: datetime) -> Iterator[Reminder]:
    """Everything that could be said now; who was told lately is left alone by whoever queues it."""
    names = {slug: one.name for slug, one in providers.all_providers(session).items()}
    staff = _staff(session)
    for due in stamps.due_for_stamp(session, now):
        for reader in staff.get(due.provider, ()):
            yield Reminder(_stamp(reader, names[due.provider], due, public_url), MONTH)
    for offer in offers.ending(session, now):
        for reader in staff.get(offer.provider, ()):
            if offer.approved is not None:
                yield Reminder(_offer(reader, offer, offer.approved, public_url), 2 * SOON)


def _staff(session: Session) -> dict[str, list[Account]]:
    """Who can sign in for each firm, by slug."""
    found: dict[str, list[Account]] = {}
    for one, _at in accounts.all_accounts(session):
        if one.provider is not None and one.state is AccountState.ACTIVE:
            found.setdefault(one.provider, []).append(one)
    return found


def _stamp(reader: Account, firm: str, due: Due, public_url: str) -> Mail:
    words = words_of(reader.language)
    what = words.ngettext(
        "The price of %(num)s service of %(firm)s was last read or confirmed on %(day)s or "
        "before. Is it still right?",
        "The prices of %(num)s services of %(firm)s were last read or confirmed on %(day)s or "
        "before. Are they still right?",
        due.services,
        firm=firm,
        day=words.day(due.since),
    )
    how = words.gettext("Confirm or change them here:")
    often = words.gettext("We ask this once a month at most, as long as prices are old.")
    return Mail(
        to=reader.email,
        subject=words.gettext("Are your prices still right?"),
        text=_letter(words, reader, what, how, f"{public_url}/portal/prices", often),
        kind=MailKind.STAMP,
    )


def _offer(reader: Account, offer: Offer, terms: Terms, public_url: str) -> Mail:
    words = words_of(reader.language)
    texts = terms.texts.get(reader.language) or next(iter(terms.texts.values()))
    what = words.gettext(
        "Your offer “%(title)s” ends on %(day)s. After that day nobody sees it any more.",
        title=texts.title,
        day=words.day(terms.ends),
    )
    how = words.gettext("If it goes on, propose new dates here:")
    return Mail(
        to=reader.email,
        subject=words.gettext("An offer of yours ends on %(day)s", day=words.day(terms.ends)),
        text=_letter(words, reader, what, how, f"{public_url}/portal/offers"),
        kind=MailKind.OFFERS,
        about=f"{offer.number}-{terms.ends}",
    )


def _letter(words: Words, reader: Account, *parts: str) -> str:
    hello = words.gettext("Hello %(name)s,", name=reader.name)
    return "\n\n".join([hello, *parts, "Huiswaarts"]) + "\n"
