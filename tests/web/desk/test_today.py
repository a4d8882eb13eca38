"""Today: what needs a person stands there, first what is worst, and only for who may act on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from flask import g

from app.db import (
    accounts,
    adverts,
    backups,
    content,
    counting,
    links,
    mails,
    offers,
    proposals,
    providers,
    rates,
    replies,
    reports,
    shopped,
    sources,
)
from app.db.backups import Backup
from app.db.links import LinkKind
from app.domain.account import AccountState, Role
from app.domain.content import Facts, Words
from app.domain.content import Kind as ContentKind
from app.domain.mail import Mail, MailKind, MailState
from app.domain.midrate import MidReading
from app.domain.proposal import Kind as ProposalKind
from app.domain.reply import ReplyState
from app.domain.report import About, Report, ReportState
from app.domain.today import Kind
from app.review import held as review
from app.web.database import session as session_of_request
from app.web.desk.today.pieces import everything
from tests.db.test_adverts import ADVERT
from tests.db.test_offers import GOOD as GOOD_TERMS
from tests.web.desk.made import beat, facts, hold, stock_sources
from tests.web.test_queries import asked
from tests.work import SignedIn, Workplace

MOST_QUESTIONS = 27
DAY = timedelta(days=1)


def lines(client: SignedIn) -> list[str]:
    """What each line of today says first."""
    page = client.get("/desk/").text
    return re.findall(r"<p><strong>(.*?)</strong>", page.partition('<ol class="todo">')[2])


def copied(work: Workplace) -> None:
    """It is set where copies go."""
    known = work.app.extensions["settings"]
    work.app.extensions["settings"] = replace(known, backup_dir=Path("/srv/copies"))


@pytest.fixture
def well(work: Workplace) -> Workplace:
    """A site without a care."""
    with work.database.writing() as session:
        sources.register(session, [facts("well")])
        sources.note_run(session, "well", "", "", work.now)
        backups.note_backup(session, Backup(work.now - timedelta(hours=9), "copy.zst", 9, "0" * 64))
        rates.add_readings(
            session, "ecb", [MidReading("ecb", "ECB", "USD", Decimal("1.1"), work.now - DAY)]
        )
    beat(work, work.now)
    return work


@pytest.fixture
def busy(work: Workplace) -> Workplace:
    """One of almost everything."""
    copied(work)
    stock_sources(work)
    hold(work, count=3)
    work.account(Role.EDITOR, email="late@example.org", state=AccountState.INVITED)
    with work.database.writing() as session:
        said = Report(
            About.PRICE, "nl", "It was <dearer>", work.now - 2 * DAY, state=ReportState.RECEIVED
        )
        reports.add_report(session, said, "token")
        backups.note_backup(session, Backup(work.now - 3 * DAY, said="the disk is full"))
        late = accounts.known_by_email(session, "late@example.org")
        assert late is not None
        links.add_link(
            *(session, "t", late.account.id, LinkKind.INVITATION),
            *(work.now - 9 * DAY, work.now - 2 * DAY),
        )
        number = mails.queue(
            session, Mail("a@example.org", "Hello", "Words", MailKind.NOTICE), work.now - DAY
        )
        session.get_one(mails.MailRow, number).state = MailState.GIVEN_UP
    return work


def test_nothing_to_do_is_a_fine_state(well: Workplace) -> None:
    page = well.by(Role.ADMINISTRATOR).get("/desk/").text
    assert "Nothing needs you now" in page
    assert "The site is healthy" in page


def test_the_worst_stands_first(busy: Workplace) -> None:
    found = lines(busy.by(Role.ADMINISTRATOR))
    assert found[:4] == [
        "The last backup failed",
        "The newest exchange rates are of 30 October 2026",
        "Source broken is silent",
        "1 mail was given up",
    ]
    expected = [
        "1 mail was given up",
        "A reader reports that something is wrong",
        "3 prices of broken are held: far from the mid-market rate",
    ]
    assert [one for one in found if one in expected] == [one for one in expected if one in found]
    assert found[-1] == "The invitation of late@example.org ended unused"


def test_a_schedule_that_stands_still_is_first_and_blames_no_source(busy: Workplace) -> None:
    busy.later(hours=5)
    found = lines(busy.by(Role.ADMINISTRATOR))
    assert found[0] == "The schedule stands still"
    assert "Source well is silent" not in found
    assert "Source broken is silent" in found, "its trouble is its own"
    page = busy.by(Role.ADMINISTRATOR).get("/desk/").text
    assert "Something is broken" in page
    assert "The schedule stands still." in page


@pytest.mark.parametrize(
    ("role", "sees", "never"),
    [
        (Role.EDITOR, "3 prices of broken are held", "The invitation of"),
        (Role.EDITOR, "Source broken is silent", "The last backup"),
        (Role.MODERATOR, "A reader reports", "Source broken"),
        (Role.RESEARCHER, "asked another price at the counter", "Source broken"),
        (Role.RESEARCHER, "asked another price at the counter", "A reader reports"),
    ],
)
def test_each_role_sees_what_it_may_act_on(
    busy: Workplace, monkeypatch: pytest.MonkeyPatch, role: Role, sees: str, never: str
) -> None:
    flag = shopped.Flagged("ria", "Ria", (1, 2))
    monkeypatch.setattr(shopped, "flagged", lambda *_: [flag])
    found = lines(busy.by(role))
    assert any(sees in one for one in found)
    assert not any(never in one for one in found)
    assert "for colleagues with another role" in busy.by(role).get("/desk/").text


def test_every_action_that_is_offered_is_allowed(busy: Workplace) -> None:
    """To every link and form of the list, for every role that sees it."""
    for role in (Role.EDITOR, Role.RESEARCHER, Role.MODERATOR, Role.ADMINISTRATOR):
        client = busy.by(role)
        listed = client.get("/desk/").text.partition('<ol class="todo">')[2]
        for address in re.findall(r'<a class="button" href="([^"]+)"', listed):
            assert client.get(address.replace("&amp;", "&")).status_code == 200, (role, address)


def in_every_way(work: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else can stand in the list."""
    firm, now = "wise", work.now
    colleague = work.account(Role.EDITOR)
    with work.database.writing() as session:
        proposals.add_proposal(session, firm, ProposalKind.PROFILE, "{}", None, "", now - DAY)
        offers.propose(session, firm, GOOD_TERMS, now - DAY, None)
        ends = replace(GOOD_TERMS, ends=now.date() + 2 * DAY)
        number = offers.propose(session, firm, ends, now - DAY, None)
        offers.approve(session, number, ends.hash(), now, colleague.id)
        adverts.add_advert(session, ADVERT, colleague, now - 2 * DAY)
        article = content.add_article(session, Facts(ContentKind.NEWS, "a-thing", "nl"))
        assert article is not None
        save = partial(content.save_text, session, article, now=now - 3 * DAY)
        save(language="nl", words=Words("a", "b", "c"), base=0, made_from=None)
        save(language="en", words=Words("a", "b", "c"), base=0, made_from=1)
        save(language="nl", words=Words("a", "b", "new"), base=1, made_from=None)
        said = Report(About.PRICE, "nl", "wrong", now, state=ReportState.RECEIVED)
        report = reports.add_report(session, said, "another")
        (maker,) = providers.ids_by_slug(session, {firm}).values()
        session.add(
            replies.ReplyRow(
                report_id=report, provider_id=maker, text="It was right.", at=now,
                state=ReplyState.WAITING, why="", version=1,
            )
        )  # fmt: skip
        minutes = [
            now - timedelta(minutes=one) for one in range(1, 300) if one not in range(50, 90)
        ]
        counting.note_alive(session, minutes)
        review.release(session, [1, 2], colleague, now - DAY, "a new fee")
    flag = shopped.Flagged("ria", "Ria", (1, 2))
    monkeypatch.setattr(shopped, "flagged", lambda *_: [flag])


