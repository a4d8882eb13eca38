"""Proposals at the desk: the worst first, beside what is shown, and decided in two clicks."""

from __future__ import annotations

import pytest

from app.domain.account import Account, Role
from app.domain.proposal import State
from tests.web.portal.firm import FIRM, decide, file_of, find, hidden, propose, row, shown, staff
from tests.work import Workplace

WHY = "Seen on their site."


def test_the_worst_stands_first_and_two_clicks_decide(work: Workplace) -> None:
    operator = work.by(Role.EDITOR)
    fine = propose(staff(work))
    wild = propose(staff(work, "ria"), row(rate="5.00"))
    listed = operator.get("/desk/proposals").text
    assert listed.index(f"/desk/proposals/{wild}") < listed.index(f"/desk/proposals/{fine}")
    page = operator.get(f"/desk/proposals/{fine}")
    assert "Approve and publish" in page.text
    assert decide(operator, fine).location == "/desk/proposals"
    assert len(shown(work)) == 1


def test_a_page_shows_proposed_shown_and_scraped_with_their_difference(work: Workplace) -> None:
    operator, browser = work.by(Role.EDITOR), staff(work)
    decide(operator, propose(browser))
    page = operator.get(f"/desk/proposals/{propose(browser, row(rate='10.00'))}").text
    for words in (
        "more than 2%",
        "told us by the firm itself",
        "Last read by our programs",
        "sha256:",
    ):
        assert words in page, words


def test_what_a_gate_holds_takes_words_and_two_operators(work: Workplace) -> None:
    first, second = work.by(Role.EDITOR), work.by(Role.ADMINISTRATOR)
    number = propose(staff(work), row(rate="5.00"))
    assert decide(first, number).status_code == 422
    assert decide(first, number, words=WHY).status_code == 303
    assert (find(work, number).state, shown(work)) == (State.PROPOSED, [])
    assert decide(first, number, words=WHY).status_code == 403
    assert "Agree as the second" in second.get(f"/desk/proposals/{number}").text
    assert decide(second, number, words=WHY).status_code == 303
    assert len(shown(work)) == 1


@pytest.mark.parametrize("deed", ["approve", "send-back", "refuse"])
def test_what_changed_since_it_was_read_is_not_decided(work: Workplace, deed: str) -> None:
    operator, browser = work.by(Role.EDITOR), staff(work)
    number = propose(browser)
    read = find(work, number).sha256
    edited = {"lines": file_of(row(rate="10.50")), "proposal": str(number), "version": "1"}
    assert browser.post("/portal/prices/propose", data=edited).status_code == 303
    answer = decide(operator, number, deed, WHY, read)
    assert answer.status_code == 409
    for words in ("What you read", "What it is now", "10.6", "10.5"):
        assert words in answer.text, words
    assert (find(work, number).state, shown(work)) == (State.PROPOSED, [])
    assert hidden(answer, "sha256") == find(work, number).sha256


@pytest.mark.parametrize("sha256", ["0" * 64, "x", "' OR 1=1 --"])
def test_another_hash_approves_nothing(work: Workplace, sha256: str) -> None:
    number = propose(staff(work))
    assert decide(work.by(Role.EDITOR), number, sha256=sha256).status_code == 409
    assert shown(work) == []


@pytest.mark.parametrize("deed", ["send-back", "refuse"])
def test_sending_back_needs_words(work: Workplace, deed: str) -> None:
    number = propose(staff(work))
    assert decide(work.by(Role.EDITOR), number, deed).status_code == 422
    assert find(work, number).state is State.PROPOSED


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.MODERATOR])
def test_other_operators_see_no_proposals(work: Workplace, role: Role) -> None:
    number = propose(staff(work))
    browser = work.by(role)
    assert browser.get(f"/desk/proposals/{number}").status_code == 404
    sha256 = find(work, number).sha256
    assert decide(browser, number, sha256=sha256).status_code == 404


def test_no_form_of_the_desk_takes_more_than_its_own_fields(work: Workplace) -> None:
    operator: Account = work.account(Role.EDITOR)
    number = propose(staff(work), row(rate="5.00"))
    sent = {"sha256": find(work, number).sha256, "words": WHY, "first_by": "1", "state": "approved"}
    sent |= {"by": "1", "decided_by": "1", "role": "administrator"}
    work.client(operator).post(f"/desk/proposals/{number}/approve", data=sent)
    one = find(work, number)
    assert (one.state, one.first_by, one.provider) == (State.PROPOSED, operator.id, FIRM)
