"""The command about visitors: traffic."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.cli.common import the_database, usable
from app.db import traffic_figures
from app.db.traffic_figures import Figures, Year
from app.domain.traffic import DEVICES_ERROR, GOAL, Period, Span, Whole


@click.command("traffic")
@click.option("--year", type=click.IntRange(2000, 9998), help="This year, if it is not given.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@with_appcontext
@usable
def traffic(year: int | None, *, as_json: bool) -> None:
    """How many the site served in a year: a range, and when nothing was counted."""
    now = datetime.now(UTC)
    number = year or now.year
    with the_database().reading() as session:
        found = traffic_figures.year(session, number, now)
        period = Period.of(Span.YEAR, now.date().replace(year=number, day=1))
        figures = traffic_figures.figures(session, period, now)
    if as_json:
        click.echo(json.dumps(_published(found, figures), indent=1))
        return
    devices = found.devices
    click.echo(
        f"{number}: {devices.point} devices, between {devices.lower} and {devices.upper};"
        f" goal {GOAL[0]} to {GOAL[1]}. Counted on {found.days} days."
    )
    if found.heading:
        low, high = found.heading
        click.echo(f"If the other days are like these: between {low} and {high}.")
    click.echo(f"{found.visits.count} visits; {found.visitor_days.count} visitor-days.")
    for dark in figures.dark:
        click.echo(f"No data: {dark.start:%Y-%m-%d %H:%M} to {dark.end:%Y-%m-%d %H:%M} UTC.")


def _published(year: Year, figures: Figures) -> dict[str, object]:
    """Numbers under ten are in none of it."""
    return {
        "year": year.year,
        "goal": list(GOAL),
        "devices": {
            "lower": year.devices.lower,
            "point": year.devices.point,
            "upper": year.devices.upper,
            "lower_is": "devices of the largest month",
            "point_is": "devices whose first visit of the year was counted",
            "upper_is": "devices of each month, added up",
        },
        "devices_by_month": {f"{year.year}-{month:02}": n for month, n in year.months.items()},
        "months_left_out": year.left_out,
        "heading": list(year.heading) if year.heading else None,
        "days_counted": year.days,
        "visits": year.visits.count,
        "visitor_days": {
            "count": year.visitor_days.count,
            "error_percent": DEVICES_ERROR,
            "is": "devices of each day, added up: not visitors",
        },
        "pages": figures.totals[Whole.VIEWS].count,
        "ways_out": figures.totals[Whole.CLICKS].count,
        "robots_taken_off_percent": figures.robots_percent,
        "days_left_out": {whole.value: one.left_out for whole, one in figures.totals.items()},
        "counting_since": figures.since.isoformat() if figures.since else None,
        "without_data": [
            {"from": one.start.isoformat(), "to": one.end.isoformat()} for one in figures.dark
        ],
        "notes": [
            {"day": str(one.day), "kind": one.kind, "words": one.words} for one in figures.notes
        ],
    }


COMMANDS = (traffic,)
