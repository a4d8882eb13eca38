"""Countries at the desk: opened, limited, closed, and not undone by the list that ships."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from werkzeug.test import TestResponse

from app.collect.lists import listed_corridors
from app.db import audit, closings, reach, visits
from app.domain.account import Role
from app.domain.corridor import Corridor
from app.domain.reach import Reach, ReachState, Why
from config import ROOT
from tests.work import SignedIn, Workplace

LIST = "/desk/corridors/"
MA = "/desk/corridors/MA"
CLOSE = {
    "state": "closed",
    "reason": "sanctions",
    "source": "https://rules.example/ma?x=1",
    "checked_on": "2026-11-19",
    "note": "Ask again in spring.",
    "version": "1",
}


@pytest.fixture
def editor(work: Workplace) -> SignedIn:
    return work.by(Role.EDITOR)


def close(work: Workplace, editor: SignedIn, **other: str) -> TestResponse:
    """Asked by one, and confirmed by another; what the first one was told."""
    response = editor.post(MA, data=CLOSE | other)
    with work.database.reading() as session:
        waiting = closings.waiting_closings(session, "MA")
    for one in waiting:
        work.by(Role.EDITOR).post(f"{LIST}closings/{one.id}/confirm")
    return response


def now_there(work: Workplace, code: str = "MA") -> Reach:
    with work.database.reading() as session:
        return reach.reach_from(session, "NL")[code]


def wrong(response: TestResponse) -> set[str]:
    return set(re.findall(r'<li><a href="#(\w+)">', response.text))


def test_every_corridor_is_listed_with_its_coverage(work: Workplace, editor: SignedIn) -> None:
    ma = Corridor("NL", "EUR", "MA", "MAD")
    with work.database.writing() as session:
        visits.add_visits(session, date(2026, 11, 19), {ma: 12})
        visits.add_visits(session, date(2026, 11, 19), {Corridor("NL", "EUR", "SR", "SRD"): 9})
    rows = {
        row[0]: row for row in csv.reader(io.StringIO(editor.get(f"{LIST}?corridors-as=csv").text))
    }
    assert len(rows) > 60
    assert rows["Morocco (Moroccan dirhams)"][1] == "open"
    assert int(rows["Morocco (Moroccan dirhams)"][3]) > 5
    assert rows["Morocco (Moroccan dirhams)"][7] == "12"
    assert rows["Suriname (Surinamese dollars)"][7] == ""
    assert "open, without a price" in editor.get(LIST).text


def test_a_country_is_closed_and_readers_are_told(work: Workplace, editor: SignedIn) -> None:
    list_of_ma = "/en/send/nl/ma?pay=200"
    listed = work.client().get(list_of_ma).text
    assert 'class="result' in listed
    (price, *_more) = re.findall(r'href="(/en/price/\d+)', listed)
    response = close(work, editor)
    assert (response.status_code, response.location) == (303, MA)
    assert now_there(work) == Reach(
        "MA",
        ("MAD",),
        ReachState.CLOSED,
        Why.SANCTIONS,
        "https://rules.example/ma?x=1",
        date(2026, 11, 19),
    )
    assert 'class="result' not in work.client().get(list_of_ma).text
    page = work.client().get(price).text
    assert "Sanctions: firms may send money there with a permit only." in page
    assert "not read for a long time" not in page
    with work.database.reading() as session:
        entry, before = audit.history(session, ("corridor", "NL-MA"))
    assert before.act == "corridor.asked_to_close"
    assert (entry.act, entry.facts["before"], entry.facts["reason"]) == (
        "corridor.closed",
        "open",
        "sanctions",
    )
    assert "Ask again in spring." in editor.get(MA).text


def test_the_list_that_ships_does_not_undo_it(work: Workplace, editor: SignedIn) -> None:
    close(work, editor)
    for _time in range(2):
        with work.database.writing() as session:
            reach.keep_reach(session, listed_corridors(ROOT / "data" / "corridors.toml"))
        assert now_there(work).state is ReachState.CLOSED
    editor.post(MA, data=CLOSE | {"state": "open", "version": "2"})
    assert now_there(work) == Reach("MA", ("MAD",))


def test_of_two_who_decide_the_second_sees_both(work: Workplace, editor: SignedIn) -> None:
    close(work, editor)
    response = editor.post(MA, data=CLOSE | {"state": "limited", "reason": "no_rate"})
    assert response.status_code == 409
    assert "Ask again in spring." in response.text
    assert now_there(work).state is ReachState.CLOSED
    again = re.search(r'name="version" value="(\d+)"', response.text)
    assert again is not None
    other = {"state": "limited", "reason": "no_rate", "version": again[1]}
    assert editor.post(MA, data=CLOSE | other).status_code == 303
    assert now_there(work).state is ReachState.LIMITED


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"state": "shut"}, {"state"}),
        ({"state": ""}, {"state"}),
        ({"reason": ""}, {"reason"}),
        ({"reason": "because"}, {"reason"}),
        ({"source": ""}, {"source"}),
        ({"source": "javascript:alert(1)"}, {"source"}),
        ({"source": "https://localhost/"}, {"source"}),
        ({"source": "https://a@b.example/"}, {"source"}),
        ({"source": "https://b.example/<script>"}, {"source"}),
        ({"source": "https://[half/"}, {"source"}),
        ({"source": "https://b.example/" + "x" * 300}, {"source"}),
        ({"checked_on": ""}, {"checked_on"}),
        ({"checked_on": "2026-11-21"}, {"checked_on"}),
        ({"note": "x" * 1001}, {"note"}),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    work: Workplace, editor: SignedIn, other: dict[str, str], fields: set[str]
) -> None:
    response = editor.post(MA, data=CLOSE | other)
    assert (response.status_code, wrong(response)) == (422, fields)
    assert now_there(work) == Reach("MA", ("MAD",))


@pytest.mark.parametrize("code", ["XX", "ma", "NL", "%00%00", "MAR"])
def test_a_country_that_is_not_listed_is_not_there(editor: SignedIn, code: str) -> None:
    assert editor.get(f"{LIST}{code}").status_code == 404
    assert editor.post(f"{LIST}{code}", data=CLOSE).status_code == 404


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.RESEARCHER, Role.PROVIDER])
def test_corridors_are_for_editors(work: Workplace, role: Role) -> None:
    browser = work.by(role)
    assert browser.get(LIST).status_code == 404
    assert browser.post(MA, data=CLOSE).status_code == 404
    assert now_there(work).state is ReachState.OPEN
    assert work.client().get(MA).status_code == 401


def test_nobody_closes_a_country_alone(work: Workplace) -> None:
    anna, bert = work.by(Role.EDITOR), work.by(Role.EDITOR)
    assert anna.post(MA, data=CLOSE).status_code == 303
    assert now_there(work).state is ReachState.OPEN
    with work.database.reading() as session:
        (asked,) = closings.waiting_closings(session)
    own = anna.post(f"{LIST}closings/{asked.id}/confirm")
    assert own.status_code == 409
    assert "You asked for this yourself" in own.text
    assert anna.post(MA, data=CLOSE).status_code == 409, "one waits already"
    assert now_there(work).state is ReachState.OPEN
    assert "A colleague asks to close Morocco" in bert.get("/desk/").text
    assert "A colleague asks to close" not in anna.get("/desk/").text
    assert work.by(Role.MODERATOR).post(f"{LIST}closings/{asked.id}/confirm").status_code == 404
    assert bert.post(f"{LIST}closings/{asked.id}/confirm").status_code == 303
    assert now_there(work).state is ReachState.CLOSED
    assert bert.post(f"{LIST}closings/{asked.id}/confirm").status_code == 409
    assert bert.post(f"{LIST}closings/99/confirm").status_code == 404


def test_a_closing_is_taken_back_and_never_overtakes_another_change(
    work: Workplace, editor: SignedIn
) -> None:
    editor.post(MA, data=CLOSE)
    limited = {"state": "limited", "reason": "no_rate"}
    assert work.by(Role.EDITOR).post(MA, data=CLOSE | limited).status_code == 303
    late = work.by(Role.EDITOR).post(f"{LIST}closings/1/confirm")
    assert late.status_code == 409
    assert "changed since then" in late.text
    assert now_there(work).state is ReachState.LIMITED
    assert editor.post(f"{LIST}closings/1/refuse").status_code == 303
    assert "Waits for a second operator" not in editor.get(MA).text
