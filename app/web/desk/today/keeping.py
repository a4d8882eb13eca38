"""Of today: what grows old, or did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.db import accounts, content, links, mails, offers, waiting
from app.domain.account import AccountState
from app.domain.mail import MailState
from app.domain.today import Item, Kind
from app.web.desk.today.todo import Todo, place
from app.web.locale import day

MAILS, CONTENT, OFFERS = "desk_mails.index", "desk_content.index", "desk_offers.index"
ACCOUNTS = "desk_accounts.index"


def unsent(session: Session, _now: datetime) -> Iterator[Todo]:
    """One line for all: they have one cause, mostly."""
    found = mails.mails(session, MailState.GIVEN_UP)
    if not found:
        return
    yield Todo(
        Item(Kind.MAIL, min(one.created_at for one in found), count=len(found)),
        MAILS,
        ngettext("%(num)s mail was given up", "%(num)s mails were given up", len(found)),
        gettext("Somebody waits for words that will not come by themselves."),
        gettext("Try again, or drop"),
        place(MAILS, MAILS),
        said=found[0].said,
    )


def stale(session: Session, now: datetime) -> Iterator[Todo]:
    found = content.stale(session, now)
    since = waiting.articles_since(session, [one.number for one in found]) if found else {}
    for one in found:
        behind = one.stale()
        yield Todo(
            Item(Kind.STALE, since.get(one.number, now), str(one.number), len(behind)),
            CONTENT,
            ngettext(
                "%(slug)s is behind in %(num)s language",
                "%(slug)s is behind in %(num)s languages",
                len(behind),
                slug=one.facts.slug,
            ),
            gettext("Readers of these languages read what is no longer so."),
            gettext("Translate"),
            place("desk_content.one", CONTENT, number=one.number),
            said=" ".join(sorted(behind)),
        )


def ending(session: Session, now: datetime) -> Iterator[Todo]:
    for one in offers.ending(session, now):
        if one.approved is None:
            continue
        since = min(now, datetime.combine(one.approved.starts, time(0), UTC))
        yield Todo(
            Item(Kind.ENDING, since, str(one.number)),
            OFFERS,
            gettext(
                "An offer of %(firm)s ends on %(day)s",
                firm=one.provider,
                day=day(one.approved.ends),
            ),
            gettext("It is taken away by itself; a firm that wants it longer must say so."),
            gettext("See the offer"),
            place("desk_offers.one", OFFERS, number=one.number),
        )


def uninvited(session: Session, now: datetime) -> Iterator[Todo]:
    """Invitations that ended unused, of accounts that nobody has got into."""
    ended = links.expired_invitations(session, now)
    if not ended:
        return
    for account, _seen in accounts.all_accounts(session):
        if account.id in ended and account.state is AccountState.INVITED:
            yield Todo(
                Item(Kind.INVITATION, ended[account.id], str(account.id)),
                ACCOUNTS,
                gettext("The invitation of %(who)s ended unused", who=account.email),
                gettext("They cannot get in, and nobody can use the account."),
                gettext("Invite again"),
                url_for("desk_accounts.one", number=account.id),
                post=place("desk_accounts.invite_again", ACCOUNTS, number=account.id),
            )
