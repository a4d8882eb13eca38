"""Mails about reports: to the reader who asked for an answer, and to the staff of a firm."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from app.db import accounts, mails
from app.domain.account import AccountState
from app.domain.mail import Mail, MailKind, is_address
from app.domain.reply import Reply
from app.domain.report import Report
from app.web.learn.complaints import STATES


def _public_url() -> str:
    found: str = current_app.extensions["settings"].public_url
    return found


def answer_reader(session: Session, report: Report, closed: Report, now: datetime) -> bool:
    """Tell a reader who left an address what came of their report. `report` is as it was before it
    was closed, for closing forgets how they can be reached."""
    if not is_address(report.email):
        return False
    with force_locale("nl" if report.language == "nl" else "en"):
        mail = Mail(
            to=report.email,
            subject=gettext("What came of your report %(number)s", number=report.number),
            text=gettext(
                "%(state)s\n\n%(words)s\n\nAll answers stand here:\n\n%(link)s\n\nThis was the "
                "only mail about it: we have deleted your address.\n\nHuiswaarts\n",
                state=STATES[closed.state],
                words=closed.outcome,
                link=f"{_public_url()}/{report.language}/corrections#reports",
            ),
            kind=MailKind.REPORT,
        )
    mails.queue(session, mail, now)
    return True


def tell_firm(session: Session, provider: str, number: int, now: datetime) -> None:
    """Tell the staff of a firm that a price of theirs was reported; what, stands at the portal."""
    for reader in accounts.staff_of(session, provider):
        if reader.state is not AccountState.ACTIVE:
            continue
        with force_locale(reader.language):
            mail = Mail(
                to=reader.email,
                subject=gettext("A reader reported a price of yours"),
                text=gettext(
                    "Hello %(name)s,\n\nA reader says that a price of yours is wrong here. What "
                    "it is about, and where you can reply in public:\n\n%(link)s\n\nHuiswaarts\n",
                    name=reader.name,
                    link=f"{_public_url()}/portal/reports/{number}",
                ),
                kind=MailKind.NOTICE,
            )
        mails.queue(session, mail, now)


def tell_verdict(session: Session, reply: Reply, why: str, now: datetime) -> None:
    """Tell the staff of a firm what became of their reply."""
    for reader in accounts.staff_of(session, reply.provider):
        if reader.state is not AccountState.ACTIVE:
            continue
        with force_locale(reader.language):
            public = gettext("Your reply to report %(number)s is public", number=reply.report)
            refused = gettext("Your reply to report %(number)s is not shown", number=reply.report)
            said = gettext("Why: %(why)s\n\nYou can write it anew:", why=why)
            mail = Mail(
                to=reader.email,
                subject=refused if why else public,
                text=gettext(
                    "Hello %(name)s,\n\n%(what)s.\n\n%(more)s\n\n%(link)s\n\nHuiswaarts\n",
                    name=reader.name,
                    what=refused if why else public,
                    more=said if why else gettext("It stands beside our answer, here too:"),
                    link=f"{_public_url()}/portal/reports/{reply.report}",
                ),
                kind=MailKind.PROPOSAL,
            )
        mails.queue(session, mail, now)
