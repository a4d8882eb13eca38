"""An operator's ways through the desk in a real browser, by clicks counted and timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.db.held import HeldDecision, HeldRow
from app.db.sources import SourceRow
from app.domain.account import Role
from app.domain.proposal import State
from tests.web.desk.made import hold, stock_sources
from tests.web.portal.firm import FIRM, find, propose, staff
from tests.work import Workplace

MOST_TO_A_CAUSE = 3
PHONE = {"width": 360, "height": 740}


@dataclass
class Walk:
    """A page, and how often something was pressed on it."""

    page: Page
    clicks: int = 0

    def press(self, what: Locator) -> None:
        what.click()
        self.page.wait_for_load_state()
        self.clicks += 1


@pytest.fixture
def desk(work: Workplace) -> Workplace:
    work.now = datetime.now(UTC)  # the server's clock is the real one
    stock_sources(work)
    hold(work)
    return work


@contextmanager
def walking(desk: Workplace, browser: Browser, **how: object) -> Iterator[Walk]:
    """An editor at the first page of the desk."""
    account = desk.account(Role.EDITOR)
    with desk.running() as address:
        context = browser.new_context(viewport=PHONE, **how)  # type: ignore[arg-type]
        context.add_cookies([desk.cookie(account, address)])
        page = context.new_page()
        page.goto(f"{address}/desk/")
        yield Walk(page)
        context.close()


def told(capsys: pytest.CaptureFixture[str], what: str, walk: Walk, began: float) -> None:
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(f"\n{what}: {walk.clicks} clicks, {seconds:.1f} s")


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_silent_source_to_its_cause_in_three_clicks(
    desk: Workplace, browser: Browser, capsys: pytest.CaptureFixture[str], scripts: bool
) -> None:
    with walking(desk, browser, java_script_enabled=scripts) as walk:
        began, page = time.monotonic(), walk.page
        line = page.locator(".todo li", has_text="Source broken is silent")
        walk.press(line.get_by_role("link", name="See why"))
        expect(page.get_by_text("A developer must look")).to_be_visible()
        row = page.locator("tr", has_text="no field named rate")
        walk.press(row.get_by_role("link"))
        expect(page.get_by_text("What was wrong with it:")).to_be_visible()
        expect(page.locator("pre").first).to_contain_text("10.90000000000000000001")
        assert page.locator("pre script").count() == 0
        told(capsys, "from a silent source to its cause", walk, began)
        assert walk.clicks <= MOST_TO_A_CAUSE


def test_a_held_price_is_decided_in_two_clicks(
    desk: Workplace, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    with walking(desk, browser) as walk:
        began, page = time.monotonic(), walk.page
        line = page.locator(".todo li", has_text="1 price of broken is held")
        walk.press(line.get_by_role("link", name="Decide"))
        page.get_by_label("Why").fill("Their own page says another rate.")
        walk.press(page.get_by_role("button", name="Refuse"))
        expect(page.get_by_role("status")).to_contain_text("1 reading refused.")
        told(capsys, "a held price refused", walk, began)
        assert walk.clicks == 2
    with desk.database.reading() as session:
        assert session.get_one(HeldRow, 1).decision is HeldDecision.REFUSED


def test_a_source_is_turned_off_and_asked_by_keyboard(
    desk: Workplace, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    with walking(desk, browser) as walk:
        began, page = time.monotonic(), walk.page
        walk.press(page.get_by_role("link", name="Menu: Today"))
        walk.press(page.get_by_role("link", name="Sources", exact=True))
        walk.press(page.get_by_role("link", name="well", exact=True))
        walk.press(page.get_by_role("button", name="Ask it now"))
        expect(page.get_by_text("takes it up within some seconds")).to_be_visible()
        page.get_by_label("Why").fill("They asked us to stop.")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").last).to_contain_text("Turned off.")
        told(capsys, "a source wished, then turned off", walk, began)
    with desk.database.reading() as session:
        assert not session.get_one(SourceRow, "well").is_on


def test_a_proposal_is_approved_in_two_clicks(
    desk: Workplace, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    number = propose(staff(desk))
    with walking(desk, browser) as walk:
        began, page = time.monotonic(), walk.page
        line = page.locator(".todo li", has_text=f"{FIRM} proposes something")
        walk.press(line.get_by_role("link", name="Look and decide"))
        walk.press(page.get_by_role("button", name="Approve and publish"))
        expect(page.get_by_role("status")).to_contain_text("Approved and published.")
        told(capsys, "a proposal approved and published", walk, began)
        assert walk.clicks == 2
    assert find(desk, number).state is State.APPROVED
