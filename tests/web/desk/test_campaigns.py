"""Campaigns at the desk: made, changed, ended, printed; results that tell of nobody."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.db import audit, campaigns
from app.db.traffic import TrafficRow
from app.domain.account import Role
from app.domain.campaign import Campaign, CampaignKind
from app.domain.traffic import Subject
from tests.work import SignedIn, Workplace

LIST = "/desk/campaigns/"
NEW = "/desk/campaigns/new"
GOOD = {
    "name": "Market in Utrecht",
    "code": "markt-1",
    "kind": "flyer",
    "language": "nl",
    "target": "MA-",
    "amount": "200",
    "starts": "2026-11-01",
    "ends": "",
    "cost": "149,95",
    "notes": "500 flyers",
}


@pytest.fixture
def editor(work: Workplace) -> SignedIn:
    return work.client(work.account(Role.EDITOR, language="nl"))


def made(editor: SignedIn, **other: str) -> TestResponse:
    return editor.post(NEW, data=GOOD | other)


def kept(work: Workplace) -> list[Campaign]:
    with work.database.reading() as session:
        return campaigns.all_campaigns(session)


def came(work: Workplace, code: str, visits: dict[date, int]) -> None:
    with work.database.writing() as session:
        for day, count in visits.items():
            session.add(TrafficRow(day=day, subject=Subject.CAMPAIGN, name=code, count=count))


def wrong(response: TestResponse) -> set[str]:
    return set(re.findall(r'<li><a href="#(\w+)">', response.text))


def rows(response: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.text)))


def test_a_campaign_is_made_and_its_address_works(work: Workplace, editor: SignedIn) -> None:
    response = made(editor)
    (one,) = kept(work)
    assert (response.status_code, response.location) == (303, f"/desk/campaigns/{one.id}")
    assert (one.code, one.country, one.currency, str(one.amount)) == ("markt-1", "MA", "", "200")
    assert (str(one.cost), one.kind, one.ends) == ("149.95", CampaignKind.FLYER, None)
    page = editor.get(f"/desk/campaigns/{one.id}").text
    assert "http://127.0.0.1:8000/c/markt-1" in page
    went = work.client().get("/c/markt-1")
    assert went.location == "/nl/send/nl/ma?pay=200&via=markt-1"
    assert work.client().get(went.location).status_code == 200
    with work.database.reading() as session:
        assert audit.history(session, ("campaign", one.id))[0].act == "campaign.made"


def test_without_a_code_one_is_made(work: Workplace, editor: SignedIn) -> None:
    made(editor, code="", target="", amount="")
    made(editor, code="", target="SR-USD")
    second, first = kept(work)
    assert re.fullmatch(r"([bdfgkmrst][aeu]){3}", first.code)
    assert first.code != second.code
    assert (first.country, first.amount) == ("", None)
    assert (second.country, second.currency) == ("SR", "USD")


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "x" * 101}, {"name"}),
        ({"code": "A B"}, {"code"}),
        ({"code": "x"}, {"code"}),
        ({"kind": "bomb"}, {"kind"}),
        ({"language": "xx"}, {"language"}),
        ({"target": "https://evil.example/"}, {"target"}),
        ({"target": "//evil.example"}, {"target"}),
        ({"target": "KP-"}, {"target"}),
        ({"target": "MA-USD"}, {"target"}),
        ({"amount": ""}, {"amount"}),
        ({"amount": "9"}, {"amount"}),
        ({"amount": "1e4"}, {"amount"}),
        ({"starts": ""}, {"starts"}),
        ({"starts": "1-11-2026"}, {"starts"}),
        ({"starts": "0001-01-01"}, {"starts"}),
        ({"ends": "2026-10-31"}, {"ends"}),
        ({"ends": "soon"}, {"ends"}),
        ({"cost": "-5"}, {"cost"}),
        ({"cost": "NaN"}, {"cost"}),
        ({"cost": "999999999999"}, {"cost"}),
        ({"notes": "x" * 2001}, {"notes"}),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    work: Workplace, editor: SignedIn, other: dict[str, str], fields: set[str]
) -> None:
    response = made(editor, **other)
    assert (response.status_code, wrong(response)) == (422, fields)
    assert kept(work) == []


@pytest.mark.parametrize("code", ["markt-1", "markt1", "markt-l"])
def test_a_code_that_could_be_taken_for_another_is_refused(
    work: Workplace, editor: SignedIn, code: str
) -> None:
    made(editor)
    response = made(editor, code=code, name="Another")
    assert (response.status_code, wrong(response)) == (409, {"code"})
    assert len(kept(work)) == 1


def test_no_field_but_those_of_the_form_is_kept(work: Workplace, editor: SignedIn) -> None:
    made(editor, id="77", version="9", heard="evil", ended_at="2020-01-01", country="KP")
    (one,) = kept(work)
    assert (one.version, one.ended_at, one.country, one.id) == (1, None, "MA", 1)


def test_it_is_changed_but_never_its_code(work: Workplace, editor: SignedIn) -> None:
    made(editor)
    form = editor.get("/desk/campaigns/1/edit").text
    assert 'value="Market in Utrecht"' in form
    assert 'name="code"' not in form
    response = editor.post(
        "/desk/campaigns/1/edit",
        data=GOOD | {"code": "another", "name": "Fair", "target": "", "version": "1"},
    )
    assert response.status_code == 303
    (one,) = kept(work)
    assert (one.code, one.name, one.country, one.amount, one.version) == (
        "markt-1",
        "Fair",
        "",
        None,
        2,
    )
    with work.database.reading() as session:
        entry = audit.history(session, ("campaign", 1))[0]
    assert entry.act == "campaign.changed"
    assert entry.facts == {"name": "Fair", "country": "", "amount": "None"}


def test_of_two_who_change_it_the_second_sees_both(work: Workplace, editor: SignedIn) -> None:
    made(editor)
    first, second = ({"name": name, "version": "1"} for name in ("First", "Second"))
    assert editor.post("/desk/campaigns/1/edit", data=GOOD | first).status_code == 303
    response = editor.post("/desk/campaigns/1/edit", data=GOOD | second)
    assert response.status_code == 409
    assert "First" in response.text
    assert "Second" in response.text
    assert kept(work)[0].name == "First"
    again = re.search(r'name="version" value="(\d+)"', response.text)
    assert again is not None
    assert again[1] == "2"
    third = GOOD | {"name": "Second", "version": again[1]}
    assert editor.post("/desk/campaigns/1/edit", data=third).status_code == 303
    assert kept(work)[0].name == "Second"


def test_it_is_ended_at_once(work: Workplace, editor: SignedIn) -> None:
    made(editor)
    assert editor.post("/desk/campaigns/1/end").status_code == 303
    assert work.client().get("/c/markt-1", headers={"Accept-Language": "fr"}).location == "/fr/"
    assert editor.post("/desk/campaigns/1/end").status_code == 303
    with work.database.reading() as session:
        acts = [entry.act for entry in audit.history(session, ("campaign", 1))]
    assert acts == ["campaign.ended", "campaign.made"]
    assert "/desk/campaigns/1/end" not in editor.get("/desk/campaigns/1").text


def test_a_count_under_ten_is_never_shown_nor_worked_out(work: Workplace, editor: SignedIn) -> None:
    made(editor, cost="30")
    monday = date(2026, 11, 2)
    came(work, "markt-1", {monday: 6, monday + timedelta(days=1): 9})
    came(work, "markt-1", {monday + timedelta(days=7): 9})
    page = editor.get("/desk/campaigns/1").text
    table = rows(editor.get("/desk/campaigns/1?weeks-as=csv"))
    assert table[1:] == [["2026-11-09", ""], ["2026-11-02", "15"]]
    listed = rows(editor.get(f"{LIST}?campaigns-as=csv"))
    assert listed[1][-3:] == ["15", "30", "2.00"]
    assert not re.search(r">\s*(9|24|6)\s*<", page)
    assert not re.search(r">\s*(9|24|6)\s*<", editor.get(LIST).text)


def test_where_all_is_under_ten_there_is_no_cost_of_a_visit(
    work: Workplace, editor: SignedIn
) -> None:
    made(editor, cost="30")
    came(work, "markt-1", {date(2026, 11, 2): 9})
    assert rows(editor.get(f"{LIST}?campaigns-as=csv"))[1][-3:] == ["", "30", ""]
    assert rows(editor.get("/desk/campaigns/1?weeks-as=csv"))[1] == ["2026-11-02", ""]


def test_a_name_is_no_formula_in_a_spreadsheet(editor: SignedIn) -> None:
    made(editor, name="=HYPERLINK(1)")
    assert rows(editor.get(f"{LIST}?campaigns-as=csv"))[1][0] == "'=HYPERLINK(1)"


def test_the_code_is_drawn_and_the_sheet_says_it_in_words(editor: SignedIn) -> None:
    made(editor)
    drawn = editor.get("/desk/campaigns/1/qr/svg")
    assert drawn.mimetype == "image/svg+xml"
    assert b"<svg" in drawn.data
    png = editor.get("/desk/campaigns/1/qr/png?download=1")
    assert png.data.startswith(b"\x89PNG")
    assert png.headers["Content-Disposition"] == 'attachment; filename="markt-1.png"'
    for size in ("a6", "a5"):
        sheet = editor.get(f"/desk/campaigns/1/print?size={size}").text
        assert ">127.0.0.1:8000/c/markt-1</p>" in sheet
        assert f"sheet--{size}" in sheet
    assert editor.get("/desk/campaigns/1/print?size=a3").status_code == 404


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.RESEARCHER, Role.PROVIDER])
def test_campaigns_are_for_editors(work: Workplace, role: Role) -> None:
    browser = work.by(role)
    for path in (LIST, NEW, "/desk/campaigns/1"):
        assert browser.get(path).status_code == 404
    assert made(browser).status_code == 404
    assert kept(work) == []
    assert work.client().get(LIST).status_code == 401


def test_a_form_without_its_token_changes_nothing(work: Workplace, editor: SignedIn) -> None:
    forged: dict[str, Any] = {"X-CSRF-Token": "x"}
    assert editor.post(NEW, data=GOOD, headers=forged).status_code == 403
    assert kept(work) == []


def test_what_was_typed_is_shown_as_text(editor: SignedIn) -> None:
    made(editor, name="<script>alert(1)</script>", notes="<img src=x onerror=alert(1)>")
    for path in (LIST, "/desk/campaigns/1", "/desk/campaigns/1/edit", "/desk/campaigns/1/print"):
        text = editor.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
