"""Reports as a firm sees them, and its reply: its own only, without a trace of the reader, and read
before it is public."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.db import accounts, replies, reports
from app.db.engine import Database
from app.db.prices import find_recorded
from app.domain.account import Account, Role
from app.domain.reply import Reply, ReplyState
from app.domain.report import About, Report
from tests.at_once import at_once
from tests.db.made import NOON, SERVICE, on_board, price, save, stock

SECRETS = ("reader@example.org", "I am Jan de Vries", "MAD 2,100 at my counter", "/en/send/nl/ma")
MADE = Report(
    about=About.PRICE,
    language="en",
    message=SECRETS[1],
    at=NOON,
    page=SECRETS[3],
    seen=SECRETS[2],
    email=SECRETS[0],
)


@pytest.fixture
def reported(database: Database) -> Database:
    """Report 1 is about a price of alpha, 2 about one of beta, 3 about the site."""
    stock(database)
    save(database, price(), price(replace(SERVICE, provider="beta")))
    numbers = {one.quote.service.provider: one.id for one in on_board(database)}
    with database.writing() as session:
        accounts.add_account(session, Account(0, "a@a.example", "A", Role.PROVIDER, "alpha"), NOON)
        for place, about in enumerate((numbers["alpha"], numbers["beta"], None)):
            reports.add_report(session, replace(MADE, price_id=about), f"token {place}")
    return database


def wrote(database: Database, text: str, version: int = 0) -> bool:
    with database.writing() as session:
        return replies.write(session, 1, "alpha", version, text, 1, NOON)


def judged(database: Database, version: int, why: str = "") -> bool:
    with database.writing() as session:
        return replies.judge(session, 1, version, why, 1, NOON)


def reply(database: Database) -> Reply:
    with database.reading() as session:
        return replies.replies(session, [1, 2, 3])[1]


def test_a_firm_sees_reports_about_its_own_prices_only(reported: Database) -> None:
    with reported.reading() as session:
        assert [one.number for one in replies.cases(session, "alpha")] == [1]
        assert [one.number for one in replies.cases(session, "beta")] == [2]
        assert replies.find_case(session, "alpha", 2) is None
        assert replies.find_case(session, "alpha", 3) is None
        assert replies.firm_of(session, 1) == ("alpha", "Alpha")
        assert replies.firm_of(session, 3) is None


def test_what_a_firm_sees_has_no_trace_of_the_reader(reported: Database) -> None:
    with reported.writing() as session:
        assert replies.tell(session, 1, "The fee is said to be EUR 5.", NOON)
        assert not replies.tell(session, 3, "No firm.", NOON)
    with reported.reading() as session:
        found = replies.find_case(session, "alpha", 1)
        assert replies.told(session, 1) == "The fee is said to be EUR 5."
    assert found is not None
    assert found.told == "The fee is said to be EUR 5."
    assert not any(secret in repr(found) for secret in SECRETS)


def test_a_reply_is_public_when_it_was_read(reported: Database) -> None:
    assert wrote(reported, "It is EUR 3.10.\0\u202e")
    found = reply(reported)
    assert (found.text, found.state, found.version) == ("It is EUR 3.10.", "waiting", 1)
    assert found.name == "Alpha"
    with reported.reading() as session:
        assert replies.waiting_replies(session) == [found]
        assert replies.replies(session, [1], ReplyState.PUBLIC) == {}
    assert judged(reported, 1)
    with reported.reading() as session:
        assert replies.waiting_replies(session) == []
        assert replies.replies(session, [1], ReplyState.PUBLIC)[1].text == "It is EUR 3.10."


def test_what_is_let_go_is_what_was_read(reported: Database) -> None:
    wrote(reported, "First.")
    wrote(reported, "Second.", 1)
    assert not judged(reported, 1)
    assert reply(reported).state is ReplyState.WAITING
    assert judged(reported, 2)


def test_what_is_public_stays_as_it_is_and_can_be_taken_back(reported: Database) -> None:
    wrote(reported, "First.")
    judged(reported, 1)
    assert not wrote(reported, "Worse.", 1)
    assert judged(reported, 1, "It names a reader.")
    assert (reply(reported).state, reply(reported).why) == ("refused", "It names a reader.")
    assert wrote(reported, "Better.", 1)
    assert (reply(reported).state, reply(reported).why) == ("waiting", "")


@pytest.mark.parametrize("version", [0, 1])
def test_of_those_who_write_at_one_time_one_is_kept(reported: Database, version: int) -> None:
    if version:
        wrote(reported, "First.")
    done: list[bool] = []
    at_once(lambda saver: done.append(wrote(reported, f"From {saver}", version)))
    assert sorted(done) == [False, False, False, True]


def test_a_price_is_found_as_it_was(reported: Database) -> None:
    with reported.reading() as session:
        report = reports.numbered(session, 1)
        assert report is not None
        assert report.price_id is not None
        found = find_recorded(session, report.price_id)
        assert find_recorded(session, 999) is None
        assert reports.numbered(session, 999) is None
    assert found is not None
    assert found.quote.fee.amount == price().quote.fee.amount
