"""Mails at the desk: who sees them, what is never shown, and trying again or giving up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.db import audit, mails
from app.domain.account import Role
from app.domain.mail import Mail, MailKind
from tests.conftest import NOW
from tests.work import Workplace, workplace

MADE = Mail("anna@example.org", "Hello <b>you</b>", "Words <script>1</script>", MailKind.NOTICE)
SECRET = replace(MADE, subject="New password", text="https://x.example/SESAME", kind=MailKind.RESET)


@pytest.fixture
def sending(seeded_file: Path, tmp_path: Path) -> Iterator[Workplace]:
    """A site that has a mail server."""
    server = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "post@huis.example"}
    with workplace(seeded_file, tmp_path, NOW, **server) as made:
        yield made


def put(work: Workplace, mail: Mail = MADE, *, refused: bool = False) -> int:
    with work.database.writing() as session:
        number = mails.queue(session, mail, work.now)
        if refused:
            one = mails.claim(session, work.now)
            assert one is not None
            mails.note_given_up(session, one, "550 nobody <here>", work.now)
    return number


def state(work: Workplace, number: int) -> str:
    with work.database.reading() as session:
        found = mails.find_mail(session, number)
    assert found is not None
    return found.state


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_mails_are_for_administrators(work: Workplace, role: Role) -> None:
    number = put(work)
    browser = work.by(role)
    assert browser.get("/desk/mails").status_code == 404
    assert browser.get(f"/desk/mails/{number}").status_code == 404
    for act in ("try-again", "give-up"):
        assert browser.post(f"/desk/mails/{number}/{act}").status_code == 404
    assert state(work, number) == "waiting"
    assert work.client().get("/desk/mails").status_code == 401


def test_the_list_counts_and_is_a_spreadsheet_too(work: Workplace) -> None:
    put(work)
    browser = work.by(Role.ADMINISTRATOR)
    page = browser.get("/desk/mails").text
    assert "One mail waits" in page
    assert "No mail server is set" in page
    assert "Hello &lt;b&gt;you" in page
    csv = browser.get("/desk/mails?mails-as=csv")
    assert (csv.mimetype, "anna@example.org" in csv.text) == ("text/csv", True)
    assert "Words" not in csv.text


def test_without_a_server_the_whole_mail_is_shown_and_reading_a_secret_is_noted(
    work: Workplace,
) -> None:
    plain, secret = put(work), put(work, SECRET)
    browser = work.by(Role.ADMINISTRATOR)
    assert "Words &lt;script&gt;1" in browser.get(f"/desk/mails/{plain}").text
    assert "SESAME" in browser.get(f"/desk/mails/{secret}").text
    with work.database.reading() as session:
        (entry,) = audit.history(session)
    assert (entry.act, entry.about) == ("mail.read", ("mail", str(secret)))


@pytest.mark.parametrize("kind", [MailKind.RESET, MailKind.INVITATION, MailKind.CONFIRMATION])
def test_with_a_server_what_lets_somebody_in_is_never_shown(
    sending: Workplace, kind: MailKind
) -> None:
    number = put(sending, replace(SECRET, kind=kind))
    browser = sending.by(Role.ADMINISTRATOR)
    for path in ("/desk/mails", "/desk/mails?mails-as=csv", f"/desk/mails/{number}"):
        assert "SESAME" not in browser.get(path).text
    assert "Words &lt;script&gt;1" in browser.get(f"/desk/mails/{put(sending)}").text


def test_one_that_could_not_be_sent_stands_first_and_is_tried_again(sending: Workplace) -> None:
    number = put(sending, refused=True)
    browser = sending.by(Role.ADMINISTRATOR)
    page = browser.get("/desk/mails").text
    assert "One mail could not be sent" in page
    assert "550 nobody &lt;here&gt;" in page
    assert browser.post(f"/desk/mails/{number}/try-again").status_code == 303
    assert state(sending, number) == "waiting"
    assert "tried again within a minute" in browser.get(f"/desk/mails/{number}").text
    with sending.database.reading() as session:
        assert audit.history(session)[0].act == "mail.tried_again"


def test_one_that_waits_is_given_up_once(sending: Workplace) -> None:
    number = put(sending)
    browser = sending.by(Role.ADMINISTRATOR)
    assert browser.post(f"/desk/mails/{number}/give-up").status_code == 303
    assert state(sending, number) == "given_up"
    again = browser.post(f"/desk/mails/{number}/give-up")
    assert (again.status_code, "does not wait any more" in again.text) == (409, True)
    with sending.database.reading() as session:
        assert [one.act for one in audit.history(session)] == ["mail.given_up"]


def test_what_is_gone_cannot_be_sent(sending: Workplace) -> None:
    number = put(sending, SECRET, refused=True)
    browser = sending.by(Role.ADMINISTRATOR)
    assert "do anew what it was about" in browser.get("/desk/mails").text
    answer = browser.post(f"/desk/mails/{number}/try-again")
    assert (answer.status_code, "can no longer be sent" in answer.text) == (409, True)


def test_what_an_operator_gave_up_and_what_is_long_ago_is_no_news(sending: Workplace) -> None:
    put(sending, refused=True)
    browser = sending.by(Role.ADMINISTRATOR)
    browser.post(f"/desk/mails/{put(sending)}/give-up")
    assert "One mail could not be sent" in browser.get("/desk/mails").text
    sending.later(days=14)
    browser = sending.by(Role.ADMINISTRATOR)
    assert "could not be sent" not in browser.get("/desk/mails").text


@pytest.mark.parametrize("number", ["0", "9999999999", "x", "1%20or%201"])
def test_a_mail_that_is_none_is_not_found(work: Workplace, number: str) -> None:
    browser = work.by(Role.ADMINISTRATOR)
    assert browser.get(f"/desk/mails/{number}").status_code == 404
    assert browser.post(f"/desk/mails/{number}/try-again").status_code == 404
    assert browser.get("/desk/mails/999").status_code == 404


def test_a_form_of_another_site_changes_nothing(sending: Workplace) -> None:
    number = put(sending)
    browser = sending.by(Role.ADMINISTRATOR)
    for headers in ({"Origin": "https://evil.example"}, {"X-CSRF-Token": "0" * 64}):
        answer = browser.post(f"/desk/mails/{number}/give-up", headers=headers)
        assert answer.status_code == 403
    assert state(sending, number) == "waiting"
