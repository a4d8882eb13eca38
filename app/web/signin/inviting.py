"""Invitations and new passwords, by mail; and the end of an account."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from app.db import accounts, audit, guesses, links, mails, sessions
from app.db.engine import Database
from app.db.links import LinkKind
from app.domain.account import (
    INVITATION_LIVES,
    RESET_LIVES,
    Account,
    AccountState,
    BadEmail,
    Role,
    plain_email,
)
from app.domain.mail import Mail, MailKind
from app.web import clock
from app.web.senders import Throttle, visitor_of
from app.web.signin import codes
from app.web.work import who
from app.web.work.acting import Act

MOST_RESETS, RESETS_WITHIN = 3, timedelta(hours=24)
"""Mails about a new password that one address gets at most, whoever asks for them."""


def address_of(token: str) -> str:
    """Of the page that a link leads to: on the site's own public address, whatever a request says
    of the machine it was sent to."""
    public_url: str = current_app.extensions["settings"].public_url
    return f"{public_url}/sign-in/link/{token}"


def invite(session: Session, account: Account) -> str:
    """Send an invitation to a new account, or a new one to an account that has not come yet; its
    address. Those sent before end."""
    now, token = clock.now(), who.new_token()
    links.add_link(session, token, account.id, LinkKind.INVITATION, now, now + INVITATION_LIVES)
    with force_locale(account.language):
        mail = Mail(
            to=account.email,
            subject=gettext("Your account at Huiswaarts"),
            text=gettext(
                "You are invited to work with Huiswaarts. Open this page within a week, and choose "
                "a password and a second factor:\n\n%(link)s\n\nIf you know nothing of this, do "
                "nothing: nobody gets in without this link.",
                link=address_of(token),
            ),
            kind=MailKind.INVITATION,
        )
    mails.queue(session, mail, now)
    return address_of(token)


def invited_words(account: Account) -> str:
    """What is said after an invitation: where its link stands, if no mail leaves this site."""
    if current_app.extensions["settings"].smtp_url:
        return gettext("%(email)s is invited.", email=account.email)
    if who.me().role is Role.PROVIDER:
        return gettext(
            "%(email)s is invited. This site sends no mail yet: ask us for the link.",
            email=account.email,
        )
    return gettext(
        "%(email)s is invited. This site sends no mail yet: the link stands at Mails.",
        email=account.email,
    )


def send_reset(email: str) -> None:
    """Send a link for a new password, if an account has this address. As much is done if not, so
    that the time it takes tells nothing."""
    now = clock.now()
    try:
        plain = plain_email(email)
    except BadEmail:
        plain = ""
    throttle: Throttle = current_app.extensions["sign_in_throttle"]
    database: Database = current_app.extensions["database"]
    bucket = codes.who_hash("reset", plain)
    with database.writing() as writing:
        lets = throttle.lets(visitor_of(request), now) and guesses.may_guess(
            writing, bucket, now, MOST_RESETS, RESETS_WITHIN
        )
        guesses.note_wrong(writing, bucket, now)
        known = accounts.known_by_email(writing, plain)
        if known and lets and known.account.state is not AccountState.DISABLED:
            _queue_reset(writing, known.account)


def _queue_reset(writing: Session, account: Account) -> None:
    now, token = clock.now(), who.new_token()
    links.add_link(writing, token, account.id, LinkKind.RESET, now, now + RESET_LIVES)
    with force_locale(account.language):
        mail = Mail(
            to=account.email,
            subject=gettext("A new password for Huiswaarts"),
            text=gettext(
                "Open this page within half an hour to choose a new password:\n\n%(link)s\n\n"
                "If you did not ask for this, do nothing: your password stays as it is.",
                link=address_of(token),
            ),
            kind=MailKind.RESET,
        )
    mails.queue(writing, mail, now)
    audit.note(writing, account, "password.link_sent", ("account", account.id), now=now)


def disable_account(act: Act, account: Account) -> None:
    """Take away every way in that the account has, in the transaction of `act`."""
    accounts.set_state(act.session, account.id, AccountState.DISABLED)
    sessions.end_all(act.session, account.id, devices=True)
    links.end_links(act.session, account.id, act.now)
    act.note("account.disabled", ("account", account.id))
