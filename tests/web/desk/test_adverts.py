"""Adverts at the desk: refused by rule, let through by a second person, switched by one role."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from app.db import adverts, audit
from app.domain.account import Role
from app.domain.advert import REFUSED, Advert, AdvertState, Sector
from tests.web.test_complaints import SCRIPT
from tests.work import SignedIn, Workplace

DESK = "/desk/adverts/"
GOOD: dict[str, Any] = {
    "advertiser": "Boekhandel Van Dijk",
    "sector": "books_and_media",
    "title": "Books in your own language",
    "text": "Novels and schoolbooks.",
    "link": "https://books.example/new",
    "languages": ["en", "nl"],
    "starts": "2026-11-20",
    "ends": "2026-11-30",
    "paid": "150",
}
OTHERS = (Role.MODERATOR, Role.RESEARCHER, Role.PROVIDER)
CHANGING = ["switch", "new", "1/change", "1/approve", "1/reject", "1/stop"]


def known(work: Workplace) -> list[Advert]:
    with work.database.reading() as session:
        return adverts.all_adverts(session)


def made(work: Workplace, browser: SignedIn | None = None, **changed: Any) -> Advert:
    browser = browser or work.by(Role.EDITOR)
    response = browser.post(DESK + "new", data=GOOD | changed)
    assert response.status_code == 303, wrong(response)
    return known(work)[0]


def wrong(response: TestResponse) -> set[str]:
    return set(re.findall(r'<li><a href="#(\w+)">', response.text))


def acts(work: Workplace) -> list[str]:
    with work.database.reading() as session:
        found = audit.history(session)
    return [entry.act for entry in reversed(found) if entry.act.startswith("advert")]


@pytest.mark.parametrize("address", ["", "new", "1", "1/change"])
def test_editors_see_the_pages_and_nobody_else_does(work: Workplace, address: str) -> None:
    made(work)
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        assert work.by(role).get(DESK + address).status_code == 200
    for role in OTHERS:
        assert work.by(role).get(DESK + address).status_code == 404
    assert work.client().get(DESK + address).status_code == 401


@pytest.mark.parametrize("address", CHANGING)
def test_nobody_else_changes_anything(work: Workplace, address: str) -> None:
    before = made(work)
    sent = GOOD | {"version": "1", "reason": "Because.", "to": "on", "title": "Changed"}
    for role in OTHERS:
        assert work.by(role).post(DESK + address, data=sent).status_code == 404
    assert work.client().post(DESK + address, data=sent).status_code == 401
    forged = work.by(Role.ADMINISTRATOR).post(
        DESK + address, data=sent, headers={"Origin": "https://evil.example"}
    )
    assert forged.status_code == 403
    assert known(work) == [before]
    with work.database.reading() as session:
        assert not adverts.now_on(session)


def test_an_advert_is_made_and_waits(work: Workplace) -> None:
    advert = made(work)
    assert (advert.state, advert.languages) == (AdvertState.WAITING, ("nl", "en"))
    assert acts(work) == ["advert.made"]


@pytest.mark.parametrize("sector", sorted(REFUSED))
def test_firms_that_live_by_money_are_refused_with_a_clear_sentence(
    work: Workplace, sector: Sector
) -> None:
    response = work.by(Role.EDITOR).post(DESK + "new", data=GOOD | {"sector": sector.value})
    assert response.status_code == 422
    assert wrong(response) == {"sector"}
    assert "No adverts of banks, money transfer operators" in response.text
    assert known(work) == []
    assert acts(work) == ["advert.kept_out"]


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"advertiser": "Western Union Retail"}, "advertiser", "that of Western Union in it"),
        ({"advertiser": "western-union"}, "advertiser", "Western Union"),
        ({"advertiser": "ABN AMRO Magazine"}, "advertiser", "ABN AMRO"),
        ({"link": "https://www.westernunion.com/nl"}, "link", "leads to the site of Western Union"),
    ],
)
def test_firms_that_we_know_are_refused_whatever_they_call_themselves(
    work: Workplace, changed: dict[str, str], field: str, words: str
) -> None:
    response = work.by(Role.EDITOR).post(DESK + "new", data=GOOD | changed)
    assert response.status_code == 422
    assert wrong(response) == {field}
    assert words in response.text
    assert known(work) == []


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"advertiser": ""}, {"advertiser"}),
        ({"advertiser": "x" * 121}, {"advertiser"}),
        ({"advertiser": "W\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}se"}, {"advertiser"}),
        ({"sector": ""}, {"sector"}),
        ({"sector": "something of my own"}, {"sector"}),
        ({"title": ""}, {"title"}),
        ({"title": "x" * 61}, {"title"}),
        ({"text": "x" * 241}, {"text"}),
        ({"text": " \r\n "}, {"text"}),
        ({"link": "http://books.example/"}, {"link"}),
        ({"link": "javascript:alert(1)"}, {"link"}),
        ({"link": SCRIPT}, {"link"}),
        ({"languages": []}, {"languages"}),
        ({"languages": ["en", "xx"]}, {"languages"}),
        ({"starts": "soon"}, {"starts"}),
        ({"starts": "2026-02-30"}, {"starts"}),
        ({"ends": "2026-11-19"}, {"ends"}),
        ({"ends": "2026-11-25", "starts": "2026-11-26"}, {"ends"}),
        ({"ends": "2028-01-01"}, {"ends"}),
        ({"paid": ""}, {"paid"}),
        ({"paid": "-1"}, {"paid"}),
        ({"paid": "a beer"}, {"paid"}),
        ({"paid": "1000001"}, {"paid"}),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    work: Workplace, changed: dict[str, Any], fields: set[str]
) -> None:
    response = work.by(Role.EDITOR).post(DESK + "new", data=GOOD | changed)
    assert response.status_code == 422
    assert wrong(response) == fields
    assert "<script>" not in response.text
    assert known(work) == []


def test_an_advert_for_nothing_may_be(work: Workplace) -> None:
    assert made(work, paid="0").paid == 0


def test_the_maker_does_not_let_it_through(work: Workplace) -> None:
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        browser = work.by(role)
        advert = made(work, browser)
        address = f"{DESK}{advert.number}/approve"
        response = browser.post(address, data={"version": "1"})
        assert response.status_code == 403
        assert "a second person lets it through" in response.text
        assert known(work)[0].state is AdvertState.WAITING
        assert work.by(Role.EDITOR).post(address, data={"version": "1"}).status_code == 303
        assert known(work)[0].state is AdvertState.APPROVED
    assert acts(work) == ["advert.made", "advert.approved"] * 2


def test_whoever_wrote_it_anew_does_not_let_it_through(work: Workplace) -> None:
    maker, second = work.by(Role.EDITOR), work.by(Role.EDITOR)
    advert = made(work, maker)
    address = f"{DESK}{advert.number}"
    changed = second.post(f"{address}/change", data=GOOD | {"title": "Mine", "version": "1"})
    assert changed.status_code == 303
    assert second.post(f"{address}/approve", data={"version": "2"}).status_code == 403
    assert maker.post(f"{address}/approve", data={"version": "1"}).status_code == 409
    assert maker.post(f"{address}/approve", data={"version": "2"}).status_code == 303


def test_of_two_who_write_the_second_sees_both(work: Workplace) -> None:
    advert = made(work)
    address = f"{DESK}{advert.number}/change"
    first = work.by(Role.EDITOR).post(address, data=GOOD | {"title": "Theirs", "version": "1"})
    assert first.status_code == 303
    second = work.by(Role.EDITOR).post(address, data=GOOD | {"title": "Mine", "version": "1"})
    assert second.status_code == 409
    assert "Theirs" in second.text
    assert "Mine" in second.text
    assert 'name="version" value="2"' in second.text
    assert known(work)[0].title == "Theirs"


def test_rejecting_and_stopping_say_why(work: Workplace) -> None:
    editor = work.by(Role.EDITOR)
    advert = made(work)
    address = f"{DESK}{advert.number}"
    assert wrong(editor.post(f"{address}/reject", data={"version": "1"})) == {"reason"}
    done = editor.post(f"{address}/reject", data={"version": "1", "reason": "Too loud."})
    assert done.status_code == 303
    assert "Too loud." in editor.get(address).text
    assert editor.get(f"{address}/change").status_code == 404
    for part in ("approve", "stop"):
        again = editor.post(f"{address}/{part}", data={"version": "2", "reason": "x"})
        assert again.status_code == 409
    other = made(work, work.by(Role.EDITOR))
    editor.post(f"{DESK}{other.number}/approve", data={"version": "1"})
    stopped = editor.post(f"{DESK}{other.number}/stop", data={"version": "2", "reason": "Shut."})
    assert stopped.status_code == 303
    assert known(work)[0].state is AdvertState.STOPPED
    assert acts(work)[-1] == "advert.stopped"


def test_only_an_administrator_has_the_switch_and_says_why(work: Workplace) -> None:
    assert "Turn adverts on" not in work.by(Role.EDITOR).get(DESK).text
    turned = {"to": "on", "reason": "The grant ended."}
    assert work.by(Role.EDITOR).post(DESK + "switch", data=turned).status_code == 404
    administrator = work.by(Role.ADMINISTRATOR)
    assert wrong(administrator.post(DESK + "switch", data={"to": "on"})) == {"reason"}
    assert administrator.post(DESK + "switch", data={"reason": "x"}).status_code == 422
    assert administrator.post(DESK + "switch", data=turned).status_code == 303
    assert administrator.post(DESK + "switch", data=turned).status_code == 303
    text = administrator.get(DESK).text
    assert "The grant ended." in text
    assert "Turn adverts off" in text
    assert acts(work) == ["adverts.switched_on"]


def test_what_is_not_there_is_not_found(work: Workplace) -> None:
    browser = work.by(Role.EDITOR)
    for part in ("", "/change"):
        assert browser.get(f"{DESK}9{part}").status_code == 404
    for part in ("change", "approve"):
        assert browser.post(f"{DESK}9/{part}", data=GOOD).status_code == 404
    for part in ("reject", "stop"):
        sent = {"reason": "No.", "version": "1"}
        assert browser.post(f"{DESK}9/{part}", data=sent).status_code == 404


def test_the_list_is_downloaded_without_formulas(work: Workplace) -> None:
    made(work, title="=HYPERLINK(1)")
    response = work.by(Role.EDITOR).get(f"{DESK}?adverts-as=csv")
    assert response.mimetype == "text/csv"
    assert "'=HYPERLINK(1)" in response.text


@pytest.mark.parametrize("width", [320, 1280])
def test_an_advert_is_made_in_a_browser(work: Workplace, browser: Browser, width: int) -> None:
    account = work.account(Role.EDITOR)
    with work.running() as address:
        context = browser.new_context(
            viewport={"width": width, "height": 640}, java_script_enabled=False
        )
        context.add_cookies([work.cookie(account, address)])
        page = context.new_page()
        page.goto(f"{address}{DESK}")
        page.get_by_role("link", name="New advert").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("advertiser", "title", "text", "link", "paid"):
            page.locator(f"#{name}").fill(GOOD[name])
        page.get_by_label("Sector").select_option("food")
        page.get_by_label("English").check()
        page.get_by_label("First day").fill("2031-01-01")
        page.get_by_label("Last day").fill("2031-01-31")
        page.get_by_role("button", name="Keep it").click()
        page.get_by_text("You made this yourself").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
    assert [one.sector for one in known(work)] == [Sector.FOOD]
