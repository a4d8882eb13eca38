"""Held readings at the desk: seen beside what is shown, decided once, several by two people."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.db import audit, prices
from app.db.held import HeldDecision, HeldRow
from app.db.held_batches import HeldBatchRow
from app.db.price_text import price_text
from app.db.services import find_service
from app.domain.account import Role
from app.domain.gates import Gate
from app.domain.quote import Observed
from app.review import held as review
from app.web.desk.held import views
from app.web.desk.held.words import BEFORE, GATES, LEFT, NEWER, gate, hindrance
from tests.web.desk.made import held_numbers, hold, stock_sources
from tests.work import Workplace


@pytest.fixture
def desk(work: Workplace) -> Workplace:
    stock_sources(work)
    hold(work, count=3)
    hold(work, "well", count=1, gate="better_than_mid")
    return work


def decisions(desk: Workplace) -> list[HeldDecision | None]:
    with desk.database.reading() as session:
        return list(session.scalars(select(HeldRow.decision).order_by(HeldRow.id)))


def acts(desk: Workplace) -> list[str]:
    with desk.database.reading() as session:
        assert audit.broken_at(session) == ""
        return [one.act for one in audit.history(session)]


def batch(desk: Workplace) -> HeldBatchRow:
    with desk.database.reading() as session:
        return session.scalars(select(HeldBatchRow)).one()


def test_every_gate_has_words() -> None:
    assert set(GATES) == set(Gate)
    assert gate("unheard of") == "unheard of"


def test_they_stand_by_source_and_reason_beside_what_is_shown(desk: Workplace) -> None:
    page = desk.by(Role.EDITOR).get("/desk/held/").text
    assert "4 readings wait for a decision." in page
    assert "far from the mid-market rate (3)" in page
    assert "better than the mid-market rate (1)" in page
    assert "the rate is 20 % below the mid rate" in page
    assert "/price/" in page, "what is shown now is a link"


def test_only_those_of_one_source_or_reason(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    page = client.get("/desk/held/?source=well").text
    assert "1 reading waits" in page
    assert "3 more, of other sources or reasons" in page
    assert "Nothing is held" in client.get("/desk/held/?source=nobody&gate=x").text


def test_nothing_held_is_a_fine_state(work: Workplace) -> None:
    assert "Nothing is held." in work.by(Role.EDITOR).get("/desk/held/").text


def test_one_reading_with_all_that_is_known(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    number = held_numbers(desk)[0]
    page = client.get(f"/desk/held/{number}").text
    assert "the rate is 20 % below the mid rate" in page
    assert "Too little was kept of this reading to publish it." in page
    assert "/desk/sources/evidence/" in page
    assert client.get("/desk/held/99999").status_code == 404


def test_one_person_refuses_with_a_reason(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    number = held_numbers(desk)[0]
    address = f"/desk/held/{number}"
    assert client.post(address, data={"act": "refuse", "words": " "}).status_code == 422
    assert client.post(address, data={"act": "burn", "words": "x"}).status_code == 422
    assert decisions(desk)[0] is None
    done = client.post(address, data={"act": "refuse", "words": "their page says otherwise"})
    assert done.status_code == 303
    assert "1 reading refused." in client.get("/desk/held/").text
    assert decisions(desk)[0] is HeldDecision.REFUSED
    assert acts(desk) == ["held.refused"]
    again = client.post(address, data={"act": "refuse", "words": "once more"})
    assert again.status_code == 409
    assert "refused already" in again.text
    assert acts(desk) == ["held.refused"]


def test_what_cannot_be_published_is_not_released(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    number = held_numbers(desk)[0]
    response = client.post(f"/desk/held/{number}", data={"act": "release", "words": "it is right"})
    assert response.status_code == 409
    assert "Too little was kept" in response.text
    assert decisions(desk)[0] is None


def test_several_are_refused_by_one_and_released_by_two(desk: Workplace) -> None:
    anna, bert = desk.by(Role.EDITOR), desk.by(Role.EDITOR)
    numbers = held_numbers(desk)
    form = {"act": "release", "words": "a new fee", "held": [str(one) for one in numbers[:2]]}
    assert anna.post("/desk/held/", data=form).status_code == 303
    assert acts(desk) == ["held.asked"]
    page = anna.get("/desk/held/").text
    assert "You asked; somebody else confirms." in page
    assert "Confirm the release" not in page
    own = anna.post(f"/desk/held/confirm/{batch(desk).id}")
    assert own.status_code == 409
    assert "a second operator confirms it" in own.text
    assert "Confirm the release" in bert.get("/desk/held/").text
    assert bert.post(f"/desk/held/confirm/{batch(desk).id}").status_code == 303
    assert batch(desk).confirmed_by is not None
    assert bert.post(f"/desk/held/confirm/{batch(desk).id}").status_code == 409
    form = {"act": "refuse", "words": "no", "held": [str(one) for one in numbers]}
    assert bert.post("/desk/held/", data=form).status_code == 303
    assert set(decisions(desk)) == {HeldDecision.REFUSED}


def test_a_group_is_refused_whole_however_many_are_shown(desk: Workplace) -> None:
    hold(desk, "rpw", count=30)
    client = desk.by(Role.EDITOR)
    assert "Refuse all 30 of this group" in client.get("/desk/held/").text
    group = {"act": "refuse_group", "source": "rpw", "gate": "reference"}
    assert client.post("/desk/held/", data=group | {"words": " "}).status_code == 422
    assert set(decisions(desk)) == {None}
    assert client.post("/desk/held/", data=group | {"words": "an old list"}).status_code == 303
    assert "30 readings refused." in client.get("/desk/held/").text
    found = decisions(desk)
    assert found.count(HeldDecision.REFUSED) == 30
    assert found.count(None) == len(found) - 30 == 4, "no other group"
    again = client.post("/desk/held/", data=group | {"words": "an old list"})
    assert again.status_code == 409
    assert "Nothing of this group is left" in again.text


def test_what_is_too_much_for_one_press_is_told_and_left_for_the_next(
    desk: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_OF_GROUP", 2)
    client = desk.by(Role.EDITOR)
    form = {"act": "refuse_group", "source": "broken", "gate": "reference", "words": "no"}
    client.post("/desk/held/", data=form)
    page = client.get("/desk/held/").text
    assert "1 of this group is left: press once more." in page
    assert "2 readings refused." in page
    client.post("/desk/held/", data=form)
    assert decisions(desk).count(HeldDecision.REFUSED) == 3
    monkeypatch.setattr(views, "MOST_AT_ONCE", 1)
    ticked = {"act": "refuse", "words": "no", "held": ["1", "2"]}
    response = client.post("/desk/held/", data=ticked)
    assert response.status_code == 422
    assert "Choose at most 1 at once" in response.text


def test_a_group_is_released_by_two(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    form = {"act": "release_group", "source": "broken", "gate": "reference", "words": "a new fee"}
    assert client.post("/desk/held/", data=form).status_code == 303
    assert len(batch(desk).ids) == 3
    assert set(decisions(desk)) == {None}
    assert client.post("/desk/held/", data=form).status_code == 409, "asked already"
    assert acts(desk) == ["held.asked"]


@pytest.mark.parametrize(
    ("held", "status"),
    [([], 422), (["x", "-1", "9" * 40, "\u0661"], 422), (["999999"], 303)],
)
def test_odd_choices_change_nothing(desk: Workplace, held: list[str], status: int) -> None:
    client = desk.by(Role.EDITOR)
    data = {"act": "refuse", "words": "x", "held": held}
    assert client.post("/desk/held/", data=data).status_code == status
    assert set(decisions(desk)) == {None}


def test_what_was_ticked_stays_ticked_when_the_reason_is_missing(desk: Workplace) -> None:
    client = desk.by(Role.EDITOR)
    numbers = held_numbers(desk)
    data = {"act": "refuse", "words": "", "held": [str(numbers[1])]}
    response = client.post("/desk/held/", data=data)
    assert response.status_code == 422
    assert f'value="{numbers[1]}" checked' in response.text
    assert response.text.count(" checked") == 1


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.MODERATOR, Role.PROVIDER])
def test_others_do_not_decide(desk: Workplace, role: Role) -> None:
    client = desk.by(role)
    number = held_numbers(desk)[0]
    for address in ("/desk/held/", f"/desk/held/{number}"):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"act": "refuse", "words": "x"}).status_code == 404
    assert client.post("/desk/held/confirm/1").status_code == 404
    assert set(decisions(desk)) == {None}


def test_a_request_that_is_not_there(desk: Workplace) -> None:
    assert desk.by(Role.EDITOR).post("/desk/held/confirm/7").status_code == 404


def sentences(module: object) -> set[str]:
    """What a module returns or keeps as a reason, with what it fills in as "*"."""
    found = set()
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    notes = {one.value for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if node in notes:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [one.value if isinstance(one, ast.Constant) else "*" for one in node.values]
            found.add("".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    plain = re.compile(r"[A-Z][^\n]+\.")
    return {one for one in found if plain.fullmatch(one)}


def test_every_reason_that_a_decision_gives_has_words_for_the_page(work: Workplace) -> None:
    """But for those that are raised: the page has words of its own for these."""
    raised = {
        "Choose at least one reading.",
        "There is no such request.",
        "You asked for this yourself: a second operator confirms it.",
        "This request was confirmed already.",
    }
    said = sentences(review) - raised
    assert len(said) >= 6
    with work.app.test_request_context():
        for one in said:
            for filled in ("refused", "released") if "*" in one else ("",):
                text = one.replace("*", "7" if "number" in one else filled)
                known = {known for known, _words in LEFT}
                assert text in known or NEWER.fullmatch(text) or BEFORE.fullmatch(text), text
                assert hindrance(text) == text
        assert hindrance("something new") == "something new"


def test_one_in_doubt_is_asked_and_confirmed(desk: Workplace) -> None:
    anna = desk.by(Role.EDITOR)
    number = held_numbers(desk)[0]
    with desk.database.writing() as session:
        row = session.get(HeldRow, number)
        assert row is not None
        shown = prices.newest(session, find_service(session, row.service_id).corridor, {row.rung})
        price = next(one for one in shown if one.service_id == row.service_id)
        row.whole = price_text(replace(price, observed=Observed(desk.now)))
    page = anna.get(f"/desk/held/{number}").text
    assert "a second operator must agree before it is shown" in page
    assert "Ask to release it" in page
    form = {"act": "release", "words": "they told us"}
    assert anna.post(f"/desk/held/{number}", data=form).status_code == 303
    assert (acts(desk), decisions(desk)[0]) == (["held.asked"], None)
    assert desk.by(Role.EDITOR).post(f"/desk/held/confirm/{batch(desk).id}").status_code == 303
    assert decisions(desk)[0] is HeldDecision.RELEASED
