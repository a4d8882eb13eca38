"""Of today: what grows old, or did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from flask import url_for
from flask_babel import gettext, ngettext

from app.db import content, links, mails
from app.db.waiting import Waits
from app.domain.mail import MailState
from app.domain.today import Item, Kind
from app.web.desk.today.todo import Day, Todo, place
from app.web.locale import day

MAILS, CONTENT, OFFERS = "desk_mails.index", "desk_content.index", "desk_offers.index"
ACCOUNTS = "desk_accounts.index"


def unsent(today: Day) -> Iterator[Todo]:
    """One line for all: they have one cause, mostly."""
    found = mails.mails(today.session, MailState.GIVEN_UP)
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


def stale(today: Day) -> Iterator[Todo]:
    for one in content.stale(today.session, today.now):
        behind = one.stale()
        since = today.since.get((Waits.ARTICLE, one.number), today.now)
        yield Todo(
            Item(Kind.STALE, since, str(one.number), len(behind)),
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


def ending(today: Day) -> Iterator[Todo]:
    for one in today.offers:
        if one.approved is None or not one.ends_soon(today.now.date()):
            continue
        since = min(today.now, datetime.combine(one.approved.starts, time(0), UTC))
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


def uninvited(today: Day) -> Iterator[Todo]:
    """Invitations that ended unused, of accounts that nobody has got into."""
    for number, email, ended_at in links.ended_invitations(today.session, today.now):
        yield Todo(
            Item(Kind.INVITATION, ended_at, str(number)),
            ACCOUNTS,
            gettext("The invitation of %(who)s ended unused", who=email),
            gettext("They cannot get in, and nobody can use the account."),
            gettext("Invite again"),
            url_for("desk_accounts.one", number=number),
            post=place("desk_accounts.invite_again", ACCOUNTS, number=number),
        )
