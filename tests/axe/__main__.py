"""`python -m tests.axe [KIND ...]`: every kind of page, or these, in every language, size and
colour scheme, folded and open; what is wrong with each, and how many there were."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from app.web.locale import LANGUAGES
from tests.axe.looking import measured, misdone, unfold, violations
from tests.axe.sites import running
from tests.web.browsing import (
    ARGUMENTS,
    FILLED,
    LIVE,
    PAGES,
    SELDOM,
    Filled,
    Scheme,
    Watch,
    opened,
    visit,
)

WIDTHS = (360, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SMALLEST: ViewportSize = {"width": 320, "height": 640}
"""Every page is measured in this too."""

SEEDED: dict[str, str | Filled] = {**PAGES, **SELDOM, **FILLED}


class Task(NamedTuple):
    site: str
    kind: str
    lang: str


class Looked(NamedTuple):
    """Of one task: how many combinations were looked at, and what is wrong with which."""

    combinations: int
    faults: list[str]


def tasks(seeded: str, live: str, kinds: list[str]) -> Iterator[Task]:
    for site, known in ((seeded, SEEDED), (live, LIVE)):
        for kind in known:
            if not kinds or kind in kinds:
                languages = ["en"] if kind == "components" else LANGUAGES
                yield from (Task(site, kind, lang) for lang in languages)


def look_at(browser: Browser, task: Task) -> Looked:
    """One page in one language, in both sizes and both schemes."""
    faults: list[str] = []
    for width in WIDTHS:
        try:
            with opened(browser, viewport={"width": width, "height": 800}) as (page, watch):
                visit(page, task.site, {**SEEDED, **LIVE}[task.kind], task.lang)
                found = wrong_with(page, watch, task)
        except (PlaywrightError, AssertionError) as error:
            found = [f"cannot be looked at: {error}"]
        faults += [f"{task.kind}, {task.lang}, {width} px, {one}" for one in dict.fromkeys(found)]
    return Looked(len(WIDTHS) * len(SCHEMES), faults)


def wrong_with(page: Page, watch: Watch, task: Task) -> list[str]:
    """Folded first, then with every fold open."""
    found = in_each_scheme(page) + measured(page)
    if unfold(page):
        found += in_each_scheme(page) + measured(page)
    page.set_viewport_size(SMALLEST)
    found += [f"320 px: {one}" for one in measured(page)]
    return found + misdone(page, watch, task.site, task.lang)


def in_each_scheme(page: Page) -> list[str]:
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {one}" for one in violations(page)]
    return found


def look_at_all(share: list[Task]) -> Looked:
    """In a process and a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        looked = [look_at(browser, task) for task in share]
        browser.close()
    return Looked(
        sum(one.combinations for one in looked), [fault for one in looked for fault in one.faults]
    )


def main(kinds: list[str]) -> int:
    unknown = set(kinds) - {*SEEDED, *LIVE}
    if unknown:
        sys.exit(f"no such kind: {', '.join(sorted(unknown))}")
    began = time.monotonic()
    combinations = wrong = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), datetime.now(UTC)) as (seeded, live),
        ProcessPoolExecutor(os.cpu_count()) as pool,
    ):
        by_kind: dict[str, list[Task]] = {}
        for task in tasks(seeded, live, kinds):
            by_kind.setdefault(task.kind, []).append(task)
        asked = {pool.submit(look_at_all, share): kind for kind, share in by_kind.items()}
        for done in as_completed(asked):
            looked = done.result()
            combinations += looked.combinations
            wrong += len(looked.faults)
            print(f"{asked[done]}: {looked.combinations} combinations", flush=True)
            print(*looked.faults, sep="\n", end="\n" if looked.faults else "", flush=True)
    print(
        f"{len(by_kind)} kinds of pages, {len(LANGUAGES)} languages, {len(WIDTHS)} sizes, "
        f"{len(SCHEMES)} colour schemes: {combinations} combinations, {wrong} violations, "
        f"{time.monotonic() - began:.0f} s"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
