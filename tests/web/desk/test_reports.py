"""Reports at the desk: who answers, in public words, once; and what the firm is told of them."""

from __future__ import annotations

import re

import pytest

from app.db import audit, mails, replies, reports
from app.domain.account import Role
from app.domain.report import LONGEST_MESSAGE
from tests.web.reported import WRITTEN, a_report, firms
from tests.work import SignedIn, Workplace

ALLOWED = (Role.MODERATOR, Role.EDITOR, Role.ADMINISTRATOR)
MARK = re.compile(r'name="mark" value="([0-9a-f]{16})"')


def mark(browser: SignedIn, number: int) -> str:
    found = MARK.search(browser.get(f"/desk/reports/{number}").text)
    assert found is not None
    return found[1]


def answered(browser: SignedIn, number: int, **form: str) -> tuple[int, str]:
    given = {"state": "corrected", "words": "The fee is EUR 5."} | form
    given["mark"] = form.get("mark") or mark(browser, number)
    answer = browser.post(f"/desk/reports/{number}/answer", data=given)
    return answer.status_code, answer.text


def acts(work: Workplace) -> list[str]:
    with work.database.reading() as session:
        return [one.act for one in audit.history(session)]


def mailed(work: Workplace) -> list[tuple[str, str]]:
    with work.database.reading() as session:
        return [(one.to, one.kind) for one in mails.mails(session)]


@pytest.mark.parametrize("role", list(Role))
def test_reports_are_for_moderators_and_editors(work: Workplace, role: Role) -> None:
    number = a_report(work, firms(work)[0])
    browser = work.by(role)
    wanted = 200 if role in ALLOWED else 404
    assert browser.get("/desk/reports").status_code == wanted
    assert browser.get(f"/desk/reports/{number}").status_code == wanted
    if role not in ALLOWED:
        for act in ("answer", "tell", "reply"):
            assert browser.post(f"/desk/reports/{number}/{act}", data={}).status_code == 404
    assert work.client().get("/desk/reports").status_code == 401


def test_open_ones_stand_oldest_first_and_what_was_written_is_escaped(work: Workplace) -> None:
    first = a_report(work, firms(work)[0], "a" * 32)
    second = a_report(work, None, "b" * 32)
    browser = work.by(Role.MODERATOR)
    page = browser.get("/desk/reports").text
    assert page.index(f"/desk/reports/{first}") < page.index(f"/desk/reports/{second}")
    one = browser.get(f"/desk/reports/{first}").text
    assert "Jan de Vries &lt;b&gt;" in one
    assert "It is still the same." in one
    csv = browser.get("/desk/reports?open-as=csv").text
    assert "Jan" not in csv
    assert WRITTEN[0] not in csv


def test_closing_says_it_in_public_and_by_mail_and_forgets_the_address(work: Workplace) -> None:
    number = a_report(work, firms(work)[0])
    browser = work.by(Role.MODERATOR)
    code, _page = answered(browser, number)
    assert code == 303
    assert "The reader is told by mail" in browser.get(f"/desk/reports/{number}").text
    assert "The fee is EUR 5." in work.client().get("/en/corrections").text
    assert "The fee is EUR 5." in work.client().get(f"/en/report/{'t' * 32}").text
    assert mailed(work) == [(WRITTEN[0], "report")]
    with work.database.reading() as session:
        found = reports.numbered(session, number)
        (mail,) = mails.mails(session)
    assert found is not None
    assert (found.email, found.state) == ("", "corrected")
    assert "/nl/corrections#reports" in mail.text
    assert acts(work) == ["report.answered"]


def test_looking_into_it_is_said_and_mails_nobody(work: Workplace) -> None:
    number = a_report(work, None)
    browser = work.by(Role.EDITOR)
    assert answered(browser, number, state="looked_into", words="")[0] == 303
    assert mailed(work) == []
    assert answered(browser, number, state="unchanged", words="It was right.")[0] == 303
    assert mailed(work) == [(WRITTEN[0], "report")]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"state": ""}, "Choose how far it is"),
        ({"state": "received"}, "Choose how far it is"),
        ({"state": "gone"}, "Choose how far it is"),
        ({"words": "  "}, "closing a report needs words"),
        ({"words": "x" * (LONGEST_MESSAGE + 1)}, "Write at most"),
    ],
)
def test_what_is_no_answer_gets_a_sentence(
    work: Workplace, form: dict[str, str], words: str
) -> None:
    number = a_report(work, None)
    code, page = answered(work.by(Role.MODERATOR), number, **form)
    assert (code, words in page) == (422, True)
    assert acts(work) == []


