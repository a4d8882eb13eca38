"""Take the screenshots in docs/screens from the site with the shipped data."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from app.collect.seed import seed, survey_files  # noqa: E402
from app.db import migrate  # noqa: E402
from app.db.engine import Database  # noqa: E402
from tests.conftest import running_site  # noqa: E402

SCREENS = ROOT / "docs" / "screens"
LANGUAGES = ("nl", "ar", "ti")
PAGES = {
    "home": "/",
    "result": "/send/nl/ma?pay=200",
    "price": "/send/nl/sr?pay=144.19",
    "provider": "/provider/western-union",
    "country": "/country/sr",
    "receipt": "/receipt",
}
RECEIPT = {"paid": "200", "fee": "2.99", "received": "10700", "day": "2026-10-30"}
"""What is typed there, by the names of its fields: a day of which the shipped data has the rate."""

SIZES = {360: 740, 1280: 900}


def main() -> None:
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/site.db"
        database = Database(url)
        migrate.upgrade(database)
        seed(database, ROOT / "data", survey_files(ROOT / "data", None), datetime.now(UTC))
        with running_site(url) as site:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            for width, height in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                _take(page, site, width)
            browser.close()


def _take(page: Page, site: str, width: int) -> None:
    for lang, (name, path) in product(LANGUAGES, PAGES.items()):
        page.goto(f"{site}/{lang}{path}")
        if name == "price":
            page.click("#western-union .folds > a")
        if name == "receipt":
            _fill(page)
        page.screenshot(path=SCREENS / f"{name}-{lang}-{width}.png")


def _fill(page: Page) -> None:
    page.locator("main form [name=to]").select_option("TR")
    for name, typed in RECEIPT.items():
        page.locator(f"main form [name={name}]").fill(typed)
    page.locator("main form button").first.click()
    page.wait_for_selector("#answer:not([hidden]) .outcome *")
    page.locator("#answer").scroll_into_view_if_needed()


if __name__ == "__main__":
    main()
