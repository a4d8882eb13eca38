"""The desk's page of visitors: true numbers, none under ten, no day without a reason."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from app.db.counting import NoteKind, add_note, note_alive
from app.db.traffic import add_counts
from app.domain.account import Role
from app.domain.traffic import Subject, Whole
from tests.conftest import NOW
from tests.web.reading import Reader
from tests.work import Workplace

MINUTE = timedelta(minutes=1)
TODAY = NOW.date()
MONTH = f"/desk/traffic?span=month&day={TODAY}"


def count(work: Workplace, day: date, **counts: int) -> None:
    parts = {(Subject.TOTAL, Whole(name).value): number for name, number in counts.items()}
    with work.database.writing() as session:
        add_counts(session, day, parts, lambda _session: ())


def count_parts(work: Workplace, day: date, subject: Subject, **counts: int) -> None:
    parts = {(subject, name.replace("_", "-")): number for name, number in counts.items()}
    with work.database.writing() as session:
        add_counts(session, day, parts, lambda _session: ("flyer",))


def alive(work: Workplace, since: datetime, until: datetime) -> None:
    minutes = range(int((until - since) / MINUTE))
    with work.database.writing() as session:
        note_alive(session, [since + number * MINUTE for number in minutes])


@pytest.fixture
def busy(work: Workplace) -> Workplace:
    """Three days of counting, with a gap of an hour on the second."""
    start = NOW.replace(hour=0, minute=0) - timedelta(days=2)
    gap = start + timedelta(days=1, hours=3)
    alive(work, start, gap)
    alive(work, gap + timedelta(hours=1), NOW)
    for number, visits in enumerate((120, 4, 55)):
        day = start.date() + timedelta(days=number)
        count(work, day, visits=visits, views=3 * visits, devices=visits - 1, robots=60, months=20)
        count(work, day, years=15)
        count_parts(work, day, Subject.LANGUAGE, nl=100 + number, tr=12, so=2)
        count_parts(work, day, Subject.ORIGIN, NL=131)
        count_parts(work, day, Subject.CORRIDOR, NL_EUR_MA_MAD=90, NL_EUR_TR_TRY=41)
        hosts = {"forum.example": 31, "blog.example": 8, "tiny.example": 1}
        count_parts(work, day, Subject.REFERRER, **hosts)
        count_parts(work, day, Subject.CAMPAIGN, flyer=25, unknown=99)
        count_parts(work, day, Subject.CLICK, **{"wise 1": 14, "wise 0": 5})
        count_parts(work, day, Subject.PAGE, **{"compare.home": 200, "compare.results": 160})
    return work


def words(work: Workplace, address: str = MONTH) -> str:
    response = work.by(Role.EDITOR).get(address)
    assert response.status_code == 200
    return " ".join(Reader(response.text).text.split())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROVIDER])
def test_every_operator_may_see_it_and_nobody_else(work: Workplace, role: Role) -> None:
    assert work.by(role).get("/desk/traffic").status_code == 200
    assert work.by(Role.PROVIDER).get("/desk/traffic").status_code == 404
    assert work.client().get("/desk/traffic").status_code == 401


@pytest.mark.parametrize("span", ["day", "week", "month", "year"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_each_span_has_its_page(busy: Workplace, span: str, language: str) -> None:
    account = busy.account(Role.RESEARCHER, language=language)
    response = busy.client(account).get(f"/desk/traffic?span={span}&day={TODAY}")
    assert response.status_code == 200
    assert "±" in response.text


@pytest.mark.parametrize(
    "query",
    [
        *("span=hour", "day=x", "span=day&day=2027-01-01", "day=0001-01-01", "day=2026-02-30"),
        "span=week&day=9999-12-31",
    ],
)
def test_a_time_that_is_none_has_no_page(work: Workplace, query: str) -> None:
    assert work.by(Role.EDITOR).get(f"/desk/traffic?{query}").status_code == 404


def test_totals_are_sums_of_what_is_shown(busy: Workplace) -> None:
    text = words(busy)
    assert "Visits175 without one day under 10" in text
    assert "Robots, taken off180 25 % of all" in text
    assert "60 devices, between 60 and 60." in text
    assert "too few to say where this year is heading" in text


def test_parts_are_rounded_to_tens_and_small_ones_take_one_with_them(busy: Workplace) -> None:
    text = words(busy)
    assert "Nederlands300" in text
    assert "Nederlands300 not listed: under 10, or held back with one that is40" in text
    assert "Türkçe" not in text
    assert "Soomaali" not in text
    assert "tiny.example" not in text
    assert "Netherlands (EUR) → Morocco (MAD)270" in text
    assert "flyer80" in text
    assert "unknown" not in text
    assert "wise, place 140" in text
    assert "wise, on no list20" in text
    assert "Home600" in text


def test_numbers_lead_to_what_they_count(busy: Workplace) -> None:
    html = busy.by(Role.EDITOR).get(MONTH).text
    assert 'href="/en/send/nl/ma?pay=' in html
    assert 'href="/en/provider/wise"' in html
    assert f'href="/desk/traffic?span=day&amp;day={TODAY}"' in html


SUBJECTS = [subject.value for subject in Subject if subject is not Subject.TOTAL]


@pytest.mark.parametrize("name", ["days", *SUBJECTS])
@pytest.mark.parametrize("span", ["day", "week", "month", "year"])
def test_what_is_downloaded_is_what_is_shown(busy: Workplace, name: str, span: str) -> None:
    response = busy.by(Role.EDITOR).get(f"/desk/traffic?span={span}&day={TODAY}&{name}-as=csv")
    assert response.mimetype == "text/csv"
    head, *rows = csv.reader(io.StringIO(response.text.lstrip("\ufeff")))
    assert rows
    for row in rows:
        for title, cell in list(zip(head, row, strict=True))[1:]:
            if cell.isdigit() and "without counting" not in title:
                assert int(cell) == 0 or int(cell) >= 10, row


def test_a_time_without_data_is_told_and_gets_its_reason(busy: Workplace) -> None:
    day = TODAY - timedelta(days=1)
    client = busy.by(Role.MODERATOR)
    assert "no data, the site or its counting did not run (60 minutes)" in words(busy)
    response = client.post(
        "/desk/traffic/reason", data={"day": str(day), "words": "The machine was moved <b>"}
    )
    assert response.status_code == 303
    text = words(busy, f"/desk/traffic?span=day&day={day}")
    assert "Reason The machine was moved <b>" in text
    assert "The machine was moved" not in words(busy, f"/desk/traffic?span=day&day={TODAY}")


@pytest.mark.parametrize(
    ("day", "said", "fault"),
    [
        ("x", "y", "Write a day that is not to come"),
        ("2026-12-31", "y", "Write a day that is not to come"),
        (str(TODAY), " ", "Say what happened"),
        (str(TODAY), "y" * 501, "Write at most 500 signs"),
    ],
)
def test_a_reason_that_says_nothing_is_not_kept(
    work: Workplace, day: str, said: str, fault: str
) -> None:
    response = work.by(Role.EDITOR).post("/desk/traffic/reason", data={"day": day, "words": said})
    assert response.status_code == 422
    assert fault in response.text


def test_what_counting_notes_of_itself_is_told(busy: Workplace) -> None:
    with busy.database.writing() as session:
        add_note(session, TODAY, NoteKind.WRITE, "12:00-12:07", NOW)
        add_note(session, TODAY, NoteKind.KEY, "", NOW)
        add_note(session, TODAY, NoteKind.KEY, "", NOW)
    text = words(busy)
    assert "They were kept. 12:00-12:07" in text
    assert text.count("The key of the day was lost") == 1


def test_before_counting_began_nothing_is_called_a_gap(work: Workplace) -> None:
    text = words(work)
    assert "Nothing has been counted yet" in text
    assert "no data" not in text
    alive(work, NOW - timedelta(hours=2), NOW)
    assert "Counted without a gap" in words(work)


def test_a_day_in_the_dark_is_no_day_without_visitors(busy: Workplace) -> None:
    busy.later(days=3)
    rows = words(busy)
    assert "22 November 2026" + "no data" * 5 + "1,440" in rows
    assert "21 November 2026" + "no data" * 5 + "1,440" in rows
    assert "20 November 20265516554" in rows
    assert "19 November 2026under 1012under 1000" + "60" in rows
