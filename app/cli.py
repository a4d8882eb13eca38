"""The `flask` commands. Each says what it did; a failure says what to do and exits with 1."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import wraps
from typing import ParamSpec

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.collect.cycle import Collected, all_sources, collect, survey_files
from app.collect.quote import ask_survey
from app.db import migrate, surveys
from app.db.engine import Database
from app.domain.amount import BadAmount, plain_amount
from app.domain.corridor import Corridor, UnknownPlace
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.indicators import Average, Indicators, indicators
from app.domain.published import published_indicators
from app.domain.survey import PRICE_POINTS, UnknownPeriod, percent, quarter_start
from config import Settings
from scrapers import SURVEYS
from scrapers.contract import SourceError
from scrapers.shipped import ShippedReplies

SHOWN_REFUSALS = 20

Wanted = ParamSpec("Wanted")

db_group = AppGroup("db", help="The database.")


def _usable(command: Callable[Wanted, None]) -> Callable[Wanted, None]:
    """The command, with a sentence instead of a traceback where the database cannot be used."""

    @wraps(command)
    def guarded(*arguments: Wanted.args, **options: Wanted.kwargs) -> None:
        try:
            command(*arguments, **options)
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"the database cannot be used: {error.orig}\n"
                "Look at DATABASE_URL, and run `flask db upgrade` first."
            ) from error

    return guarded


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@db_group.command("upgrade")
@_usable
def db_upgrade() -> None:
    """Bring the database up to this release. Safe to run again."""
    migrate.upgrade(_database())
    click.echo("The database is up to date.")


@click.command("seed")
@with_appcontext
@_usable
def seed() -> None:
    """Load the data that ships with the project. Again changes nothing."""
    settings = _settings()
    files = survey_files(settings.data, settings.rpw_file)
    _report(collect(_database(), settings.data, files, datetime.now(UTC)))


@click.command("collect")
@click.option("--source", "slug", help="Only this source.")
@click.option("--corridor", help="Only this corridor, like NL-MA.")
@with_appcontext
@_usable
def collect_command(slug: str | None, corridor: str | None) -> None:
    """Ask the sources that are on, and publish what is new."""
    settings = _settings()
    known = all_sources()
    for name in (slug, *(settings.sources or ())):
        if name is not None and name not in known:
            raise click.ClickException(f"no source {name!r}; there are {', '.join(known)}")
    on = settings.sources or frozenset(known)
    if corridor is not None:
        _corridor(*_two(corridor))

    def wanted(name: str) -> bool:
        return name == slug if slug else name in on

    files = survey_files(settings.data, settings.rpw_file)
    now = datetime.now(UTC)
    _report(collect(_database(), settings.data, files, now, wanted, corridor and corridor.upper()))


@click.command("quote")
@click.argument("slug", type=click.Choice([source.SLUG for source in SURVEYS]))
@click.argument("send_country")
@click.argument("receive_country")
@click.option("--pay", required=True, help="Amount to send, like 200 or 200.50.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the API's price keys.")
@with_appcontext
@_usable
def quote(slug: str, send_country: str, receive_country: str, pay: str, as_json: bool) -> None:
    """Ask one source for a price now, and print it. Saves nothing.

    Where the fee comes on top of the amount, the printed `paid` is the amount plus the fee.
    """
    settings = _settings()
    corridor = _corridor(send_country, receive_country)
    files = [path for source, path in survey_files(settings.data, settings.rpw_file)]
    try:
        found = ask_survey(
            next(source for source in SURVEYS if slug == source.SLUG),
            files[-1],
            ShippedReplies(settings.data),
            settings.data / "providers.toml",
            corridor,
            _amount(pay, corridor.send_currency),
        )
    except SourceError as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for price in found:
        click.echo(
            "{provider:24} pay {send} {paid:>8}  fee {fee:>6}  gets {receive} {received:>12}  "
            "cost {total_cost_percent:>6} %  {observed_at}  {payment_instrument}, "
            "{pickup_method}, {speed}".format(
                send=corridor.send_currency, receive=corridor.receive_currency, **price
            )
        )


@click.command("indicators")
@click.option("--from", "send_country", required=True, help="Sending country, like NL.")
@click.option("--period", required=True, help="Survey round, like 2025_3Q.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as the API has it.")
@with_appcontext
@_usable
def indicators_command(send_country: str, period: str, as_json: bool) -> None:
    """Average costs by the World Bank's method, in percent of the amount sent."""
    country = _country(send_country)
    try:
        quarter_start(period)
    except UnknownPeriod as error:
        raise click.ClickException(str(error)) from error
    with _database().reading() as session:
        found = indicators(surveys.survey_costs(session, country, period))
    if not found.country.services:
        raise click.ClickException(f"no survey of {country} in {period} is loaded")
    if as_json:
        click.echo(json.dumps(published_indicators(country, period, found), indent=1))
    else:
        _print_table(country, period, found)


