"""Two sites to look at: with the shipped data, and with prices of every age and origin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from app.collect.seed import seed, survey_files
from app.db import migrate
from app.db.engine import Database
from app.db.reports import add_report, answer
from app.domain.report import About, Report, ReportState
from config import ROOT
from tests.conftest import running_site
from tests.db.made import price, save
from tests.web.browsing import REPORT
from tests.web.living import Living, fill, living_at

NO_LAB = "http://127.0.0.1:9"
"""Nothing is there; a site with a lab says of itself that its prices are made up."""

DAYS = 5
"""Of prices in the past, for the charts."""


def furnish(site: Living, now: datetime) -> None:
    """Live prices, some of days ago, and a report that was looked into."""
    fill(site, now)
    for days in range(1, DAYS + 1):
        margin = f"0.0{days:02}0"
        save(site.database, price(at=now - timedelta(days=days), margin=margin))
    written = Report(About.PRICE, "en", "The fee is higher now.", now, price_id=1, seen="EUR 4")
    with site.database.writing() as session:
        number = add_report(session, written, REPORT)
        answer(session, number, ReportState.LOOKED_INTO, "We asked the firm again.", now)


@contextmanager
def running(folder: Path, now: datetime) -> Iterator[tuple[str, str]]:
    """Addresses of both, each with its web server."""
    seeded, live = f"sqlite:///{folder}/seeded.db", f"sqlite:///{folder}/live.db"
    for url in (seeded, live):
        database = Database(url)
        migrate.upgrade(database)
        if url == seeded:
            seed(database, ROOT / "data", survey_files(ROOT / "data", None), now)
        database.engine.dispose()
    with living_at(live) as site:
        furnish(site, now)
    with running_site(seeded) as one, running_site(live, LAB_URL=NO_LAB) as other:
        yield one, other
