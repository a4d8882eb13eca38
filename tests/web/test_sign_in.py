"""The way in, as people and as guessers use it."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Event, Thread

import pyotp
import pytest
from argon2 import PasswordHasher

from app.db import accounts, audit, links, mails, second_factors, sessions
from app.domain.account import Account, AccountState, Role
from app.web.signin import codes, passwords
from tests.work import SignedIn, Workplace

PASSWORD = "paard batterij nietje juist"  # noqa: S105
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def give(work: Workplace, account: Account, password: str = PASSWORD, secret: str = SECRET) -> None:
    """A password and a second factor."""
    with work.app.app_context(), work.database.writing() as session:
        accounts.set_password(session, account.id, passwords.hashed(password))
        if secret:
            accounts.set_one_time_secret(session, account.id, codes.sealed(secret))


def code(work: Workplace, steps: int = 0, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(for_time=work.now, counter_offset=steps)


def first_step(browser: SignedIn, email: str, password: str = PASSWORD, **more: str) -> int:
    data = {"email": email, "password": password, **more}
    return browser.post("/sign-in", data=data).status_code


def test_password_and_code_let_in_and_lead_on(work: Workplace) -> None:
    account, browser = work.account(Role.EDITOR), work.client()
    give(work, account)
    assert first_step(browser, account.email.upper(), next="/account?x=1") == 303
    answer = browser.post("/sign-in/code", data={"code": code(work), "next": "/account?x=1"})
    assert (answer.status_code, answer.location) == (303, "/account?x=1")
    browser.token = browser.get_cookie("work").value  # type: ignore[union-attr]
    assert account.email in browser.get("/account").text


@pytest.mark.parametrize("page", ["/account", "/account/second-factor"])
def test_nobody_sees_a_page_without_both_steps(work: Workplace, page: str) -> None:
    account, browser = work.account(), work.client()
    give(work, account)
    assert browser.get(page).status_code == 401
    assert first_step(browser, account.email) == 303
    answer = browser.get(page)
    assert answer.status_code == 401
    assert f'name="next" value="{page}"' in answer.text


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example/desk",
        "https://evil.example",
        "/\\evil",
        "javascript:x",
        "/desk\\..\\x",
        "/en/",
    ],
)
def test_signing_in_leads_to_no_other_place(work: Workplace, wanted: str) -> None:
    account, browser = work.account(), work.client()
    give(work, account)
    first_step(browser, account.email, next=wanted)
    answer = browser.post("/sign-in/code", data={"code": code(work), "next": wanted})
    assert answer.status_code == 303
    assert "evil" not in answer.location
    assert wanted not in answer.location


def test_a_code_works_once_and_only_near_its_time(work: Workplace) -> None:
    account = work.account()
    give(work, account)
    for steps, status in ((-2, 401), (2, 401), (0, 303), (0, 401), (-1, 401), (1, 303)):
        browser = work.client()
        assert first_step(browser, account.email) == 303
        answer = browser.post("/sign-in/code", data={"code": code(work, steps)})
        assert answer.status_code == status, steps


def test_codes_cannot_be_guessed_on_and_on(work: Workplace) -> None:
    account, browser = work.account(), work.client()
    give(work, account)
    first_step(browser, account.email)
    told = [browser.post("/sign-in/code", data={"code": f"{n:06}"}).status_code for n in range(20)]
    assert told == [401] * 10 + [429] * 10
    assert browser.post("/sign-in/code", data={"code": code(work)}).status_code == 429
    work.later(minutes=9)
    assert browser.post("/sign-in/code", data={"code": code(work)}).status_code == 429
    work.later(minutes=7)
    browser = work.client()
    first_step(browser, account.email)
    assert browser.post("/sign-in/code", data={"code": code(work)}).status_code == 303


def test_a_recovery_code_works_once(work: Workplace) -> None:
    account = work.account()
    give(work, account)
    with work.app.app_context(), work.database.writing() as session:
        second_factors.renew_codes(session, account.id, [codes.code_hash("abcde-fghjk")])
    for status in (303, 401):
        browser = work.client()
        first_step(browser, account.email)
        answer = browser.post("/sign-in/code", data={"code": "ABCDE FGHJK"})
        assert answer.status_code == status


def test_a_session_has_a_new_token_after_each_step_and_the_old_ones_are_dead(
    work: Workplace,
) -> None:
    account, browser = work.account(), work.client()
    give(work, account)
    browser.set_cookie("work", "planted-by-somebody-else")
    first_step(browser, account.email)
    half = browser.get_cookie("work").value  # type: ignore[union-attr]
    browser.post("/sign-in/code", data={"code": code(work)})
    full = browser.get_cookie("work").value  # type: ignore[union-attr]
    assert len({"planted-by-somebody-else", half, full}) == 3
    for dead in ("planted-by-somebody-else", half):
        other = work.client()
        other.set_cookie("work", dead)
        assert other.get("/account").status_code == 401


def test_after_signing_out_an_old_cookie_is_worth_nothing(work: Workplace) -> None:
    account = work.account()
    browser = work.client(account)
    assert browser.get("/account").status_code == 200
    assert browser.post("/sign-out").status_code == 303
    again = work.client()
    again.set_cookie("work", browser.token)
    assert again.get("/account").status_code == 401


@pytest.mark.parametrize("what", ["disabled", "password", "others"])
def test_a_session_ends_with_what_it_stood_on(work: Workplace, what: str) -> None:
    account = work.account()
    give(work, account)
    browser, other = work.client(account), work.client(account)
    assert other.get("/account").status_code == 200
    if what == "disabled":
        with work.database.writing() as session:
            accounts.set_state(session, account.id, AccountState.DISABLED)
    elif what == "others":
        assert browser.post("/account/sessions/end").status_code == 303
    else:
        new = "vier heel andere woorden"
        data = {"current": PASSWORD, "password": new, "again": new}
        assert browser.post("/account/password", data=data).status_code == 303
    assert other.get("/account").status_code == 401
    assert browser.get("/account").status_code == (401 if what == "disabled" else 200)


def test_a_session_ends_when_idle_and_when_old(work: Workplace) -> None:
    idle, busy = work.by(Role.EDITOR), work.by(Role.EDITOR)
    work.later(minutes=29)
    assert busy.get("/account").status_code == 200
    work.later(minutes=2)
    assert (idle.get("/account").status_code, busy.get("/account").status_code) == (401, 200)
    for _ in range(22):
        work.later(minutes=29)
        assert busy.get("/account").status_code == 200
    work.later(minutes=59)
    assert busy.get("/account").status_code == 401


def test_nothing_tells_who_has_an_account(work: Workplace) -> None:
    account = work.account()
    give(work, account)
    told = set()
    for email in (account.email, "nobody@example.org", "not an address"):
        browser = work.client()
        answer = browser.post("/sign-in", data={"email": email, "password": "wrong" * 4})
        told.add((answer.status_code, answer.text.replace(email, "")))
        sent = browser.post("/sign-in/forgotten", data={"email": email})
        told.add((sent.status_code, sent.text))
    assert len(told) == 2
    with work.database.reading() as session:
        assert [mail.to for mail in mails.mails(session)] == [account.email]


def test_guessing_stops_and_its_victim_is_not_kept_out(work: Workplace) -> None:
    account, known = work.account(), work.client()
    give(work, account)
    first_step(known, account.email)
    known.post("/sign-in/code", data={"code": code(work)})
    known.post("/sign-out", headers={"X-CSRF-Token": ""})
    evaluated = 0
    for _ in range(200):
        work.later(minutes=1)
        status = first_step(work.client(), account.email, "guess")
        assert status in (401, 429)
        evaluated += status == 401
    assert evaluated == 100
    assert first_step(work.client(), account.email) == 429
    elsewhere = {"X-Forwarded-For": "198.51.100.7"}
    data = {"email": account.email, "password": PASSWORD}
    unknown = work.client().post("/sign-in", data=data, headers=elsewhere)
    assert unknown.status_code == 429
    assert known.post("/sign-in", data=data, headers=elsewhere).status_code == 303
    other = {"email": "somebody@example.org", "password": "guess"}
    assert work.client().post("/sign-in", data=other, headers=elsewhere).status_code == 401


def test_trying_one_password_on_many_accounts_stops_by_address(work: Workplace) -> None:
    told = [first_step(work.client(), f"a{n}@example.org", "Welkom01!") for n in range(50)]
    assert told == [401] * 40 + [429] * 10


def link_in(work: Workplace, to: str) -> str:
    """What the newest mail to somebody leads to."""
    with work.database.reading() as session:
        found_mails = [mail for mail in mails.mails(session) if mail.to == to]
        newest = max(found_mails, key=lambda mail: mail.id)
    found = re.search(r"http://127\.0\.0\.1:8000(/sign-in/link/\S+)", newest.text)
    assert found is not None
    return found[1]


def test_a_forgotten_password_by_mail_asks_for_the_second_factor_all_the_same(
    work: Workplace,
) -> None:
    account, signed_in = work.account(), None
    give(work, account)
    signed_in = work.client(account)
    browser = work.client()
    browser.post(
        "/sign-in/forgotten", data={"email": account.email}, headers={"Host": "evil.example"}
    )
    browser.post("/sign-in/forgotten", data={"email": account.email})
    link, new = link_in(work, account.email), "vier heel andere woorden"
    assert browser.get(link).status_code == browser.get(link).status_code == 200
    assert browser.post(link, data={"password": new, "again": "other"}).status_code == 422
    answer = browser.post(link, data={"password": new, "again": new})
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert browser.get("/account").status_code == 401
    assert signed_in.get("/account").status_code == 401
    assert browser.post(link, data={"password": new, "again": new}).status_code == 410
    assert first_step(work.client(), account.email) == 401
    assert first_step(work.client(), account.email, new) == 303


def test_a_link_for_a_new_password_lives_half_an_hour_and_ends_with_a_newer_one(
    work: Workplace,
) -> None:
    account, browser = work.account(), work.client()
    browser.post("/sign-in/forgotten", data={"email": account.email})
    old = link_in(work, account.email)
    browser.post("/sign-in/forgotten", data={"email": account.email})
    newer = link_in(work, account.email)
    assert browser.get(old).status_code == 410
    assert browser.get(newer).status_code == 200
    work.later(minutes=31)
    assert browser.get(newer).status_code == 410


def test_nobody_is_sent_mail_after_mail(work: Workplace) -> None:
    account = work.account()
    for _ in range(12):
        answer = work.client().post("/sign-in/forgotten", data={"email": account.email})
        assert answer.status_code == 200
        work.later(minutes=61)
    with work.database.reading() as session:
        assert len(mails.mails(session)) == 3
    work.later(hours=24)
    work.client().post("/sign-in/forgotten", data={"email": account.email})
    with work.database.reading() as session:
        assert len(mails.mails(session)) == 4


def test_an_invitation_leads_to_a_password_a_second_factor_and_in(work: Workplace) -> None:
    runner = work.app.test_cli_runner()
    told = runner.invoke(args=["operator", "create", "New.One@Example.org", "--language", "en"])
    assert told.exit_code == 0, told.output
    link = told.output.splitlines()[-1].removeprefix("http://127.0.0.1:8000")
    browser = work.client()
    assert "new.one@example.org" in browser.get(link).text
    answer = browser.post(link, data={"password": PASSWORD, "again": PASSWORD})
    assert answer.location == "/sign-in/second-factor"
    page = browser.get(answer.location).text
    secret = re.search(r'class="code" dir="ltr">(\w+)<', page)
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert secret
    assert sealed
    data = {"sealed": sealed[1], "code": "000000"}
    assert browser.post("/sign-in/second-factor", data=data).status_code == 422
    data["code"] = code(work, secret=secret[1])
    shown = browser.post("/sign-in/second-factor", data=data)
    recovery = re.findall(r"<li>(\w{5}-\w{5})</li>", shown.text)
    assert len(recovery) == 10
    assert browser.get("/account").status_code == 200
    again = runner.invoke(args=["operator", "create", "new.one@example.org"])
    assert again.exit_code == 1
    assert "already" in again.output


def test_an_invitation_ends_after_a_week_and_is_told_of(work: Workplace) -> None:
    runner = work.app.test_cli_runner()
    told = runner.invoke(args=["operator", "create", "late@example.org"])
    link = told.output.splitlines()[-1].removeprefix("http://127.0.0.1:8000")
    work.later(days=8)
    answer = work.client().get(link)
    assert (answer.status_code, "works no more" in answer.text) == (410, True)
    with work.database.reading() as session:
        assert len(links.expired_invitations(session, work.now)) == 1


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevensigns",
        "password1234",
        "aaaaaaaaaaaaaaaa",
        "huiswaarts2026",
        "moneygram2026",
        "Western Union 1!",
        "qwertyuiop12",
        "x" * 201,
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(work: Workplace, password: str) -> None:
    browser = work.by(Role.EDITOR)
    data = {"current": "x", "password": password, "again": password}
    assert browser.post("/account/password", data=data).status_code == 422


@pytest.mark.parametrize(
    "password",
    [
        "paard batterij nietje juist",
        "🐴 " * 5 + "merrie galop",
        "kermis vlieger 48 tandarts zeeschuim wortel boekenkast appel driehoek",
    ],
)
def test_long_passwords_of_any_signs_are_good(password: str) -> None:
    assert 12 <= len(password) <= 200
    assert not passwords.is_guessable(password, "anna@example.org")
    kept = passwords.hashed(password)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right(password, kept)
    assert not passwords.is_right(password + " ", kept)


def test_a_hash_of_older_settings_is_made_anew_at_sign_in(work: Workplace) -> None:
    account = work.account()
    with work.database.writing() as session:
        weak = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
        accounts.set_password(session, account.id, weak)
    assert first_step(work.client(), account.email) == 303
    with work.database.reading() as session:
        known = accounts.known_by_number(session, account.id)
    assert known is not None
    assert "m=19456,t=2" in known.password_hash


@pytest.mark.parametrize("missing", ["csrf", "origin", "foreign"])
def test_a_form_from_elsewhere_changes_nothing(work: Workplace, missing: str) -> None:
    account = work.account()
    browser = work.client(account)
    headers = {"X-CSRF-Token": ""} if missing == "csrf" else {"Origin": "https://evil.example"}
    if missing == "origin":
        headers = {"Origin": ""}
    data = {"name": "Changed", "language": "en"}
    assert browser.post("/account/name", data=data, headers=headers).status_code == 403
    with work.database.reading() as session:
        found = accounts.find_account(session, account.id)
    assert found is not None
    assert found.name == account.name


def test_more_than_the_form_asks_for_is_not_taken(work: Workplace) -> None:
    account = work.account(Role.EDITOR)
    data = {
        "name": "Anna",
        "language": "nl",
        "role": "administrator",
        "provider_id": "1",
        "state": "x",
    }
    assert work.client(account).post("/account/name", data=data).status_code == 303
    with work.database.reading() as session:
        found = accounts.find_account(session, account.id)
    assert found is not None
    assert (found.name, found.language, found.role, found.provider) == (
        "Anna",
        "nl",
        Role.EDITOR,
        None,
    )


def test_pages_behind_the_door_are_kept_nowhere(work: Workplace) -> None:
    browser = work.by(Role.EDITOR)
    for page in (
        browser.get("/account"),
        work.client().get("/account"),
        work.client().get("/sign-in"),
    ):
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers


def test_every_step_is_in_the_log(work: Workplace) -> None:
    account, browser = work.account(), work.client()
    give(work, account)
    first_step(browser, account.email, "wrong")
    first_step(browser, account.email)
    browser.post("/sign-in/code", data={"code": "1"})
    browser.post("/sign-in/code", data={"code": code(work)})
    with work.database.reading() as session:
        acts = [one.act for one in audit.history(session)]
        assert acts == ["sign_in.done", "code.refused", "sign_in.refused"]
        assert audit.broken_at(session) == ""


def test_a_session_that_is_half_open_closes_soon(work: Workplace) -> None:
    account = work.account()
    give(work, account)
    browser = work.client(account, sessions.Stage.HALF)
    assert browser.get("/sign-in/code").status_code == 200
    work.now += timedelta(minutes=11)
    assert browser.get("/sign-in/code").status_code == 401


def test_one_hash_is_made_at_a_time_and_a_crowd_is_sent_away(
    work: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who sends many passwords at once keeps every thread of the site busy."""
    hashing, go_on = Event(), Event()
    at_once, most = [0], [0]

    class Slow:
        def verify(self, *_: object) -> bool:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            hashing.set()
            go_on.wait(20)
            at_once[0] -= 1
            return False

    monkeypatch.setattr(passwords, "HASHER", Slow())
    told: list[int] = []

    def guess(number: int) -> None:
        told.append(first_step(work.client(), f"crowd{number}@example.org", "guess"))

    crowd = [Thread(target=guess, args=(number,)) for number in range(12)]
    crowd[0].start()
    assert hashing.wait(20)
    for one in crowd[1:]:
        one.start()
    for one in crowd[2:]:
        one.join(0.5)
    go_on.set()
    for one in crowd:
        one.join(20)
    assert most == [1]
    assert told.count(503) >= 9
    assert sorted(set(told)) == [401, 503]
