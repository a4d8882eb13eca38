"""Sources at the desk: what is wrong, who must act, the switch, the note, the wish, the reply."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from itertools import product

import pytest

from app.db import audit, sources, wishes
from app.db.sources import SourceRow
from app.db.wishes import WishState
from app.domain.account import Role
from tests.web.desk.made import NAUGHTY, facts, hold, stock_sources
from tests.work import Workplace


@pytest.fixture
def desk(work: Workplace) -> Workplace:
    stock_sources(work)
    return work


def row_of(desk: Workplace, slug: str) -> SourceRow:
    with desk.database.reading() as session:
        return session.get_one(SourceRow, slug)


def acts(desk: Workplace) -> list[str]:
    with desk.database.reading() as session:
        assert audit.broken_at(session) == ""
        return [one.act for one in audit.history(session)]


def test_the_list_has_the_worst_first(desk: Workplace) -> None:
    page = desk.by(Role.MODERATOR).get("/desk/sources/").text
    places = [page.rindex(f">{slug}</a>") for slug in ("broken", "well", "doubtful", "outside")]
    assert places == sorted(places)
    assert "A developer must look; the last good price stays" in page
    assert "12 / 60" in page


def test_all_well_says_so(work: Workplace) -> None:
    with work.database.writing() as session:
        sources.register(session, [facts("well")])
        sources.note_run(session, "well", "", "", work.now)
    assert "Every source that is on is well." in work.by(Role.EDITOR).get("/desk/sources/").text


def test_it_is_downloaded_as_a_table(desk: Workplace) -> None:
    response = desk.by(Role.EDITOR).get("/desk/sources/?sources-as=csv")
    assert response.mimetype == "text/csv"
    assert response.text.count("\n") == 6


def test_from_a_silent_source_to_its_cause(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    page = client.get("/desk/sources/broken").text
    assert "Unreadable since 20 November 2026, 10:00 UTC" in page
    assert "no field named rate" in page
    (address,) = set(re.findall(r'href="(/desk/sources/evidence/[0-9a-f]{64})"', page))
    reply = client.get(address).text
    assert "no field named rate" in reply


def test_a_reply_is_text_and_nothing_else(desk: Workplace) -> None:
    client = desk.by(Role.RESEARCHER)
    page = client.get("/desk/sources/broken").text
    (address,) = set(re.findall(r'href="(/desk/sources/evidence/[0-9a-f]{64})"', page))
    shown = client.get(address).text
    assert "<script>" not in shown.partition("<main")[2]
    assert '"rate": 10.90000000000000000001' in unescape(shown), "digit for digit"
    raw = client.get(f"{address}/raw")
    assert raw.data == NAUGHTY
    assert raw.headers["Content-Disposition"].startswith("attachment;")
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
    assert raw.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert raw.mimetype == "application/octet-stream"


@pytest.mark.parametrize("name", ["0" * 64, "x", "../../etc/passwd", "%00", "A" * 64])
def test_a_reply_that_is_not_there(desk: Workplace, name: str) -> None:
    client = desk.by(Role.EDITOR)
    assert client.get(f"/desk/sources/evidence/{name}").status_code == 404
    assert client.get(f"/desk/sources/evidence/{name}/raw").status_code == 404


def test_an_operator_turns_it_off_and_on_with_a_reason(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    done = client.post(
        "/desk/sources/well/switch", data={"on": "0", "why": "asked", "version": "0"}
    )
    assert done.status_code == 303
    assert not row_of(desk, "well").is_on
    assert "Turned off." in client.get("/desk/sources/well").text
    with desk.database.writing() as session:
        sources.register(session, [facts("well"), facts("broken")])
    assert not row_of(desk, "well").is_on
    form = {"on": "1", "why": "they said it is fine", "version": "1"}
    assert client.post("/desk/sources/well/switch", data=form).status_code == 303
    assert row_of(desk, "well").is_on
    assert acts(desk)[:2] == ["source.switched_on", "source.switched_off"]


@pytest.mark.parametrize(
    ("slug", "on", "why", "status"),
    [
        ("well", "0", "", 422),
        ("well", "0", "   ", 422),
        ("well", "0", "x" * 501, 422),
        ("outside", "1", "I want to", 422),
        ("rpw", "0", "I want to", 422),
        ("doubtful", "1", "they agreed by mail", 303),
        ("nothing", "0", "x", 404),
    ],
)
def test_what_may_be_switched(desk: Workplace, slug: str, on: str, why: str, status: int) -> None:
    client = desk.by(Role.EDITOR)
    data = {"on": on, "why": why, "version": "0"}
    assert client.post(f"/desk/sources/{slug}/switch", data=data).status_code == status
    if status == 422:
        assert acts(desk) == []


@pytest.mark.parametrize("version", ["1", "", "-1", "x", "9" * 30, "\u0660"])
def test_of_two_who_switch_the_second_is_told(desk: Workplace, version: str) -> None:
    """And sees what the first one said, with nothing of their own lost."""
    client = desk.by(Role.EDITOR)
    data = {"on": "0", "why": "mine & <mine>", "version": version}
    response = client.post("/desk/sources/well/switch", data=data)
    assert response.status_code == 409
    assert "Somebody else changed this" in response.text
    assert "mine &amp; &lt;mine&gt;" in response.text
    assert row_of(desk, "well").is_on


def test_a_note_is_kept_and_its_versions_are_in_the_log(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    for version, text in enumerate(("call Anna", "call Bert")):
        data = {"note": text, "version": str(version)}
        assert client.post("/desk/sources/well/note", data=data).status_code == 303
    assert row_of(desk, "well").note == "call Bert"
    with desk.database.reading() as session:
        newest = audit.history(session, ("source", "well"))[0]
    assert newest.facts == {"before": "call Anna", "after": "call Bert"}
    stale = client.post("/desk/sources/well/note", data={"note": "call Cor", "version": "1"})
    assert stale.status_code == 409
    assert "call Bert" in stale.text
    assert "call Cor" in stale.text
    assert client.post("/desk/sources/well/note", data={"note": "x" * 4001}).status_code == 422


def test_a_wish_is_written_down_once_and_shown_until_it_is_done(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    assert client.post("/desk/sources/well/ask").status_code == 303
    page = client.get("/desk/sources/well").text
    assert "takes it up within some seconds" in page
    assert "Ask it now" not in page
    client.post("/desk/sources/well/ask")
    assert acts(desk) == ["source.asked"]
    assert "asked for already" in client.get("/desk/sources/well").text
    with desk.database.writing() as session:
        (taken,) = wishes.claim(session, "me", desk.now)
    assert "It is being asked now." in client.get("/desk/sources/well").text
    with desk.database.writing() as session:
        wishes.put_off(session, taken, wishes.WishWhy.BUDGET, desk.now + timedelta(minutes=9))
    page = client.get("/desk/sources/well").text
    assert "There is room at 20 November 2026, 12:09 UTC" in page
    with desk.database.writing() as session:
        (taken,) = wishes.claim(session, "me", desk.now + timedelta(minutes=9))
        wishes.end(session, taken, wishes.WishWhy.RAN, desk.now)
    page = client.get("/desk/sources/well").text
    assert "Done: asked as wished" in page
    assert "Ask it now" in page


def test_whatever_came_of_a_wish_has_words(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    client.post("/desk/sources/well/ask")
    for state, why in product(WishState, wishes.WishWhy):
        with desk.database.writing() as session:
            row = session.get_one(wishes.WishRow, "well")
            row.state, row.why, row.not_before, row.ended_at = state, why, desk.now, desk.now
        assert 'id="ask" class="notice"' in client.get("/desk/sources/well").text


def test_where_the_schedule_stands_still_the_wish_says_so(desk: Workplace) -> None:
    desk.later(hours=1)
    client = desk.by(Role.EDITOR)
    client.post("/desk/sources/well/ask")
    page = client.get("/desk/sources/well").text
    assert "the schedule stands still, so that nobody takes it up" in page


def test_what_is_off_is_not_asked(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    for slug in ("doubtful", "rpw"):
        client.post(f"/desk/sources/{slug}/ask")
    with desk.database.reading() as session:
        assert wishes.all_wishes(session) == {}


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.MODERATOR])
def test_who_may_only_look_sees_no_buttons_and_changes_nothing(desk: Workplace, role: Role) -> None:
    client = desk.by(role)
    page = client.get("/desk/sources/well").text
    assert "Turn off" not in page
    assert "Ask it now" not in page
    for act in ("switch", "note", "ask"):
        data = {"on": "0", "why": "x", "note": "x", "version": "0"}
        assert client.post(f"/desk/sources/well/{act}", data=data).status_code == 404
    assert acts(desk) == []


def test_providers_and_strangers_see_nothing(desk: Workplace) -> None:
    assert desk.by(Role.PROVIDER).get("/desk/sources/").status_code == 404
    assert desk.client().get("/desk/sources/broken").status_code == 401


def test_without_what_proves_the_form_nothing_changes(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    data = {"on": "0", "why": "x", "version": "0"}
    headers = {"X-CSRF-Token": "wrong"}
    response = client.post("/desk/sources/well/switch", data=data, headers=headers)
    assert response.status_code == 403
    assert row_of(desk, "well").is_on


def test_held_readings_are_one_click_away(desk: Workplace) -> None:
    hold(desk, count=3)
    page = desk.by(Role.EDITOR).get("/desk/sources/broken").text
    assert "Look at 3 held prices" in page
    assert 'href="/desk/held/?source=broken"' in page


def test_every_source_has_a_page_in_both_languages(desk: Workplace) -> None:
    for language in ("nl", "en"):
        client = desk.by(Role.ADMINISTRATOR, language=language)
        for slug in ("well", "broken", "doubtful", "outside", "rpw"):
            assert client.get(f"/desk/sources/{slug}").status_code == 200
