"""Mystery shopping at the desk: drawn, asked, filled in, corrected, held against what we showed."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from app.db import audit, prices, shopped, shopping
from app.db.shopping import Task
from app.domain.account import Role
from app.domain.quote import Observed, Origin
from app.domain.shopping import Heard, Verdict
from app.domain.shopping_sample import Candidate, Risk, draw
from tests.web.test_complaints import SCRIPT
from tests.work import SignedIn, Workplace

SHOPPING = "/desk/shopping/"
SHOPPERS = (Role.RESEARCHER, Role.EDITOR, Role.ADMINISTRATOR)
OTHERS = (Role.MODERATOR, Role.PROVIDER)


def drawn(work: Workplace, size: str = "5") -> list[Task]:
    response = work.by(Role.EDITOR).post("/desk/shopping/sample", data={"size": size})
    assert response.status_code == 303, response.text
    return tasks(work)


def tasks(work: Workplace) -> list[Task]:
    with work.database.reading() as session:
        return shopping.tasks(session)


def one(work: Workplace, number: int) -> Task:
    return next(task for task in tasks(work) if task.id == number)


def page(task: Task, part: str = "") -> str:
    return f"/desk/shopping/task/{task.id}{part}"


def begun(work: Workplace, task: Task, browser: SignedIn | None = None) -> SignedIn:
    browser = browser or work.by(Role.RESEARCHER)
    response = browser.post(page(task, "/begin"))
    assert response.status_code == 303
    return browser


def told(work: Workplace, task: Task, **changed: Any) -> dict[str, Any]:
    """What our own page says, filled in as if it was told."""
    with work.database.reading() as session:
        from app.db.shopping_frame import shown_at  # noqa: PLC0415

        shown = shown_at(session, task.service_id, task.corridor, task.rung.amount, work.now)
    assert shown is not None
    return {
        "heard": "price",
        "paid": f"{shown.paid.amount:.2f}",
        "fee": f"{shown.fee.amount:.2f}",
        "received": f"{shown.received.amount:.2f}",
        "version": "0",
    } | changed


def wrong(response: TestResponse) -> set[str]:
    """Fields that the summary of what is wrong links to."""
    return set(re.findall(r'<li><a href="#(\w+)">', response.text))


def acts(work: Workplace) -> list[str]:
    with work.database.reading() as session:
        found = audit.history(session)
    return [entry.act for entry in reversed(found) if entry.act.startswith("shopping.")]


@pytest.mark.parametrize("address", ["", "sample", "results"])
def test_shoppers_see_the_pages_and_nobody_else_does(work: Workplace, address: str) -> None:
    for role in SHOPPERS:
        assert work.by(role).get(SHOPPING + address).status_code == 200
    for role in OTHERS:
        assert work.by(role).get(SHOPPING + address).status_code == 404
    assert work.client().get(SHOPPING + address).status_code == 401


def test_nobody_else_changes_anything(work: Workplace) -> None:
    task = drawn(work)[0]
    addresses = ["/desk/shopping/sample"]
    addresses += [
        page(task, part) for part in ("/begin", "/give-back", "/assign", "/result", "/withdraw")
    ]
    for address in addresses:
        for role in OTHERS:
            assert work.by(role).post(address).status_code == 404, address
        assert work.client().post(address).status_code == 401, address
        forged = work.by(Role.ADMINISTRATOR).post(
            address, headers={"Origin": "https://evil.example"}
        )
        assert forged.status_code == 403, address
    assert work.by(Role.RESEARCHER).post(page(task, "/assign")).status_code == 404
    assert tasks(work)[0] == task


def test_a_sample_is_drawn_and_its_seed_stands_on_the_page(work: Workplace) -> None:
    made = drawn(work, "20")
    assert len(made) == 20
    assert len({task.service_id for task in made}) == 20
    text = work.by(Role.RESEARCHER).get("/desk/shopping/sample").text
    with work.database.reading() as session:
        (sample,) = shopping.samples(session)
    assert re.fullmatch("[0-9a-f]{32}", sample.seed)
    assert sample.seed in text
    assert acts(work) == ["shopping.drawn"]


def test_anyone_draws_it_again_from_the_file(work: Workplace) -> None:
    made = drawn(work, "20")
    response = work.by(Role.RESEARCHER).get(f"/desk/shopping/sample/{made[0].sample_id}/frame")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) > 100
    again = draw(map(candidate, rows), rows[0]["seed"], int(rows[0]["size"]))
    assert [(drawn.service_id, drawn.rung) for drawn in again] == [
        (task.service_id, task.rung.amount) for task in made
    ]
    places = {row["service"]: row["place"] for row in rows if row["place"]}
    assert places == {str(task.service_id): str(task.place) for task in made}
    assert work.by(Role.RESEARCHER).get("/desk/shopping/sample/999/frame").status_code == 404


def candidate(row: dict[str, str]) -> Candidate:
    low, high = (Decimal(row[name]) if row[name] else None for name in ("low", "high"))
    risks = frozenset(Risk(name) for name in row["risks"].split("+") if name)
    return Candidate(int(row["service"]), low, high, risks, int(row["visits"]))


def test_what_was_drawn_is_not_drawn_again_this_quarter(work: Workplace) -> None:
    first = {task.service_id for task in drawn(work, "500")}
    response = work.by(Role.EDITOR).post("/desk/shopping/sample", data={"size": "1"})
    assert response.status_code == 422
    assert "nothing left to draw" in response.text
    work.later(days=60)
    both = drawn(work, "3")
    assert {task.quarter for task in both} == {"2026_4Q", "2027_1Q"}
    assert {task.service_id for task in both} == first


@pytest.mark.parametrize("size", ["", "0", "-1", "501", "1.5", "x", "1e3", "9" * 50, SCRIPT])
def test_a_size_that_is_none_draws_nothing(work: Workplace, size: str) -> None:
    response = work.by(Role.EDITOR).post("/desk/shopping/sample", data={"size": size})
    assert response.status_code == 422
    assert wrong(response) == {"size"}
    assert tasks(work) == []


def test_the_way_of_one_task(work: Workplace) -> None:
    task = drawn(work)[0]
    browser = work.by(Role.RESEARCHER)
    assert "I ask now" in browser.get(page(task)).text
    begun(work, task, browser)
    form = browser.get(page(task, "/result")).text
    for number in range(1, 9):
        assert f"{number}. " in form
    sent = told(
        work, task, speed="same_day", access_points=["agent", "internet"], note="Two\r\nlines."
    )
    sent |= {
        "pickup_methods": ["cash"],
        "coverage": "high",
        "receiver_charge": "0",
        "bought": "yes",
    }
    response = browser.post(page(task, "/result"), data=sent)
    assert response.status_code == 303, response.text
    kept = one(work, task.id).newest
    assert kept is not None
    result = kept.result
    assert result.verdict is Verdict.KEPT
    assert (result.heard, result.bought, result.note) == (Heard.PRICE, True, "Two\nlines.")
    assert result.figures is not None
    assert result.figures.receiver_charge is not None
    assert result.figures.receiver_charge.amount == 0
    assert [str(point) for point in result.access_points] == ["internet", "agent"]
    text = browser.get(page(task)).text
    assert "kept" in text
    assert "Shown by us then" in text
    assert acts(work) == ["shopping.drawn", "shopping.begun", "shopping.filled"]


def test_what_we_show_is_not_seen_before_it_is_filled_in(work: Workplace) -> None:
    task = drawn(work)[0]
    browser = begun(work, task)
    received = told(work, task)["received"].split(".")[0]
    for address in (page(task), page(task, "/result"), SHOPPING):
        text = browser.get(address).text.replace(",", "")
        assert received not in text
        assert "Shown by us" not in text


def test_the_result_says_what_differs(work: Workplace) -> None:
    task = drawn(work)[0]
    browser = begun(work, task)
    sent = told(work, task)
    sent["received"] = f"{Decimal(sent['received']) * Decimal('0.98'):.2f}"
    browser.post(page(task, "/result"), data=sent)
    text = browser.get(page(task)).text
    assert "less arrives than we showed" in text
    assert re.search(r"-(1\.9\d|2\.0\d)%", text)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"heard": ""}, {"heard"}),
        ({"heard": "free"}, {"heard"}),
        ({"paid": ""}, {"paid"}),
        ({"paid": "a lot"}, {"paid"}),
        ({"paid": "1,234,5"}, {"paid"}),
        ({"paid": "9" * 30}, {"paid"}),
        ({"fee": "-3"}, {"fee"}),
        ({"received": "0"}, {"received"}),
        ({"received": SCRIPT}, {"received"}),
        ({"rate": "1e5"}, {"rate"}),
        ({"rate": "NaN"}, {"rate"}),
        ({"rate": "0"}, {"received"}),
        ({"speed": "soon"}, {"speed"}),
        ({"coverage": "all"}, {"coverage"}),
        ({"access_points": ["agent", "moon"]}, {"access_points"}),
        ({"pickup_methods": ["moon"]}, {"pickup_methods"}),
        ({"receiver_charge": "some"}, {"receiver_charge"}),
        ({"asked_at": "yesterday"}, {"asked_at"}),
        ({"asked_at": "2027-01-01T10:00"}, {"asked_at"}),
        ({"asked_at": "2020-01-01T10:00"}, {"asked_at"}),
        ({"note": "x" * 2001}, {"note"}),
        ({"receipt": "1" * 61}, {"receipt"}),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    work: Workplace, changed: dict[str, Any], fields: set[str]
) -> None:
    task = drawn(work)[0]
    browser = begun(work, task)
    response = browser.post(page(task, "/result"), data=told(work, task, **changed))
    assert response.status_code == 422, changed
    assert wrong(response) == fields
    assert "<script>" not in response.text
    assert one(work, task.id).newest is None


def test_a_task_of_somebody_else_is_not_filled_in(work: Workplace) -> None:
    task = drawn(work)[0]
    begun(work, task)
    other = work.by(Role.RESEARCHER)
    assert other.post(page(task, "/begin")).status_code == 303
    assert other.get(page(task, "/result")).status_code == 303
    assert other.post(page(task, "/result"), data=told(work, task)).status_code == 404
    assert other.post(page(task, "/give-back")).status_code == 404
    assert one(work, task.id).newest is None
    assert acts(work).count("shopping.begun") == 1


def test_giving_back_and_assigning(work: Workplace) -> None:
    task = drawn(work)[0]
    browser = begun(work, task)
    assert browser.post(page(task, "/give-back")).status_code == 303
    assert one(work, task.id).researcher is None
    researcher = work.account(Role.RESEARCHER)
    editor = work.by(Role.EDITOR)
    assert editor.post(page(task, "/assign"), data={"account": researcher.id}).status_code == 303
    assert one(work, task.id).researcher == (researcher.id, researcher.name)
    moderator = work.account(Role.MODERATOR)
    for chosen in (moderator.id, "x", 999):
        assert editor.post(page(task, "/assign"), data={"account": chosen}).status_code == 422
    assert acts(work)[-2:] == ["shopping.given_back", "shopping.assigned"]


def filled(work: Workplace, task: Task, **changed: Any) -> SignedIn:
    browser = begun(work, task)
    work.later(minutes=5)
    response = browser.post(page(task, "/result"), data=told(work, task, **changed))
    assert response.status_code == 303, wrong(response)
    return browser


def test_a_correction_needs_its_reason_and_loses_nothing(work: Workplace) -> None:
    task = drawn(work)[0]
    filled(work, task, note="First.")
    editor = work.by(Role.EDITOR)
    form = editor.get(page(task, "/result")).text
    assert "First." in form
    again = told(work, task, version="1", note="Second.")
    response = editor.post(page(task, "/result"), data=again)
    assert wrong(response) == {"reason"}
    before = one(work, task.id).newest
    assert editor.post(page(task, "/result"), data=again | {"reason": "A slip."}).status_code == 303
    newest = one(work, task.id).newest
    assert before is not None
    assert newest is not None
    assert (newest.number, newest.result.note, newest.result.reason) == (2, "Second.", "A slip.")
    assert newest.result.shown == before.result.shown
    assert newest.result.asked_at == before.result.asked_at
    text = editor.get(page(task)).text
    for words in ("First.", "Second.", "A slip."):
        assert words in text


def test_what_the_form_was_filled_with_is_what_it_sends(work: Workplace) -> None:
    """A correction of nothing but the note leaves every other answer as it was."""
    task = drawn(work)[0]
    work.later(seconds=17)
    filled(
        work, task, speed="next_day", receiver_charge="1.50", bought="yes", pickup_methods=["cash"]
    )
    editor = work.by(Role.EDITOR)
    html = editor.get(page(task, "/result")).text
    sent = form_data(html) | {"note": "More.", "reason": "More."}
    assert editor.post(page(task, "/result"), data=sent).status_code == 303
    with work.database.reading() as session:
        first, second = shopping.versions(session, task)
    for name in ("heard", "asked_at", "bought", "figures", "speed", "pickup_methods", "shown"):
        assert getattr(first.result, name) == getattr(second.result, name), name


def form_data(html: str) -> dict[str, Any]:
    """As a browser would send the form of the page."""
    html = html.partition('class="fields"')[2]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", html):
        given = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if given.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        sent[given["name"]] = given.get("value", "")
    for name, options in re.findall(
        r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL
    ):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        sent[name] = chosen[0] if chosen else ""
    return sent


def test_of_two_corrections_the_second_sees_both(work: Workplace) -> None:
    task = drawn(work)[0]
    filled(work, task)
    editor = work.by(Role.EDITOR)
    mine = told(work, task, version="1", reason="Mine.", note="What I wrote.")
    theirs = told(work, task, version="1", reason="Theirs.", note="What they wrote.")
    assert editor.post(page(task, "/result"), data=theirs).status_code == 303
    response = work.by(Role.EDITOR).post(page(task, "/result"), data=mine)
    assert response.status_code == 409
    assert "What I wrote." in response.text
    assert "What they wrote." in response.text
    assert form_data(response.text)["version"] == "2"


def test_withdrawing_takes_it_out_of_every_figure(work: Workplace) -> None:
    task = drawn(work)[0]
    browser = filled(work, task)
    response = browser.post(page(task, "/withdraw"), data={"version": "1", "reason": ""})
    assert wrong(response) == {"reason"}
    outdated = browser.post(page(task, "/withdraw"), data={"version": "7", "reason": "No."})
    assert outdated.status_code == 409
    for version in ("", "x"):
        odd = browser.post(page(task, "/withdraw"), data={"version": version, "reason": "No."})
        assert odd.status_code in (409, 422)
    done = browser.post(page(task, "/withdraw"), data={"version": "1", "reason": "Another firm."})
    assert done.status_code == 303
    with work.database.reading() as session:
        assert shopped.overall(session, work.now).checked == 0
    assert "Another firm." in browser.get(page(task)).text
    again = browser.post(page(task, "/withdraw"), data={"version": "2", "reason": "Again."})
    assert again.status_code == 404
    assert acts(work)[-1] == "shopping.withdrawn"


def test_a_receipt_counts_once(work: Workplace) -> None:
    first, second = drawn(work)[:2]
    while first.service.provider != second.service.provider:
        first, second = same_firm(drawn(work, "100"))
    filled(work, first, receipt="R 12 345")
    browser = begun(work, second)
    response = browser.post(page(second, "/result"), data=told(work, second, receipt="r12345"))
    assert response.status_code == 422
    assert wrong(response) == {"receipt"}


def same_firm(made: list[Task]) -> tuple[Task, Task]:
    first = next(
        task
        for task in made
        if sum(other.service.provider == task.service.provider for other in made) > 1
    )
    second = next(
        task
        for task in made
        if task is not first and task.service.provider == first.service.provider
    )
    return first, second


def test_the_overview_counts_and_its_numbers_lead_to_what_they_count(work: Workplace) -> None:
    for task in drawn(work, "12"):
        filled(work, task)
    browser = work.by(Role.RESEARCHER)
    text = browser.get("/desk/shopping/results").text
    assert "12 of 12 within half a percent" in text
    assert "100.00% (between 75.75% and 100.00%)" in text
    links = re.findall(r'href="(/desk/shopping/results\?results-filter=[^"]*)"', text)
    assert links
    for link in links:
        assert "listing" in browser.get(link.replace("&amp;", "&")).text
    rows = list(
        csv.DictReader(io.StringIO(browser.get("/desk/shopping/results?results-as=csv").text))
    )
    assert len(rows) == 12
    assert {row["Result"] for row in rows} == {"kept"}
    assert "text/csv" in browser.get("/desk/shopping/results?firms-as=csv").content_type
    assert "text/csv" in browser.get("/desk/shopping/?tasks-as=csv").content_type


def read_now(work: Workplace, task: Task) -> None:
    """Our price of it was read from the firm itself just now."""
    with work.database.writing() as session:
        known = prices.newest(session, task.corridor, services=[task.service_id])
        read = [replace(one, origin=Origin.LIVE, observed=Observed(work.now)) for one in known]
        prices.save(session, task.corridor, read, work.now)


def test_what_a_survey_said_is_not_held_against_a_firm(work: Workplace) -> None:
    for task in same_firm(drawn(work, "100")):
        sent = told(work, task)
        filled(work, task, received=f"{Decimal(sent['received']) * Decimal('0.97'):.2f}")
    assert "price differed twice" not in work.by(Role.EDITOR).get(SHOPPING).text


def test_a_firm_that_differs_twice_stands_first(work: Workplace) -> None:
    for task in same_firm(drawn(work, "100")):
        read_now(work, task)
        sent = told(work, task)
        filled(work, task, received=f"{Decimal(sent['received']) * Decimal('0.97'):.2f}")
    text = work.by(Role.EDITOR).get(SHOPPING).text
    assert "price differed twice" in text
    assert text.index("price differed twice") < text.index("All of this quarter")


def test_what_is_not_there_is_not_found(work: Workplace) -> None:
    browser = work.by(Role.EDITOR)
    for part in ("", "/result"):
        assert browser.get(f"/desk/shopping/task/99{part}").status_code == 404
    for part in ("/begin", "/give-back", "/assign", "/result", "/withdraw"):
        assert browser.post(f"/desk/shopping/task/99{part}").status_code == 404
    for number in ("0", "-1", "x", "9" * 30):
        assert browser.get(f"/desk/shopping/task/{number}").status_code == 404


def test_in_dutch_amounts_are_read_as_dutch_people_write_them(work: Workplace) -> None:
    task = drawn(work)[0]
    account = work.account(Role.RESEARCHER, language="nl")
    browser = begun(work, task, work.client(account))
    sent = told(work, task)
    for name in ("paid", "fee", "received"):
        sent[name] = sent[name].replace(".", ",")
    assert browser.post(page(task, "/result"), data=sent).status_code == 303


@pytest.mark.parametrize("width", [320, 1280])
def test_the_form_can_be_filled_in_on_a_phone(
    work: Workplace, browser: Browser, width: int
) -> None:
    task = drawn(work)[0]
    account = work.account(Role.RESEARCHER)
    with work.running() as address:
        context = browser.new_context(
            viewport={"width": width, "height": 640}, java_script_enabled=False
        )
        context.add_cookies([work.cookie(account, address)])
        opened = context.new_page()
        opened.goto(f"{address}{page(task)}")
        opened.get_by_role("button", name="I ask now").click()
        opened.wait_for_url("**/result")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        opened.get_by_label("They do not sell this").check()
        opened.get_by_label("3. How long until it arrives?").select_option("same_day")
        opened.locator("#pickup_methods-1").check()
        opened.get_by_role("button", name="Keep it").click()
        opened.wait_for_url(f"**{page(task)}")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
    newest = one(work, task.id).newest
    assert newest is not None
    assert newest.result.heard is Heard.NOT_OFFERED
