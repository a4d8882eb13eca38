"""Since when things wait, and what a desk asks of sources: the same on either database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.db import adverts, content, held, held_list, offers, runs, sources, traffic, watching
from app.db.accounts import add_account
from app.db.engine import Database
from app.db.held import Held, HeldDecision
from app.db.price_rows import BoardRow
from app.db.runs import RunFacts
from app.db.waiting import Waits, waiting_since
from app.domain.account import Account, Role
from app.domain.content import Facts, Kind, Words
from app.domain.health import State
from app.domain.traffic import Period, Span, Subject, Whole
from tests.db.made import NOON, PROOF, price, save
from tests.db.test_adverts import ADVERT
from tests.db.test_offers import GOOD
from tests.db.test_switches import FACTS

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_since_when_each_waits(stocked: Database) -> None:
    with stocked.writing() as session:
        maker = add_account(session, Account(0, "a@example.org", "A", Role.EDITOR, None), NOON)
        offer = offers.propose(session, "alpha", GOOD, NOON - 3 * DAY, None)
        offers.change(session, offer, 1, replace(GOOD, fee="1"), NOON - 2 * DAY, None)
        advert = adverts.add_advert(session, ADVERT, maker, NOON - DAY)
        article = content.add_article(session, Facts(Kind.NEWS, "a-thing", "nl"))
        assert article is not None
        for language, at in (("nl", NOON - 4 * DAY), ("en", NOON)):
            words = Words("a", "b", "c")
            content.save_text(session, article, language, words, at, base=0, made_from=None)
    with stocked.reading() as session:
        assert waiting_since(session) == {
            (Waits.OFFER, offer): NOON - 2 * DAY,
            (Waits.ADVERT, advert.number): NOON - DAY,
            (Waits.ARTICLE, article): NOON - 4 * DAY,
        }


def reading(fee: str, **other: object) -> Held:
    made = {
        "service_id": 1,
        "rung": Decimal(200),
        "source": "wise",
        "paid": Decimal(200) + Decimal(fee),
        "fee": Decimal(fee),
        "received": Decimal(2000),
        "rate": Decimal(10),
        "mid_rate": Decimal("10.9"),
        "stated_at": None,
        "evidence": PROOF.sha256,
        "findings": (("reference", "far off"), ("peers", "alone")),
    }
    return Held(**made | other)  # type: ignore[arg-type]


def test_of_each_thing_the_newest_held_reading_waits(stocked: Database) -> None:
    save(stocked, price(), price(rung="500"))
    with stocked.writing() as session:
        number = session.scalars(select(BoardRow.service_id)).first()
        for minutes, fee in ((0, "3"), (1, "4")):
            for source in ("wise", "two"):
                one = reading(fee, service_id=number, source=source)
                held.hold(session, [one], NOON + minutes * MINUTE)
        held.hold(session, [reading("1", service_id=number, rung=Decimal(7))], NOON)
    with stocked.reading() as session:
        found = held_list.waiting(session)
        assert held_list.count_waiting(session) == {"wise": 2, "two": 1}
        numbers = [one.number for one in found]
        first, without, last = held_list.readings(session, [*numbers, 999])
    assert [one.source for one in found] == ["two", "wise", "wise"]
    assert (found[0].gate, found[0].says, found[0].first_at) == (
        *("reference", "far off", NOON + MINUTE),
    )
    assert [one.number for one in (first, without, last)] == numbers
    assert (first.provider, first.rung, without.rung) == ("alpha", Decimal(200), Decimal(7))
    assert first.shown is not None
    assert (first.shown.fee, first.shown.observed_at) == (Decimal("3.10"), NOON)
    assert without.shown is None
    with stocked.writing() as session:
        assert held.decide(session, first.number, HeldDecision.REFUSED, 1, "no", NOON)
    with stocked.reading() as session:
        assert [one.source for one in held_list.waiting(session)] == ["wise", "wise"]
        assert held_list.count_waiting(session) == {"wise": 2}


def test_what_stands_on_the_board_and_what_of_it_is_fresh(stocked: Database) -> None:
    save(stocked, price(), price(rung="500", at=NOON - timedelta(hours=3)))
    with stocked.reading() as session:
        (board,) = watching.on_board(session).values()
        (corridor,) = watching.corridors_of(session, "wise")
        assert watching.fresh_prices(session, NOON) == (1, 2)
        assert watching.fresh_prices(session, NOON + timedelta(minutes=21)) == (0, 2)
    assert (board.newest, board.oldest) == (NOON, NOON - timedelta(hours=3))
    assert (board.corridors, board.prices, corridor.prices) == (1, 2, 2)


def test_the_first_visits_of_months_and_of_the_year_in_one_question(database: Database) -> None:
    year = Period.of(Span.YEAR, NOON.date())
    with database.writing() as session:
        for day, whole, count in (
            (NOON.date(), Whole.MONTHS, 5),
            (NOON.date(), Whole.VIEWS, 9),
            (NOON.date().replace(year=2025), Whole.YEARS, 7),
        ):
            traffic.add_counts(session, day, {(Subject.TOTAL, whole): count}, lambda _session: [])
    with database.reading() as session:
        found = traffic.whole_days(session, year, (Whole.MONTHS, Whole.YEARS))
    assert found == [(NOON.date(), Whole.MONTHS, 5)]


def test_an_empty_board(database: Database) -> None:
    with database.reading() as session:
        assert watching.fresh_prices(session, NOON) == (0, 0)
        assert watching.on_board(session) == {}


def test_runs_by_day_and_what_they_used(database: Database) -> None:
    with database.writing() as session:
        sources.register(session, [FACTS])
        for minutes, done in (
            (-3 * 24 * 60, RunFacts(asked=1, rows=9)),
            (-24 * 60, RunFacts(asked=2, answered=2, rows=4, requests=3)),
            (-24 * 60 + 15, RunFacts(asked=2, trouble="schema", held=1, requests=3)),
            (-30, RunFacts(asked=1, answered=1, rows=1, requests=5)),
        ):
            at = NOON + minutes * MINUTE
            number = runs.claim(session, "one", at, "me", at)
            assert number is not None
            runs.finish(session, number, done, at)
    with database.reading() as session:
        days = watching.run_days(session, "one", NOON - 2 * DAY)
        used = watching.used(session, ["one", "two"], NOON)
        assert used == {"one": 5} == {"one": runs.requests_since(session, "one", NOON - runs.HOUR)}
        newest = [row.slot for row in watching.last_runs(session, "one", most=2)]
    assert [(one.day.day, one.runs, one.troubled, one.rows, one.held) for one in days] == [
        (19, 2, 1, 4, 1),
        (20, 1, 0, 1, 0),
    ]
    assert newest == [NOON - 30 * MINUTE, NOON - DAY + 15 * MINUTE]


def test_a_survey_is_never_silent(database: Database) -> None:
    with database.writing() as session:
        sources.register(session, [replace(FACTS, kind="survey")])
    with database.reading() as session:
        row = sources.find_source(session, "one")
        assert row is not None
        assert watching.health_of(row, NOON).state is State.WELL
