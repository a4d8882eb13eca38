"""Colleagues: within one's own firm, and no other."""

from __future__ import annotations

from app.db import accounts
from app.domain.account import Account, AccountState, Role
from tests.work import Workplace


def state(work: Workplace, account: Account) -> AccountState:
    with work.database.reading() as session:
        found = accounts.find_account(session, account.id)
    assert found is not None
    return found.state


def test_staff_invites_for_its_own_firm_whatever_is_sent(work: Workplace) -> None:
    browser = work.by(Role.PROVIDER, provider="wise")
    data = {
        "email": "colleague@example.org",
        "name": "A Colleague",
        "language": "en",
        "provider": "ria",
        "role": "administrator",
    }
    assert browser.post("/portal/staff", data=data).status_code == 303
    with work.database.reading() as session:
        known = accounts.known_by_email(session, "colleague@example.org")
    assert known is not None
    assert (known.account.role, known.account.provider) == (Role.PROVIDER, "wise")


def test_an_account_of_another_firm_does_not_exist_here(work: Workplace) -> None:
    ours, theirs = (work.account(Role.PROVIDER, provider=slug) for slug in ("wise", "ria"))
    operator = work.account(Role.EDITOR)
    browser = work.client(ours)
    for other in (theirs, operator, ours):
        for act in ("disable", "invite-again"):
            assert browser.post(f"/portal/staff/{other.id}/{act}").status_code == 404
        assert state(work, other) is AccountState.ACTIVE
    assert theirs.email not in browser.get("/portal/staff").text


def test_a_colleague_who_left_is_out_at_once(work: Workplace) -> None:
    ours, left = (work.account(Role.PROVIDER, provider="wise") for _ in range(2))
    theirs = work.client(left)
    assert work.client(ours).post(f"/portal/staff/{left.id}/disable").status_code == 303
    assert theirs.get("/portal/staff").status_code == 401
    assert state(work, left) is AccountState.DISABLED
