"""Commands about those who run the site: operator create; and about the log of what they did."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.common import the_database, usable
from app.db import accounts, audit
from app.domain.account import Account, AccountState, BadEmail, Role, plain_email
from app.web import clock
from app.web.signin.inviting import invite

LANGUAGES = ("nl", "en")


@click.group("operator")
def operator_group() -> None:
    """Those who run the site."""


@operator_group.command("create")
@click.argument("email")
@click.option("--name", default="", help="How the desk calls them; the address if it is left out.")
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True)
@with_appcontext
@usable
def create(email: str, name: str, language: str) -> None:
    """Make the account of an administrator, and print the link that lets them in once."""
    try:
        plain = plain_email(email)
    except BadEmail as error:
        message = f"an address of mail is written like name@example.org, not {email[:60]!r}"
        raise click.ClickException(message) from error
    wanted = Account(0, plain, name.strip() or plain, Role.ADMINISTRATOR, None, language)
    with current_app.test_request_context(), the_database().writing() as session:
        known = accounts.known_by_email(session, plain)
        if known and known.account.state is not AccountState.INVITED:
            raise click.ClickException(f"there is an account with the address {plain} already")
        made = known.account if known else accounts.add_account(session, wanted, clock.now())
        audit.note(session, None, "account.invited", ("account", made.id), now=clock.now())
        address = invite(session, made)
    click.echo(f"{plain} may open this address once, within a week:\n{address}")


@click.command("audit")
@with_appcontext
@usable
def audit_command() -> None:
    """Check the log of acts: that none was changed or taken out. Prints how many there are and the
    last one's seal: write it down, and a cut is found later."""
    with the_database().reading() as session:
        wrong, (entries, seal) = audit.broken_at(session), audit.head(session)
    if wrong:
        raise click.ClickException(f"the log was tampered with: {wrong}")
    click.echo(f"{entries} entries, none changed or missing. Seal: {seal or '-'}")


COMMANDS = (operator_group, audit_command)
