"""Accounts: who gives them, who changes them, and what nobody can do to themselves."""

from __future__ import annotations

import pytest

from app.db import accounts, audit, mails
from app.domain.account import Account, AccountState, Role
from tests.work import Workplace

INVITED = {"email": "New@Example.org", "name": "New One", "role": "editor", "language": "en"}


def found(work: Workplace, email: str) -> Account | None:
    with work.database.reading() as session:
        known = accounts.known_by_email(session, email)
    return known.account if known else None


def test_an_administrator_invites_and_the_mail_is_on_its_way(work: Workplace) -> None:
    browser = work.by(Role.ADMINISTRATOR)
    assert browser.post("/desk/accounts", data=INVITED).status_code == 303
    page = browser.get("/desk/accounts").text
    assert "new@example.org is invited" in page
    made = found(work, "new@example.org")
    assert made is not None
    assert (made.role, made.state) == (Role.EDITOR, AccountState.INVITED)
    with work.database.reading() as session:
        assert [mail.to for mail in mails.mails(session)] == ["new@example.org"]
        assert audit.history(session)[0].act == "account.invited"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "Fill in one mail address"),
        ({"email": "a@example.org, b@example.org"}, "Fill in one mail address"),
        ({"email": "a@example.org\u2028b@example.org"}, "Fill in one mail address"),
        ({"email": ""}, "Fill in one mail address"),
        ({"name": "Two\nlines"}, "Write this on one line"),
        ({"name": ""}, "Fill in a name"),
        ({"role": "owner"}, "Choose a role"),
        ({"role": "provider"}, "Choose the firm"),
        ({"role": "provider", "provider": "no-such-firm"}, "Choose the firm"),
        ({"provider": "wise"}, "works for no firm"),
        ({"language": "fr"}, "Choose a language"),
    ],
)
def test_what_cannot_be_an_account_gets_a_clear_sentence(
    work: Workplace, changed: dict[str, str], words: str
) -> None:
    answer = work.by(Role.ADMINISTRATOR).post("/desk/accounts", data=INVITED | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert found(work, "new@example.org") is None


def test_one_address_has_one_account(work: Workplace) -> None:
    work.account(Role.EDITOR, email="new@example.org")
    answer = work.by(Role.ADMINISTRATOR).post("/desk/accounts", data=INVITED)
    assert (answer.status_code, "already" in answer.text) == (409, True)


@pytest.mark.parametrize("act", ["disable", "enable", "invite-again"])
def test_nobody_does_this_to_themselves(work: Workplace, act: str) -> None:
    own = work.account(Role.ADMINISTRATOR)
    browser = work.client(own)
    browser.post(f"/desk/accounts/{own.id}/{act}")
    assert found(work, own.email) == own
    assert browser.get("/desk/accounts").status_code == 200


def test_a_disabled_account_is_out_at_once_and_comes_back_with_nothing(work: Workplace) -> None:
    victim = work.account(Role.EDITOR)
    theirs, browser = work.client(victim), work.by(Role.ADMINISTRATOR)
    browser.post(f"/desk/accounts/{victim.id}/disable")
    assert theirs.get("/account").status_code == 401
    assert "can no longer sign in" in browser.get(f"/desk/accounts/{victim.id}").text
    browser.post(f"/desk/accounts/{victim.id}/enable")
    assert theirs.get("/account").status_code == 401
    with work.database.reading() as session:
        known = accounts.known_by_email(session, victim.email)
    assert known is not None
    assert (known.account.state, known.password_hash) == (AccountState.INVITED, "")


def test_who_was_overtaken_sees_both_versions(work: Workplace) -> None:
    victim = work.account(Role.EDITOR)
    first, second = work.by(Role.ADMINISTRATOR), work.by(Role.ADMINISTRATOR)
    url = f"/desk/accounts/{victim.id}"
    assert (
        first.post(url, data={"name": "First", "language": "nl", "version": "1"}).status_code == 303
    )
    answer = second.post(url, data={"name": "Second", "language": "en", "version": "1"})
    assert answer.status_code == 409
    assert "First" in answer.text
    assert "Second" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert (
        second.post(url, data={"name": "Second", "language": "en", "version": "2"}).status_code
        == 303
    )


def test_the_list_is_sorted_filtered_and_downloaded(work: Workplace) -> None:
    for number in range(12):
        work.account(Role.EDITOR, email=f"e{number}@example.org")
    browser = work.client(work.account(email="=cmd@example.org"))
    assert "e3@example.org" not in browser.get("/desk/accounts?accounts-filter=e7@").text
    answer = browser.get("/desk/accounts?accounts-as=csv")
    assert answer.mimetype == "text/csv"
    assert "'=cmd@example.org" in answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="accounts.csv"'


def test_the_log_shows_what_was_done_and_that_it_is_whole(work: Workplace) -> None:
    browser = work.by(Role.ADMINISTRATOR)
    browser.post("/desk/accounts", data=INVITED)
    page = browser.get("/desk/audit").text
    assert "account.invited" in page
    assert "Whole: no entry was changed" in page


def test_an_administrator_changes_a_role_and_its_sessions_end(work: Workplace) -> None:
    other, boss = work.account(Role.EDITOR), work.account(Role.ADMINISTRATOR)
    browser, theirs = work.client(boss), work.client(other)
    assert theirs.get("/desk/held/").status_code == 200
    address = f"/desk/accounts/{other.id}"
    form = {"role": "moderator", "version": "1"}
    assert browser.post(f"{address}/role", data=form).status_code == 303
    changed = found(work, other.email)
    assert changed is not None
    assert changed.role is Role.MODERATOR
    assert theirs.get("/desk/").status_code == 401
    with work.database.reading() as session:
        entry = audit.history(session, ("account", other.id))[0]
    assert entry.act == "account.role_changed"
    assert (entry.facts["before"], entry.facts["role"]) == ("editor", "moderator")
    again = browser.post(f"{address}/role", data={"role": "researcher", "version": "1"})
    assert again.status_code == 409
    assert "moderator" in again.text


def test_no_role_is_given_to_oneself_to_a_firm_or_from_a_firm(work: Workplace) -> None:
    boss, staff = work.account(Role.ADMINISTRATOR), work.account(Role.PROVIDER)
    editor = work.account(Role.EDITOR)
    browser = work.client(boss)
    for account, role, status in (
        (boss, "editor", 404),
        (staff, "editor", 404),
        (editor, "provider", 422),
        (editor, "owner", 422),
    ):
        form = {"role": role, "version": "1"}
        answer = browser.post(f"/desk/accounts/{account.id}/role", data=form)
        assert answer.status_code == status, (account.role, role)
        after = found(work, account.email)
        assert after is not None
        assert after.role is account.role
    assert "Change the role" not in browser.get(f"/desk/accounts/{boss.id}").text
    assert "Change the role" in browser.get(f"/desk/accounts/{editor.id}").text
    form = {"role": "administrator", "version": "1"}
    own = work.client(editor).post(f"/desk/accounts/{editor.id}/role", data=form)
    assert own.status_code == 404
