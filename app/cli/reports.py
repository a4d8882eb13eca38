"""Commands about what readers report as wrong: reports, reports answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.cli.common import the_database, usable
from app.db import reports
from app.domain.foreign import is_tidy
from app.domain.report import CLOSED, LONGEST_MESSAGE, Report, ReportState

ANSWERS = [state.value for state in ReportState if state is not ReportState.RECEIVED]


@click.group("reports", invoke_without_command=True)
@click.option("--closed", is_flag=True, help="Those that are closed, newest first.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
@with_appcontext
@usable
def reports_group(context: click.Context, *, closed: bool, as_json: bool) -> None:
    """What readers reported as wrong and is still open, oldest first."""
    if context.invoked_subcommand is not None:
        return
    with the_database().reading() as session:
        found = reports.reports(session, closed=closed)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1, default=_time))
        return
    for one in found:
        click.echo("\n".join(_lines(one)))
    click.echo(f"{len(found)} {'closed' if closed else 'open'} reports.")


@reports_group.command("answer")
@click.argument("number", type=int)
@click.argument("words", default="")
@click.option("--state", required=True, type=click.Choice(ANSWERS), help="How far it is.")
@with_appcontext
@usable
def answer(number: int, words: str, state: str) -> None:
    """Say in public what came of a report; WORDS stand on its page and in the log."""
    chosen, said = ReportState(state), words.strip()
    if chosen in CLOSED and not said:
        raise click.ClickException("say in public what was done: closing a report needs words")
    if not is_tidy(said, LONGEST_MESSAGE):
        message = f"write at most {LONGEST_MESSAGE} signs, without control signs"
        raise click.ClickException(message)
    with the_database().writing() as session:
        found = reports.answer(session, number, chosen, said, datetime.now(UTC))
    if found is None:
        raise click.ClickException(f"no open report {number}; `flask reports` lists them")
    click.echo(f"Report {number}: {found.state}.")


def _lines(one: Report) -> list[str]:
    """A report for a terminal. What a reader wrote stands behind a mark: it cannot look like a
    line of ours, and it was freed of control signs when it was kept."""
    what = f"{one.about} {one.price_id or ''}".strip()
    lines = [f"{one.number}  {one.at:%Y-%m-%d %H:%M} UTC  {what}  {one.state}  ({one.language})"]
    facts = {"page": one.page, "seen": one.seen, "mail": one.email}
    lines += [f"  {name}: {text}" for name, text in facts.items() if text]
    lines += [f"  | {line}" for line in one.message.splitlines()]
    lines += [f"  > {line}" for line in one.outcome.splitlines()]
    return lines


def _time(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


COMMANDS = (reports_group,)
