"""A firm proposes an offer, one of us reads it, readers see just that, and it ends."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from app.db import audit, mails, offers
from app.domain.account import Role
from app.domain.offer import Offer
from tests.work import SignedIn, Workplace

FIRM, RIVAL = "wise", "remitly"
STAFF = "staff@wise.example"


@pytest.fixture
def staff(work: Workplace) -> SignedIn:
    return work.by(Role.PROVIDER, provider=FIRM, email=STAFF)


@pytest.fixture
def editor(work: Workplace) -> SignedIn:
    return work.by(Role.EDITOR)


def typed(work: Workplace, **other: str) -> MultiDict[str, str]:
    today = work.now.date()
    facts = {
        "starts": today.isoformat(),
        "ends": (today + timedelta(days=30)).isoformat(),
        "title_en": "No fee at first",
        "words_en": "Your first transfer is free.",
        "terms_en": "New customers, once.",
        "fee": "0,00",
    }
    made = MultiDict(facts | other)
    made.setlist("to", ["SR", "MA"])
    return made


def known(work: Workplace, number: int = 1) -> Offer:
    with work.database.reading() as session:
        found = offers.find_offer(session, number)
    assert found is not None
    return found


def proposed(work: Workplace, staff: SignedIn, **other: str) -> int:
    assert staff.post("/portal/offers/new", data=typed(work, **other)).status_code == 303
    with work.database.reading() as session:
        return max(one.number for one in offers.all_offers(session))


def approved(work: Workplace, editor: SignedIn, number: int) -> int:
    seen = known(work, number).newest.hash()
    return editor.post(f"/desk/offers/{number}/approve", data={"seen": seen}).status_code


def public(work: Workplace) -> str:
    reader = work.app.test_client()
    both = [reader.get(path).text for path in ("/en/offers", f"/en/provider/{FIRM}")]
    assert ("No fee at first" in both[0]) is ("No fee at first" in both[1])
    return both[0]


def test_from_the_firm_to_readers_and_to_its_end(
    work: Workplace, staff: SignedIn, editor: SignedIn
) -> None:
    number = proposed(work, staff)
    assert (known(work).newest.to, known(work).newest.fee) == (("MA", "SR"), "0.00")
    assert "No fee at first" not in public(work)
    assert "No fee at first" in editor.get("/desk/offers").text.partition("All offers")[0]
    page = unescape(editor.get(f"/desk/offers/{number}").text)
    assert "New customers, once." in page
    assert "Morocco, Suriname" in page
    assert approved(work, editor, number) == 303
    assert "No fee at first" in public(work)
    work.later(days=25)
    assert "Ends within a week" in work.by(Role.EDITOR).get("/desk/offers").text
    work.later(days=6)
    assert "No fee at first" not in public(work)
    with work.database.reading() as session:
        acts = [one.act for one in audit.history(session, ("offer", number))]
        letters = [(one.to, one.subject) for one in mails.mails(session)]
    assert acts == ["offer.approved", "offer.proposed"]
    assert letters == [(STAFF, "What was decided about your offer 1")]


def test_a_change_is_read_anew(work: Workplace, staff: SignedIn, editor: SignedIn) -> None:
    number = proposed(work, staff)
    approved(work, editor, number)
    changed = typed(work, terms_en="New customers who send 1000 euro.", version="1")
    assert staff.post(f"/portal/offers/{number}", data=changed).status_code == 303
    assert "New customers, once." in public(work)
    assert "1000 euro" not in public(work)
    page = editor.get(f"/desk/offers/{number}").text
    assert "New customers, once." in page
    assert "1000 euro" in page
    assert 'class="differs"' in page
    assert approved(work, editor, number) == 303
    assert "1000 euro" in public(work)


def test_what_was_changed_while_it_was_read_is_not_let_go(
    work: Workplace, staff: SignedIn, editor: SignedIn
) -> None:
    number = proposed(work, staff)
    seen = known(work, number).newest.hash()
    staff.post(f"/portal/offers/{number}", data=typed(work, terms_en="Worse terms.", version="1"))
    for act, data in (("approve", {}), ("refuse", {"why": "No."})):
        response = editor.post(f"/desk/offers/{number}/{act}", data={"seen": seen} | data)
        assert response.status_code == 409
        assert "Worse terms." in response.text
        assert "This is not what you read" in response.text
    assert "No fee at first" not in public(work)
    assert known(work, number).refused == ""
    with work.database.reading() as session:
        assert mails.mails(session) == []


def test_of_two_colleagues_one_is_told(work: Workplace, staff: SignedIn) -> None:
    number, other = proposed(work, staff), work.by(Role.PROVIDER, provider=FIRM)
    mine = typed(work, words_en="Mine.", version="1")
    theirs = typed(work, words_en="Theirs.", version="1")
    assert staff.post(f"/portal/offers/{number}", data=mine).status_code == 303
    late = other.post(f"/portal/offers/{number}", data=theirs)
    assert late.status_code == 409
    assert "Mine." in late.text
    assert "Theirs." in late.text
    assert known(work, number).newest.texts["en"].words == "Mine."


def test_a_refusal_says_why_and_the_firm_tries_again(
    work: Workplace, staff: SignedIn, editor: SignedIn
) -> None:
    number = proposed(work, staff)
    seen = {"seen": known(work, number).newest.hash()}
    bare = editor.post(f"/desk/offers/{number}/refuse", data=seen)
    assert (bare.status_code, "Fill this in." in bare.text) == (422, True)
    said = editor.post(f"/desk/offers/{number}/refuse", data=seen | {"why": "Say for whom."})
    assert said.status_code == 303
    assert "Say for whom." in staff.get(f"/portal/offers/{number}").text
    again = typed(work, terms_en="For all.", version="1")
    assert staff.post(f"/portal/offers/{number}", data=again).status_code == 303
    assert known(work, number).waits


@pytest.mark.parametrize("who", ["portal", "desk"])
def test_it_is_taken_away_at_once_and_for_good(
    work: Workplace, staff: SignedIn, editor: SignedIn, who: str
) -> None:
    number = proposed(work, staff)
    approved(work, editor, number)
    client = staff if who == "portal" else editor
    assert client.post(f"/{who}/offers/{number}/withdraw").status_code == 303
    assert "No fee at first" in public(work)  # nobody said yet that they are sure
    assert client.post(f"/{who}/offers/{number}/withdraw", data={"sure": "yes"}).status_code == 303
    assert "No fee at first" not in public(work)
    assert approved(work, editor, number) == 409
    late = staff.post(f"/portal/offers/{number}", data=typed(work, fee="1", version="1"))
    assert late.status_code == 409
    assert "No fee at first" not in public(work)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"terms_en": ""}, "Fill this in."),
        ({"title_en": "", "words_en": "", "terms_en": ""}, "Fill this in."),
        ({"title_nl": "Alleen een titel"}, "Fill this in."),
        ({"ends": ""}, "Write a day"),
        ({"starts": "tomorrow"}, "Write a day"),
        ({"ends": "2026-11-19"}, "It would end before it begins."),
        ({"ends": "2027-12-01"}, "This is too long."),
        ({"fee": "free"}, "Write it in digits"),
        ({"fee": "-1"}, "Write it in digits"),
        ({"rate": "0"}, "Write it in digits"),
        ({"rate": "1e9"}, "Write it in digits"),
        ({"words_en": "a\u202eb"}, "a sign in this that nobody sees"),
        ({"title_en": "a\nb"}, "Write this on one line."),
        ({"terms_en": "x" * 2001}, "This is too long."),
        ({"to": "XX"}, "We do not know this."),
        ({"to": "<script>"}, "We do not know this."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    work: Workplace, staff: SignedIn, other: dict[str, str], told: str
) -> None:
    data = typed(work)
    for name, text in other.items():
        data.setlist(name, [text])
    response = staff.post("/portal/offers/new", data=data)
    assert response.status_code == 422
    assert told in unescape(response.text)
    with work.database.reading() as session:
        assert offers.all_offers(session) == []


def test_nothing_is_assigned_that_no_field_is_for(work: Workplace, staff: SignedIn) -> None:
    extra = {"approved": "1", "approved_version": "1", "provider": RIVAL, "provider_id": "1"}
    number = proposed(work, staff, **extra)
    found = known(work, number)
    assert (found.provider, found.approved, found.waits) == (FIRM, None, True)


def test_another_firm_s_offer_does_not_exist(work: Workplace, staff: SignedIn) -> None:
    number = proposed(work, staff)
    rival = work.by(Role.PROVIDER, provider=RIVAL)
    assert "No fee at first" not in rival.get("/portal/offers").text
    assert rival.get(f"/portal/offers/{number}").status_code == 404
    taken = typed(work, fee="99", version="1")
    for path, data in ((f"/{number}", taken), (f"/{number}/withdraw", MultiDict[str, str]())):
        assert rival.post(f"/portal/offers{path}", data=data).status_code == 404
    found = known(work, number)
    assert (found.newest.fee, found.withdrawn_at) == ("0.00", None)


PORTAL = ["GET ", "GET /new", "GET /1", "POST /new", "POST /1", "POST /1/withdraw"]
DESK = ["GET ", "GET /1", "POST /1/approve", "POST /1/refuse", "POST /1/withdraw"]


@pytest.mark.parametrize("role", Role)
def test_who_may_see_what(work: Workplace, staff: SignedIn, role: Role) -> None:
    proposed(work, staff)
    client, nobody = work.by(role, provider=FIRM if role is Role.PROVIDER else None), work.client()
    let_in = {"portal": role is Role.PROVIDER, "desk": role in (Role.EDITOR, Role.ADMINISTRATOR)}
    for place, asked in (("portal", PORTAL), ("desk", DESK)):
        for method, path in (one.split(" ") for one in asked):
            address = f"/{place}/offers{path}"
            status = client.open(address, method=method).status_code
            assert (status != 404) is let_in[place], address
            assert nobody.open(address, method=method).status_code == 401


def test_a_form_from_elsewhere_changes_nothing(
    work: Workplace, staff: SignedIn, editor: SignedIn
) -> None:
    number = proposed(work, staff)
    seen = {"seen": known(work, number).newest.hash()}
    for headers in ({"Origin": "https://evil.example"}, {"X-CSRF-Token": "wrong"}):
        for client, path, data in (
            (staff, "/portal/offers/new", typed(work)),
            (staff, f"/portal/offers/{number}/withdraw", {}),
            (editor, f"/desk/offers/{number}/approve", seen),
        ):
            assert client.post(path, data=data, headers=headers).status_code == 403
    assert known(work, number).waits


def test_tables_are_downloaded(work: Workplace, staff: SignedIn, editor: SignedIn) -> None:
    proposed(work, staff, title_en="=1+1")
    for client, path in ((staff, "/portal/offers"), (editor, "/desk/offers")):
        text = client.get(f"{path}?offers-as=csv").text
        assert "1+1" in text
        assert not re.search(r"(^|,)\"?=1\+1", text, re.MULTILINE)