def test_whatever_waits_anywhere_stands_here(
    busy: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each kind there is, but for a schedule that stands still; and still with few questions."""
    in_every_way(busy, monkeypatch)
    with busy.app.test_request_context():
        g.work_account = busy.account(Role.ADMINISTRATOR)
        found = everything(session_of_request(), busy.now)
    with busy.database.writing() as session:
        sources.note_trouble(session, "well", "schema", "no field", busy.now, None)
    never = {Kind.SCHEDULE, Kind.TROUBLED, Kind.COPIES}
    assert {one.item.kind for one in found} == set(Kind) - never
    client = busy.by(Role.ADMINISTRATOR)
    client.get("/desk/")
    with asked(busy.app) as statements:
        page = client.get("/desk/").text
    for said in ("wise wants to show an offer", "An offer of wise ends on", "is in trouble"):
        assert said in page
    count = sum(1 for one in statements if not one.startswith("BEGIN"))
    with capsys.disabled():
        print(f"\nquestions with one of every kind: {count}")
    assert count < MOST_QUESTIONS


def test_nobody_is_asked_to_be_their_own_second_person(busy: Workplace) -> None:
    """Of what they asked to release, or of an advert that they made."""
    anna, bert = busy.account(Role.ADMINISTRATOR), busy.account(Role.ADMINISTRATOR)
    with busy.database.writing() as session:
        review.release(session, [1, 2], anna, busy.now, "a new fee")
        adverts.add_advert(session, ADVERT, anna, busy.now)
    of_both = {
        "A colleague asks to release 2 held prices",
        f"An advert of {ADVERT.advertiser} waits for a second person",
    }
    assert of_both & set(lines(busy.client(anna))) == set()
    assert of_both <= set(lines(busy.client(bert)))


def test_an_invitation_is_sent_anew_in_its_place(busy: Workplace) -> None:
    client = busy.by(Role.ADMINISTRATOR)
    (address,) = re.findall(
        r'action="(/desk/accounts/\d+/invite-again)"', client.get("/desk/").text
    )
    assert client.post(address).status_code == 303
    assert not any("late@example.org" in one for one in lines(client))


def test_what_a_reader_wrote_is_text(busy: Workplace) -> None:
    page = busy.by(Role.ADMINISTRATOR).get("/desk/").text
    assert "<dearer>" not in page


def test_many_of_a_kind_do_not_drown_the_others(well: Workplace) -> None:
    many = [facts(f"silent-{number:02}") for number in range(30)]
    stock_sources(well, *many)
    with well.database.writing() as session:
        for one in many:
            sources.note_success(session, one.slug, well.now - timedelta(hours=4))
    page = well.by(Role.ADMINISTRATOR).get("/desk/").text
    assert "23 more like the line above" in page
    assert page.count(" is silent</strong>") == 8


def test_sources_that_cannot_be_reached_are_one_line_and_a_single_one_is_none(
    well: Workplace,
) -> None:
    """Until that single one was away for a day."""
    client = well.by(Role.ADMINISTRATOR)
    with well.database.writing() as session:
        sources.register(session, [facts(f"away-{one}") for one in range(5)])
        sources.note_trouble(session, "away-0", "timeout", "no answer", well.now, None)
    assert lines(client) == []
    with well.database.writing() as session:
        for one in range(1, 5):
            sources.note_trouble(session, f"away-{one}", "dns", "no answer", well.now, None)
    assert lines(client) == ["5 sources cannot be reached: is the network of this machine up?"]
    with well.database.writing() as session:
        for one in range(1, 5):
            sources.note_run(session, f"away-{one}", "", "", well.now + 2 * DAY)
    well.later(days=2)
    beat(well, well.now)
    assert "Source away-0 is silent" in lines(well.by(Role.ADMINISTRATOR))


def test_a_new_site_is_told_where_copies_go_and_is_not_broken(well: Workplace) -> None:
    """But where it is set and none comes, that is broken."""
    well.later(days=2)
    beat(well, well.now)
    with well.database.writing() as session:
        sources.note_run(session, "well", "", "", well.now)
    client = well.by(Role.ADMINISTRATOR)
    assert lines(client) == ["No copies of the database are made: set BACKUP_DIR"]
    page = client.get("/desk/").text
    assert "The site is healthy" in page
    assert "flask --app wsgi backup --to FOLDER" in page
    copied(well)
    assert lines(client) == ["There is no recent backup"]
    assert "Something is broken" in client.get("/desk/").text


def test_many_reports_are_one_line_and_proposals_one_for_each_firm(well: Workplace) -> None:
    with well.database.writing() as session:
        for number in range(4):
            said = Report(About.PRICE, "nl", f"{number}", well.now, state=ReportState.RECEIVED)
            reports.add_report(session, said, f"token {number}")
        for firm in ("wise", "wise", "ria"):
            proposals.add_proposal(session, firm, ProposalKind.PROFILE, "{}", None, "", well.now)
    assert lines(well.by(Role.ADMINISTRATOR)) == [
        "4 readers report that something is wrong",
        "wise proposes 2 things",
        "ria proposes something",
    ]


def test_counting_that_is_younger_than_its_hour_has_no_gap(well: Workplace) -> None:
    """A site that started at twenty to is not asked why nothing was counted before; a gap leads to
    the page of its day, with that day filled in."""
    client = well.by(Role.ADMINISTRATOR)
    began = well.now.replace(minute=0) - timedelta(hours=2) + timedelta(minutes=40)
    minutes = int((well.now - began) / timedelta(minutes=1))
    with well.database.writing() as session:
        counting.note_alive(session, [began + timedelta(minutes=one) for one in range(minutes)])
    assert lines(client) == []
    with well.database.writing() as session:
        counting.note_alive(session, [began - DAY])
    assert any(one.startswith("Nothing was counted") for one in lines(client))
    (address,) = re.findall(r'href="(/desk/traffic[^"]*day=[^"]+)"', client.get("/desk/").text)
    day = (began - DAY).date().isoformat()
    assert f'value="{day}"' in client.get(address.replace("&amp;", "&")).text


def test_fresh_prices_and_people_are_counted(well: Workplace) -> None:
    page = well.by(Role.EDITOR).get("/desk/").text
    assert "nothing is counted yet" in page
    assert re.search(r"prices of [1-9]\d* are fresh", page.replace(",", ""))


def test_today_asks_few_questions(busy: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    counts = {}
    client = busy.by(Role.ADMINISTRATOR)
    pages = ["/desk/", "/desk/sources/", "/desk/sources/broken", "/desk/held/", "/desk/held/1"]
    for page in pages:
        client.get(page)  # the session is noted as in use once a minute
        with asked(busy.app) as statements:
            assert client.get(page).status_code == 200
        counts[page] = sum(1 for one in statements if not one.startswith("BEGIN"))
        assert {one.split()[0] for one in statements} <= {"SELECT", "BEGIN"}
    with capsys.disabled():
        print(f"\nquestions to the database: {counts}")
    assert max(counts.values()) < MOST_QUESTIONS


def test_the_number_of_questions_does_not_grow(busy: Workplace) -> None:
    client = busy.by(Role.ADMINISTRATOR)

    def count() -> int:
        client.get("/desk/")
        with asked(busy.app) as statements:
            client.get("/desk/")
        return len(statements)

    before = count()
    hold(busy, "well", count=40)
    with busy.database.writing() as session:
        for number in range(20):
            said = Report(About.PRICE, "nl", f"{number}", busy.now, state=ReportState.RECEIVED)
            reports.add_report(session, said, f"token {number}")
    assert count() == before


def test_strangers_and_firms_see_nothing(work: Workplace) -> None:
    assert work.client().get("/desk/").status_code == 401
    assert work.by(Role.PROVIDER).get("/desk/").status_code == 404
