"""Every page of the portal, the desk and the way in, by axe and a ruler: on a small screen, and
large and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from app.domain.account import Role
from tests.axe.looking import COLOURS, violations
from tests.matrix.tenants import OURS, stock
from tests.web.browsing import scrolls_sideways
from tests.web.test_work_words import pages
from tests.work import Workplace

SMALL = {"viewport": {"width": 320, "height": 640}}
LARGE = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}


@pytest.mark.parametrize("look", [SMALL, LARGE], ids=["small", "large and dark"])
def test_a_page_at_work_is_accessible_and_fits(
    work: Workplace, browser: Browser, look: dict[str, object]
) -> None:
    work.language = "nl"
    staff = work.account(Role.PROVIDER, provider=OURS)
    stock(work, staff)
    holders = {Role.PROVIDER: staff, Role.ADMINISTRATOR: work.account(Role.ADMINISTRATOR)}
    wanted = [
        (actor.role, address)
        for actor, _route, address in pages(work)
        if actor.role and actor.browser.get(address).mimetype == "text/html"
    ]
    found, looked_at = [], 0
    errors: list[str] = []
    with work.running() as site:
        for role, holder in holders.items():
            context = browser.new_context(locale="nl", **look)  # type: ignore[arg-type]
            context.add_cookies([work.cookie(holder, site)])
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            for address in [one for of, one in wanted if of is role and "." not in one]:
                answer = page.goto(site + address)
                if answer is None or answer.status != 200:
                    continue
                looked_at += 1
                rules = COLOURS if look is LARGE else None
                faults = [*violations(page, rules), *scrolls_sideways(page)]
                found += [f"{address}: {one}" for one in faults]
            context.close()
    assert looked_at > 40
    assert errors == []
    assert found == []
