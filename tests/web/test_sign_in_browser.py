"""The way in with a real browser: a passkey, and without scripts on a small screen."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp
from playwright.sync_api import Browser, Page

from app.db import accounts
from app.domain.account import Account, Role
from app.web.signin import codes, passwords
from tests.axe.looking import violations
from tests.web.browsing import scrolls_sideways
from tests.web.test_sign_in import PASSWORD, SECRET
from tests.work import Workplace

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""An authenticator that Chromium makes up."""


def with_password(work: Workplace) -> Account:
    account = work.account(Role.EDITOR)
    with work.app.app_context(), work.database.writing() as session:
        accounts.set_password(session, account.id, passwords.hashed(PASSWORD))
        accounts.set_one_time_secret(session, account.id, codes.sealed(SECRET))
    return account


def first_step(page: Page, site: str, account: Account) -> None:
    page.goto(f"{site}/account")
    page.get_by_label("Mail address").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/sign-in/code**")


def give_code(page: Page, ahead: int = 0) -> None:
    made = pyotp.TOTP(SECRET).at(for_time=datetime.now(UTC), counter_offset=ahead)
    page.get_by_label("Code").fill(made)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")


def test_a_passkey_is_added_and_lets_in(work: Workplace, browser: Browser) -> None:
    account = with_password(work)
    with work.running(PUBLIC_URL="http://localhost:{port}") as address:
        site = address.replace("127.0.0.1", "localhost")
        context = browser.new_context(locale="en")
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        first_step(page, site, account)
        give_code(page)
        page.get_by_label("Name of the device or key").fill("My phone")
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_text("The passkey is added.").wait_for()
        assert page.get_by_text("My phone").count() == 1
        page.get_by_role("button", name="Sign out", exact=True).click()
        first_step(page, site, account)
        page.get_by_role("button", name="Use your passkey").click()
        page.wait_for_url("**/account")
        names = {cookie["name"] for cookie in context.cookies()}
        context.close()
    assert {"work", "device"} <= names <= {"work", "device", "said"}


def test_without_scripts_on_a_small_screen(work: Workplace, browser: Browser) -> None:
    account = with_password(work)
    with work.running() as site:
        window = {"width": 320, "height": 640}
        context = browser.new_context(java_script_enabled=False, viewport=window, locale="nl")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site}/account")
        page.locator("#email").fill(account.email)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url("**/sign-in/code**")
        page.locator("#code").fill(pyotp.TOTP(SECRET).now())
        page.locator("main button:visible").click()
        page.wait_for_url("**/account")
        assert account.email in page.content()
        context.close()


def test_its_pages_are_accessible_and_fit(work: Workplace, browser: Browser) -> None:
    account = work.account(Role.ADMINISTRATOR)
    half = work.account(Role.EDITOR)
    pages = (
        "/account",
        "/account/second-factor",
        "/desk/accounts",
        "/desk/audit",
        "/sign-in/forgotten",
    )
    found = []
    with work.running() as site:
        context = browser.new_context(viewport={"width": 320, "height": 640})
        page = context.new_page()
        for address in ("/account", "/sign-in/forgotten"):
            page.goto(site + address)
            found += [address, *violations(page), *scrolls_sideways(page)][1:]
        context.add_cookies([work.cookie(account, site)])
        for address in (*pages, f"/desk/accounts/{half.id}"):
            page.goto(site + address)
            found += [f"{address}: {one}" for one in [*violations(page), *scrolls_sideways(page)]]
        context.close()
    assert found == []