def test_whoever_comes_second_sees_both_answers(work: Workplace) -> None:
    number = a_report(work, firms(work)[0])
    first, second = work.by(Role.MODERATOR), work.by(Role.EDITOR)
    opened = mark(second, number)
    assert answered(first, number, state="looked_into", words="We asked the firm.")[0] == 303
    code, page = answered(second, number, words="It was wrong.", mark=opened)
    assert code == 409
    assert "We asked the firm." in page
    assert "It was wrong." in page
    again = MARK.search(page)
    assert again is not None
    assert answered(second, number, words="It was wrong.", mark=again[1])[0] == 303
    assert answered(first, number, mark=again[1])[0] == 409
    assert mailed(work) == [(WRITTEN[0], "report")]


def test_a_firm_is_told_in_our_words_and_once_by_mail(work: Workplace) -> None:
    firm, other = firms(work)
    number = a_report(work, firm)
    work.account(Role.PROVIDER, firm, "staff@firm.example")
    work.account(Role.PROVIDER, other, "staff@other.example")
    browser = work.by(Role.MODERATOR)
    for words in ("The fee is said to be EUR 5.", "The fee is said to be EUR 6."):
        answer = browser.post(f"/desk/reports/{number}/tell", data={"told": words})
        assert answer.status_code == 303
    assert mailed(work) == [("staff@firm.example", "notice")]
    with work.database.reading() as session:
        assert replies.told(session, number) == "The fee is said to be EUR 6."
        (mail,) = mails.mails(session)
    assert not any(written in mail.text for written in WRITTEN)
    empty = browser.post(f"/desk/reports/{number}/tell", data={"told": " "})
    assert (empty.status_code, "Write what the firm is to read" in empty.text) == (422, True)
    about_site = a_report(work, None, "b" * 32)
    assert browser.post(f"/desk/reports/{about_site}/tell", data={"told": "x"}).status_code == 404


def a_reply(work: Workplace, number: int, firm: str, text: str, version: int = 0) -> None:
    account = work.account(Role.PROVIDER, firm)
    with work.database.writing() as session:
        assert replies.write(session, number, firm, version, text, account.id, work.now)


def test_a_reply_is_read_before_it_is_public(work: Workplace) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    a_reply(work, number, firm, "Our fee is EUR 4 <i>.")
    browser = work.by(Role.MODERATOR)
    answered(browser, number)
    pages = ("/en/corrections", f"/en/report/{'t' * 32}")
    assert "One reply of a firm is to be read" in browser.get("/desk/reports").text
    assert all("Our fee" not in work.client().get(page).text for page in pages)
    form = {"act": "let_go", "version": "1"}
    assert browser.post(f"/desk/reports/{number}/reply", data=form).status_code == 303
    assert all("Our fee is EUR 4 &lt;i&gt;" in work.client().get(page).text for page in pages)
    form = {"act": "refuse", "version": "1", "why": "It names a person."}
    assert browser.post(f"/desk/reports/{number}/reply", data=form).status_code == 303
    assert all("Our fee" not in work.client().get(page).text for page in pages)
    assert acts(work)[:2] == ["report.reply_read"] * 2
    assert [kind for _to, kind in mailed(work)].count("proposal") == 2


def test_what_was_changed_meanwhile_is_not_let_go(work: Workplace) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    a_reply(work, number, firm, "First.")
    a_reply(work, number, firm, "Second.", 1)
    browser = work.by(Role.EDITOR)
    url = f"/desk/reports/{number}/reply"
    answer = browser.post(url, data={"act": "let_go", "version": "1"})
    assert (answer.status_code, "Second." in answer.text) == (409, True)
    assert "The firm changed its reply" in answer.text
    for bad in ({"act": "refuse", "version": "2", "why": " "}, {"version": "2"}):
        answer = browser.post(url, data=bad)
        assert (answer.status_code, "Say why" in answer.text) == (422, True)
    with work.database.reading() as session:
        assert replies.waiting_replies(session)[0].version == 2
    assert browser.post("/desk/reports/999/reply", data={}).status_code == 404
