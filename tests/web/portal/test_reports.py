"""Reports at the portal: a firm sees its own, nothing of the reader, and may reply once."""

from __future__ import annotations

import pytest

from app.db import audit, replies
from app.domain.account import Role
from app.domain.reply import LONGEST_REPLY, Reply, ReplyState
from tests.web.reported import WRITTEN, a_report, firms
from tests.work import SignedIn, Workplace


def tell(work: Workplace, number: int) -> None:
    with work.database.writing() as session:
        assert replies.tell(session, number, "The fee is said to be EUR 5.", work.now)


def send(browser: SignedIn, number: int, text: str, version: int = 0) -> tuple[int, str]:
    form = {"text": text, "version": str(version)}
    answer = browser.post(f"/portal/reports/{number}", data=form)
    return answer.status_code, answer.text


def judge(work: Workplace, number: int, why: str = "") -> None:
    reader = work.account(Role.MODERATOR)
    with work.database.writing() as session:
        assert replies.judge(session, number, 1, why, reader.id, work.now)


def kept(work: Workplace, number: int) -> Reply | None:
    with work.database.reading() as session:
        return replies.replies(session, [number]).get(number)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROVIDER])
def test_these_pages_are_for_firms(work: Workplace, role: Role) -> None:
    number = a_report(work, firms(work)[0])
    browser = work.by(role)
    assert browser.get("/portal/reports").status_code == 404
    assert send(browser, number, "Hello.")[0] == 404
    assert work.client().get("/portal/reports").status_code == 401


def test_a_firm_sees_its_own_reports_and_nobody_elses(work: Workplace) -> None:
    firm, other = firms(work)
    mine, theirs, site = (
        a_report(work, slug, sign * 32) for slug, sign in ((firm, "a"), (other, "b"), (None, "c"))
    )
    browser = work.by(Role.PROVIDER, provider=firm)
    page = browser.get("/portal/reports").text
    assert f"/portal/reports/{mine}" in page
    assert f"/portal/reports/{theirs}" not in page
    assert browser.get(f"/portal/reports/{mine}").status_code == 200
    for number in (theirs, site, 999):
        assert browser.get(f"/portal/reports/{number}").status_code == 404
        assert send(browser, number, "Not mine.")[0] == 404
    assert kept(work, theirs) is None


def test_nothing_of_the_reader_is_on_any_page_of_a_firm(work: Workplace) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    tell(work, number)
    browser = work.by(Role.PROVIDER, provider=firm)
    for path in (
        "/portal/reports",
        "/portal/reports?reports-as=csv",
        f"/portal/reports/{number}",
    ):
        page = browser.get(path).text
        assert not any(written in page for written in (*WRITTEN, "Jan de Vries", "t" * 32))
    assert "The fee is said to be EUR 5." in page
    assert "It is still the same." in page


def test_a_reply_is_kept_changed_and_shown_to_nobody_yet(work: Workplace) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    tell(work, number)
    browser = work.by(Role.PROVIDER, provider=firm)
    assert "One report you can reply to" in browser.get("/portal/reports").text
    assert send(browser, number, "It is EUR 4.")[0] == 303
    page = browser.get(f"/portal/reports/{number}").text
    assert "We read it before readers see it" in page
    assert "you can reply to" not in browser.get("/portal/reports").text
    assert send(browser, number, "It is EUR 4.00.", 1)[0] == 303
    found = kept(work, number)
    assert found is not None
    assert (found.text, found.state, found.version) == ("It is EUR 4.00.", "waiting", 2)
    with work.database.reading() as session:
        entries = audit.history(session)
    assert [one.act for one in entries] == ["report.reply_written"] * 2
    assert "EUR 4" not in str(entries), "what a firm may take back is not kept for ever"
    assert "EUR 4" not in work.client().get(f"/en/report/{'t' * 32}").text


@pytest.mark.parametrize(
    ("text", "words"), [("", "Write your reply"), ("x" * (LONGEST_REPLY + 1), "Write at most")]
)
def test_what_is_no_reply_gets_a_sentence(work: Workplace, text: str, words: str) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    code, page = send(work.by(Role.PROVIDER, provider=firm), number, text)
    assert (code, words in page) == (422, True)
    assert kept(work, number) is None


def test_whoever_comes_second_sees_both_versions(work: Workplace) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    first, second = (work.by(Role.PROVIDER, provider=firm) for _ in range(2))
    assert send(first, number, "From the first.")[0] == 303
    code, page = send(second, number, "From the second.")
    assert code == 409
    assert "From the first." in page
    assert "From the second." in page
    assert 'name="version" value="1"' in page


def test_what_is_public_cannot_be_changed_and_what_is_refused_can(work: Workplace) -> None:
    firm = firms(work)[0]
    number = a_report(work, firm)
    browser = work.by(Role.PROVIDER, provider=firm)
    send(browser, number, "It is EUR 4.")
    judge(work, number)
    assert "<textarea" not in browser.get(f"/portal/reports/{number}").text
    assert send(browser, number, "Something else.", 1)[0] == 409
    judge(work, number, "It names a person.")
    assert "It names a person." in browser.get(f"/portal/reports/{number}").text
    assert send(browser, number, "It is EUR 4, truly.", 1)[0] == 303
    found = kept(work, number)
    assert found is not None
    assert found.state is ReplyState.WAITING
