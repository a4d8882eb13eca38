"""The right of reply from end to end, in a browser: a firm replies, an operator lets it go, readers
see it. On a small phone and a desk, without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from app.db import mails
from app.domain.account import Account, Role
from app.domain.mail import Mail, MailKind
from tests.web.reported import WRITTEN, a_report, firms
from tests.work import Workplace

WIDTHS = [320, 1280]


def opened(browser: Browser, work: Workplace, account: Account, address: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 640}, java_script_enabled=False
    )
    context.add_cookies([work.cookie(account, address)])
    return context.new_page()


def looked_at(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_a_firm_replies_and_readers_see_it(work: Workplace, browser: Browser, width: int) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    staff, moderator = work.account(Role.PROVIDER, firm), work.account(Role.MODERATOR)
    with work.running() as address:
        desk = opened(browser, work, moderator, address, width)
        desk.goto(f"{address}/desk/reports")
        looked_at(desk, width)
        desk.get_by_role("link", name=str(number), exact=True).first.click()
        looked_at(desk, width)
        desk.get_by_label("How far it is").select_option("unchanged")
        desk.get_by_label("In public words").fill("The fee is right.")
        desk.get_by_role("button", name="Answer").click()
        desk.get_by_text("The reader is told by mail").wait_for()

        portal = opened(browser, work, staff, address, width)
        portal.goto(f"{address}/portal/reports")
        looked_at(portal, width)
        portal.get_by_role("link", name=str(number), exact=True).first.click()
        portal.get_by_label("In public words").fill("We agree, and thank the reader.")
        portal.get_by_role("button", name="Send").click()
        portal.get_by_text("We read it before readers see it").wait_for()
        looked_at(portal, width)
        assert not any(written in portal.content() for written in WRITTEN)

        desk.goto(f"{address}/desk/reports")
        desk.get_by_role("link", name=f"Report {number}").click()
        looked_at(desk, width)
        desk.get_by_role("button", name="Let readers see it").click()
        desk.get_by_text("The reply is public").wait_for()

        desk.goto(f"{address}/en/corrections")
        desk.get_by_text("We agree, and thank the reader.").wait_for()
        looked_at(desk, width)
        ends(desk.context, portal.context)


def ends(*contexts: BrowserContext) -> None:
    for one in contexts:
        one.close()


def test_the_pages_are_accessible(work: Workplace, browser: Browser) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    long_one = Mail("a@example.org", "A" * 90, f"https://x.example/{'b' * 200}", MailKind.NOTICE)
    with work.database.writing() as session:
        mail = mails.queue(session, long_one, work.now)
    staff, chief = work.account(Role.PROVIDER, firm), work.account(Role.ADMINISTRATOR)
    desk = ("/desk/reports", f"/desk/reports/{number}", "/desk/mails", f"/desk/mails/{mail}")
    portal = ("/portal/reports", f"/portal/reports/{number}")
    with work.running() as address:
        for account, paths in ((chief, desk), (staff, portal)):
            context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
            context.add_cookies([work.cookie(account, address)])
            page = context.new_page()
            for path in paths:
                page.goto(f"{address}{path}")
                found = Axe().run(page)
                assert found.violations_count == 0, f"{path}: {found.generate_report()}"
                looked_at(page, 320)
            context.close()
