"""Take the screenshots of portal and desk in docs/screens: the shipped data, with made-up sources,
proposals and visitors, for a desk without work has little to show."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402
from sqlalchemy import select  # noqa: E402

from app.collect.seed import seed, survey_files  # noqa: E402
from app.db import migrate  # noqa: E402
from app.db.engine import Database  # noqa: E402
from app.db.held import HeldRow  # noqa: E402
from app.domain.account import Role  # noqa: E402
from app.domain.traffic import Subject  # noqa: E402
from tests.web.desk.made import hold, stock_sources  # noqa: E402
from tests.web.desk.test_traffic import alive, count, count_parts  # noqa: E402
from tests.web.portal.firm import propose, row, staff  # noqa: E402
from tests.work import Workplace  # noqa: E402

SCREENS = ROOT / "docs" / "screens"
SIZES = {1280: 900, 360: 740}
DAYS = 60


def stocked(url: str) -> Workplace:
    """A desk on which something waits."""
    work = Workplace(url, datetime.now(UTC))
    work.language = "nl"
    stock_sources(work)
    hold(work, count=3)
    firm = staff(work)
    propose(firm, row("10.60"), row("10.60", paid="500.00"))
    propose(firm, row("10.72", paid="1000.00"))
    count_visitors(work)
    return work


def count_visitors(work: Workplace) -> None:
    """Two months of visitors, with a day in the dark."""
    chance = random.Random(5)  # noqa: S311  a picture, not a secret
    start = work.now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    for number in range(DAYS):
        at = start + timedelta(days=number)
        if number == DAYS - 9:
            continue
        alive(work, at, at + timedelta(days=1))
        visits = 130 + number * 2 + chance.randrange(60)
        day = at.date()
        count(work, day, visits=visits, views=visits * 3, devices=visits * 9 // 10, robots=60)
        count(work, day, months=visits * 7 // 10, years=visits // 2)
        count_parts(work, day, Subject.LANGUAGE, nl=60, ar=30, tr=25, ti=15, en=40)
        count_parts(work, day, Subject.CORRIDOR, NL_EUR_MA_MAD=90, NL_EUR_TR_TRY=41)
        count_parts(work, day, Subject.PAGE, **{"compare.home": 200, "compare.results": 160})


def main() -> None:
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/site.db"
        database = Database(url)
        migrate.upgrade(database)
        seed(database, ROOT / "data", survey_files(ROOT / "data", None), datetime.now(UTC))
        database.engine.dispose()
        work = stocked(url)
        operator, firm = (
            work.account(Role.ADMINISTRATOR, email="noor@example.org"),
            work.account(Role.PROVIDER, provider="western-union", email="sam@example.org"),
        )
        with work.database.reading() as session:
            held = min(session.scalars(select(HeldRow.id)))
        pages = {
            "desk-today": (operator, "/desk/"),
            "desk-source": (operator, "/desk/sources/broken"),
            "desk-held": (operator, f"/desk/held/{held}"),
            "desk-traffic": (operator, "/desk/traffic"),
            "desk-proposal": (operator, "/desk/proposals/2"),
            "portal-prices": (firm, "/portal/prices"),
        }
        with work.running() as site:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            for width, height in SIZES.items():
                for name, (holder, path) in pages.items():
                    context = browser.new_context(viewport={"width": width, "height": height})
                    context.add_cookies([work.cookie(holder, site)])
                    page = context.new_page()
                    page.goto(site + path)
                    page.screenshot(path=SCREENS / f"{name}-nl-{width}.png")
                    context.close()
            browser.close()


if __name__ == "__main__":
    main()
