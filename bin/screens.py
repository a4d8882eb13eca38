"""Take the screenshots in docs/screens from the site with the shipped data."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from app.collect.seed import seed, survey_files  # noqa: E402
from app.db import migrate  # noqa: E402
from app.db.engine import Database  # noqa: E402
from tests.conftest import running_site  # noqa: E402

SCREENS = ROOT / "docs" / "screens"
PAGES = {
    "home-nl": "/nl/",
    "result-nl": "/nl/send/nl/ma?pay=200",
    "result-en": "/en/send/nl/gh?pay=200&first=fast",
    "price-nl": "/nl/send/nl/sr?pay=144.19",
}
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
    for name, path in PAGES.items():
        page.goto(site + path)
        if name.startswith("price"):
            page.click("#western-union .folds > a")
        page.screenshot(path=SCREENS / f"{name}-{width}.png")


if __name__ == "__main__":
    main()
