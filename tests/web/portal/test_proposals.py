"""Proposals at the portal: of one's own firm, corrected, withdrawn, and edited by two."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.db import proposals as kept
from app.domain.account import Role
from app.domain.proposal import State
from tests.web.portal.firm import (
    OTHER,
    count,
    decide,
    file_of,
    find,
    hidden,
    propose,
    row,
    shown,
    staff,
    upload,
)
from tests.work import Workplace


def test_sent_back_corrected_and_approved(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    number = propose(browser, row(), row(paid="500.00"))
    assert (
        decide(operator, number, "send-back", "The fee is not that of your site.").status_code
        == 303
    )
    assert "The fee is not that of your site." in browser.get("/portal/").text
    form = browser.get(f"/portal/proposals/{number}/correct")
    assert (hidden(form, "proposal"), hidden(form, "version")) == (str(number), "2")
    data = row(fee="4.10") | {"proposal": str(number), "version": "2"}
    preview = browser.post("/portal/prices/preview", data=data)
    sent = {name: hidden(preview, name) for name in ("lines", "proposal", "version")}
    answer = browser.post("/portal/prices/propose", data=sent | {"words": "Corrected."})
    assert answer.location.endswith(f"/{number}")
    assert (find(work, number).state, count(work)) == (State.PROPOSED, 1)
    assert decide(operator, number).status_code == 303
    assert [one.quote.fee.amount for one in shown(work)] == [Decimal("4.1")]


def test_one_with_several_services_is_corrected_by_a_file(work: Workplace) -> None:
    browser = staff(work)
    number = propose(browser, row(), row(pay_in="iDEAL"))
    to = browser.get(f"/portal/proposals/{number}/correct")
    assert to.location == f"/portal/prices/upload?proposal={number}"
    page = browser.get(to.location)
    lines = browser.get(f"/portal/proposals/{number}/lines.csv")
    preview = upload(browser, lines.data, proposal=str(number), version=hidden(page, "version"))
    sent = {name: hidden(preview, name) for name in ("lines", "proposal", "version")}
    assert browser.post("/portal/prices/propose", data=sent).status_code == 303
    assert (find(work, number).version, count(work)) == (2, 1)


def test_two_edit_at_once_and_the_second_sees_both(work: Workplace) -> None:
    browser, colleague = staff(work), staff(work)
    number = propose(browser)
    about = {"proposal": str(number), "version": "1"}
    theirs = {"lines": file_of(row(rate="10.50"))} | about
    mine = {"lines": file_of(row(rate="10.40"))} | about
    assert colleague.post("/portal/prices/propose", data=theirs).status_code == 303
    clash = browser.post("/portal/prices/propose", data=mine)
    assert clash.status_code == 409
    assert "10.5 " in clash.text
    assert "10.4 " in clash.text
    assert find(work, number).version == 2
    again = {name: hidden(clash, name) for name in ("lines", "proposal", "version")}
    assert again["version"] == "2"
    assert browser.post("/portal/prices/propose", data=again).status_code == 303
    with work.database.reading() as session:
        versions = [one.payload for one in kept.versions_of(session, number)]
    assert ["10.5" in versions[1], "10.4" in versions[2]] == [True, True]


def test_what_was_decided_meanwhile_can_be_proposed_as_a_new_one(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    number = propose(browser)
    decide(operator, number, "refuse", "Not your own prices.")
    sent = {"lines": file_of(row(rate="10.50")), "proposal": str(number), "version": "1"}
    clash = browser.post("/portal/prices/propose", data=sent)
    assert clash.status_code == 409
    assert 'name="proposal"' not in clash.text
    assert (
        browser.post("/portal/prices/propose", data={"lines": hidden(clash, "lines")}).status_code
        == 303
    )
    assert (count(work), find(work, number).state) == (2, State.REFUSED)


def test_withdrawn_is_withdrawn(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    number = propose(browser)
    sha256 = find(work, number).sha256
    assert browser.post(f"/portal/proposals/{number}/withdraw").status_code == 303
    assert decide(operator, number, sha256=sha256).status_code == 409
    assert (find(work, number).state, shown(work)) == (State.WITHDRAWN, [])
    assert browser.get(f"/portal/proposals/{number}/correct").status_code == 404


@pytest.mark.parametrize("path", ["", "/correct", "/lines.csv"])
def test_a_proposal_of_another_firm_does_not_exist(work: Workplace, path: str) -> None:
    number = propose(staff(work))
    other = staff(work, OTHER)
    assert other.get(f"/portal/proposals/{number}{path}").status_code == 404
    assert other.post(f"/portal/proposals/{number}/withdraw").status_code == 404
    sent = {"lines": file_of(row()), "proposal": str(number), "version": "1"}
    assert other.post("/portal/prices/propose", data=sent).status_code == 404
    assert find(work, number).version == 1
    assert str(number) not in other.get("/portal/proposals").text.partition("<table")[2]


def test_staff_decides_nothing_at_the_desk(work: Workplace) -> None:
    browser = staff(work)
    number = propose(browser)
    sha256 = find(work, number).sha256
    for deed in ("approve", "send-back", "refuse"):
        assert decide(browser, number, deed, "Yes.", sha256).status_code == 404
    assert browser.get("/desk/proposals").status_code == 404
    assert find(work, number).state is State.PROPOSED
