"""Commands about mail: mail list, mail send."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.cli.common import the_database, the_settings, usable
from app.db import mails
from app.db.mails import KeptMail
from app.domain.mail import MailState
from app.notify.smtp import Smtp
from app.notify.telling import Telling
from config import Settings

LISTED = 50


def telling_of(settings: Settings) -> Telling:
    smtp = Smtp.at(settings.smtp_url, settings.mail_from)
    return Telling(the_database(), smtp, settings.public_url)


@click.group("mail")
def mail_group() -> None:
    """What is mailed, was, or could not be."""


@mail_group.command("list")
@click.option("--state", type=click.Choice([state.value for state in MailState]))
@with_appcontext
@usable
def list_mails(state: str | None) -> None:
    """The newest mails: number, day, what about, to whom, how often tried, and what came of it."""
    wanted = [MailState(state)] if state else []
    with the_database().reading() as session:
        found = mails.mails(session, *wanted)
    for one in found[:LISTED]:
        click.echo(_line(one))
    click.echo(f"{min(len(found), LISTED)} of {len(found)} mails.")


@mail_group.command("send")
@with_appcontext
@usable
def send() -> None:
    """Queue the reminders and alarms that are due, and send what waits. The schedule does so too;
    several may at one time."""
    settings = the_settings()
    if not settings.smtp_url:
        raise click.ClickException("no mail is sent: SMTP_URL is not set; `flask mail list`")
    telling, now = telling_of(settings), datetime.now(UTC)
    telling.remind(now)
    done = telling.deliver(now)
    click.echo(f"{done.sent} sent, {done.waiting} will be tried again, {done.given_up} given up.")
    if done.trouble:
        raise click.ClickException(f"the mail server cannot be used: {done.trouble}")


def _line(one: KeptMail) -> str:
    day = f"{one.created_at:%Y-%m-%d %H:%M}"
    return f"{one.id}  {day}  {one.state}  {one.kind}  {one.to}  tried {one.tries}  {one.said}"


COMMANDS = (mail_group,)
