"""Commands about what is kept: upgrade, seed, indicators."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import click
from flask.cli import AppGroup, with_appcontext

from app.cli.common import a_country, the_database, the_settings, usable
from app.collect.collector import register_sources
from app.collect.seed import Seeded, seed, survey_files
from app.db import migrate, surveys
from app.domain.indicators import Average, Indicators, indicators
from app.domain.published import published_indicators
from app.domain.survey import PRICE_POINTS, UnknownPeriod, percent, quarter_start

SHOWN_REFUSALS = 20

db_group = AppGroup("db", help="The database.")


@db_group.command("upgrade")
@usable
def db_upgrade() -> None:
    """Bring the database up to this release. Safe to run again."""
    migrate.upgrade(the_database())
    click.echo("The database is up to date.")


@click.command("seed")
@with_appcontext
@usable
def seed_command() -> None:
    """Load the data that ships with the project. Again changes nothing."""
    settings = the_settings()
    files = survey_files(settings.data, settings.rpw_file)
    report_seeded(seed(the_database(), settings.data, files, datetime.now(UTC)))
    register_sources(the_database(), settings.sources)


@click.command("indicators")
@click.option("--from", "send_country", required=True, help="Sending country, like NL.")
@click.option("--period", required=True, help="Survey round, like 2025_3Q.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as the API has it.")
@with_appcontext
@usable
def indicators_command(send_country: str, period: str, as_json: bool) -> None:
    """Average costs by the World Bank's method, in percent of the amount sent."""
    country = a_country(send_country)
    try:
        quarter_start(period)
    except UnknownPeriod as error:
        raise click.ClickException(str(error)) from error
    with the_database().reading() as session:
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


def report_seeded(done: Seeded) -> None:
    """What a round of collecting did; failures go last and make the command fail."""
    new = (f"{done.providers} new providers", f"{done.readings} new mid rates")
    click.echo(", ".join((*new, f"{done.articles} new articles.")))
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


COMMANDS = (db_group, seed_command, indicators_command)