def _print_table(country: str, period: str, found: Indicators) -> None:
    points = "".join(f"{f'USD {point}':>10}" for point in PRICE_POINTS)
    click.echo(f"{f'From {country}, {period}':34}{'services':>9}{'firms':>7}{points}")
    _print_row("all services", found.country)
    for title, averages in (
        ("to", found.corridors),
        ("firm", found.by_firm_type),
        ("paid by", found.by_payment_instrument),
        ("paid out by", found.by_pickup_method),
    ):
        for name, average in averages.items():
            _print_row(f"{title} {name}", average)


def _print_row(name: str, average: Average) -> None:
    means = "".join(
        f"{'unknown' if mean is None else f'{percent(mean)} %':>10}"
        for mean in average.mean.values()
    )
    click.echo(f"{name:34}{average.services:>9}{average.firms:>7}{means}")


def _report(done: Collected) -> None:
    """What a round of collecting did; failures go last and make the command fail."""
    click.echo(f"{done.providers} new providers, {done.readings} new mid rates.")
    for loaded in done.surveys:
        if loaded.skipped:
            click.echo(f"{loaded.name}: loaded before, nothing changed.")
            continue
        click.echo(f"{loaded.name}: {loaded.rows} services, {len(loaded.refused)} rows refused.")
        for row in loaded.refused[:SHOWN_REFUSALS]:
            click.echo(f"  {row.sheet} row {row.row}, column {row.column!r}: {row.reason}")
        if len(loaded.refused) > SHOWN_REFUSALS:
            more = len(loaded.refused) - SHOWN_REFUSALS
            click.echo(f"  and {more} more; all of them stand in the table survey_refusal.")
            for column, count in Counter(row.column for row in loaded.refused).most_common():
                click.echo(f"  {count} for column {column!r}")
    click.echo(f"{done.quotes} quotes published, {done.changed} corridors changed.")
    for finding in done.findings:
        click.echo(f"  {finding}")
    if done.failures:
        raise click.ClickException("; ".join(done.failures))


def _amount(text: str, currency: str) -> Decimal:
    try:
        return plain_amount(text, currency).amount
    except BadAmount as error:
        message = f"an amount is written like 200 or 200.50, not {text[:40]!r}"
        raise click.ClickException(message) from error


def _two(corridor: str) -> tuple[str, str]:
    send, separator, receive = corridor.partition("-")
    if not separator:
        raise click.ClickException(f"a corridor is written like NL-MA, not {corridor[:40]!r}")
    return send, receive


def _country(code: str) -> str:
    if not code.isascii() or code.upper() not in PAYOUT_CURRENCY:
        raise click.ClickException(f"unknown country {code[:40]!r}; codes are like NL and MA")
    return code.upper()


def _corridor(send: str, receive: str) -> Corridor:
    """The corridor between two countries, in their main currencies."""
    countries = _country(send), _country(receive)
    try:
        return Corridor(
            countries[0], PAYOUT_CURRENCY[countries[0]], countries[1], PAYOUT_CURRENCY[countries[1]]
        )
    except UnknownPlace as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (db_group, seed, collect_command, quote, indicators_command)
