"""The portal and the desk's proposals in a real browser: without scripts, on a small screen, and
by the rules of accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from app.domain.account import Account, Role
from tests.web.portal.firm import FIRM, decide, file_of, propose, row, shown, staff
from tests.work import Workplace

PORTAL = ["/portal/", "/portal/prices", "/portal/prices/enter", "/portal/prices/upload"]
PORTAL += ["/portal/proposals", "/portal/proposals/2", "/portal/profile", "/portal/keys"]
DESK = ["/desk/proposals", "/desk/proposals/2"]


@pytest.fixture
def place(work: Workplace) -> Workplace:
    """One price that is live, one proposal that waits and differs much, one that was sent back."""
    work.now = datetime.now(UTC)
    browser, operator = staff(work), work.by(Role.EDITOR)
    decide(operator, propose(browser, row(), row(paid="500.00")))
    propose(browser, row(rate="10.00"), row(rate="5.00", paid="500.00"))
    decide(operator, propose(browser, row(pay_in="iDEAL")), "send-back", "Not your own fee.")
    return work


@pytest.fixture
def address(place: Workplace) -> Iterator[str]:
    with place.running() as running:
        yield running


def opened(
    browser: Browser, work: Workplace, account: Account, address: str, **how: object
) -> Page:
    context = browser.new_context(**how)  # type: ignore[arg-type]
    context.add_cookies([work.cookie(account, address)])
    return context.new_page()


def test_every_page_is_accessible_and_fits_a_small_screen(
    place: Workplace, browser: Browser, address: str
) -> None:
    for account, paths in (
        (place.account(Role.PROVIDER, provider=FIRM), PORTAL),
        (place.account(Role.EDITOR), DESK),
    ):
        page = opened(browser, place, account, address, viewport={"width": 320, "height": 800})
        for path in paths:
            page.goto(address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            found = Axe().run(page).response["violations"]
            assert [one["id"] for one in found] == [], path
        page.context.close()


def test_a_file_and_a_form_are_proposed_without_scripts(
    place: Workplace, browser: Browser, address: str
) -> None:
    account = place.account(Role.PROVIDER, provider=FIRM)
    page = opened(browser, place, account, address, java_script_enabled=False)
    page.goto(f"{address}/portal/prices/upload")
    data = file_of(row(rate="10.50"), row(rate="10.50", paid="500.00")).encode()
    page.set_input_files("#file", {"name": "p.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="See what would change").click()
    page.get_by_role("button", name="Propose these 2 prices").click()
    assert page.url == f"{address}/portal/proposals/4"
    page.goto(f"{address}/portal/prices")
    page.get_by_role("link", name="Change", exact=True).first.click()
    page.fill("#fee-1", "4.10")
    page.fill("#received-1", "2076.54")
    page.get_by_role("button", name="See what would change").click()
    page.get_by_role("button", name="Propose these 2 prices").click()
    assert page.url == f"{address}/portal/proposals/5"
    page.context.close()


def test_an_operator_approves_in_two_clicks_from_the_list(
    place: Workplace, browser: Browser, address: str
) -> None:
    propose(staff(place), row(rate="10.55"))
    before = shown(place)
    page = opened(browser, place, place.account(Role.EDITOR), address, java_script_enabled=False)
    page.goto(f"{address}/desk/proposals")
    page.locator('a[href="/desk/proposals/4"]').first.click()
    page.get_by_role("button", name="Approve and publish").click()
    assert page.url == f"{address}/desk/proposals"
    assert shown(place) != before
    page.context.close()
