"""Commands about asking: collect, quote, schedule, sources, new-source."""

from __future__ import annotations

import json
import logging
import signal
from datetime import UTC, date, datetime
from decimal import Decimal

import click
from flask.cli import with_appcontext

from app.cli.common import (
    a_corridor,
    an_amount,
    the_database,
    the_settings,
    two_countries,
    usable,
)
from app.cli.data import report_seeded
from app.cli.mail import telling_of
from app.collect.collector import ALL, Collector, collector, every_source, is_on, register_sources
from app.collect.lists import listed_licences
from app.collect.overview import Overview, overview
from app.collect.quote import ask_live, ask_survey
from app.collect.round import collect_now
from app.collect.seed import seed, survey_files
from app.db.sources import those_on
from app.domain.corridor import Corridor
from app.domain.published import Json
from app.schedule import Scheduler
from config import ROOT, Settings
from scrapers import PRICES, SURVEYS
from scrapers.http import Client
from scrapers.new_source import NotWritten, write_source

ASKABLE = sorted([*(one.SLUG for one in PRICES), *(one.SLUG for one in SURVEYS)])


def client_of(settings: Settings) -> Client:
    """Says who we are, and where to read more about it. Closed when the command ends."""
    contact = f"; {settings.contact}" if settings.contact else ""
    agent = f"HuiswaartsBot/1.0 (+{settings.public_url}/bot{contact})"
    client = Client(agent, settings.lab_url or None)
    click.get_current_context().call_on_close(client.close)
    return client


def must_be_known(*slugs: str) -> None:
    known = sorted(every_source())
    for slug in slugs:
        if slug not in (*known, ALL):
            raise click.ClickException(f"no source {slug!r}; there are {', '.join(known)}")


def the_collector() -> Collector:
    settings = the_settings()
    must_be_known(*(settings.sources or ()))
    return collector(
        the_database(),
        client_of(settings),
        settings.sources,
        listed_licences(settings.data / "licences.toml"),
        patient=not settings.lab_url,
    )


@click.command("collect")
@click.option("--source", "slug", help="Only this source.")
@click.option("--corridor", help="Only this corridor, like NL-MA.")
@with_appcontext
@usable
def collect_command(slug: str | None, corridor: str | None) -> None:
    """Ask the sources that are on for what is due, and publish what is good."""
    settings, known = the_settings(), every_source()
    must_be_known(*(settings.sources or ()), *([] if slug is None else [slug]))
    only = None if corridor is None else a_corridor(*two_countries(corridor)).slug
    collecting = the_collector()
    register_sources(the_database(), settings.sources)
    with the_database().reading() as session:
        on = frozenset({slug}) if slug else those_on(session)

    def wanted(name: str) -> bool:
        return is_on(known[name], on)

    now = datetime.now(UTC)
    files = survey_files(settings.data, settings.rpw_file)
    seeded = seed(the_database(), settings.data, files, now, wanted, only, shipped_rates=False)
    failed = collect_now(collecting.only(on), now, only, click.echo)
    seeded.failures += failed
    report_seeded(seeded)


@click.command("quote")
@click.argument(
    "slug", type=click.Choice([*(one.SLUG for one in PRICES), *(one.SLUG for one in SURVEYS)])
)
@click.argument("send_country")
@click.argument("receive_country")
@click.option("--pay", required=True, help="Amount to send, like 200 or 200.50.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the API's price keys.")
@with_appcontext
@usable
def quote(slug: str, send_country: str, receive_country: str, pay: str, as_json: bool) -> None:
    """Ask one source for a price now, and print it. Saves nothing.

    Where the fee comes on top of the amount, the printed `paid` is the amount plus the fee.
    """
    corridor = a_corridor(send_country, receive_country)
    amount = an_amount(pay, corridor.send_currency)
    found = _asked(slug, corridor, amount)
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


def _asked(slug: str, corridor: Corridor, amount: Decimal) -> list[Json]:
    settings = the_settings()
    source = next((one for one in PRICES if slug == one.SLUG), None)
    if source is not None:
        http = client_of(settings).asking(slug, source.BUDGET)
        return ask_live(source, http, settings.data, the_database(), corridor, amount)
    survey = next(one for one in SURVEYS if slug == one.SLUG)
    path = survey_files(settings.data, settings.rpw_file)[-1][1]
    return ask_survey(survey, path, settings.data, corridor, amount)


@click.command("schedule")
@with_appcontext
@usable
def schedule() -> None:
    """Collect every quarter of an hour, until stopped. Several may run: one of them works."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    register_sources(the_database(), the_settings().sources)
    settings = the_settings()
    scheduler = Scheduler(the_collector(), telling=telling_of(settings), copies=settings.backup_dir)
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: scheduler.stop.set())
    scheduler.run()


@click.command("sources")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@with_appcontext
@usable
def sources(as_json: bool) -> None:
    """Every source: stance, last success, trouble and since when, budget used, what it gives."""
    must_be_known(*(the_settings().sources or ()))
    register_sources(the_database(), the_settings().sources)
    with the_database().reading() as session:
        found = overview(session, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=1))
        return
    for line in Overview.table(found):
        click.echo(line)


@click.command("new-source")
@click.argument("slug")
def new_source(slug: str) -> None:
    """Begin a price source: its module, card, lab endpoint, and a test that is red."""
    try:
        written = write_source(ROOT, slug, date.today())  # noqa: DTZ011  a person's own day
    except NotWritten as error:
        raise click.ClickException(str(error)) from error
    for path in written:
        click.echo(str(path.relative_to(ROOT)))


COMMANDS = (collect_command, quote, schedule, sources, new_source)
