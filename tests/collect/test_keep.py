"""Keeping a run: what gates hold over several runs, what is withdrawn, and what history gains."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.db import prices
from app.db.asked import Outcome
from app.db.engine import Database
from app.db.findings import FindingRow
from app.db.prices import find_price
from app.domain.corridor import Corridor
from app.domain.provider import ProviderKind
from app.domain.quote import Age
from scrapers.contract import Ask, Firm, Http, NotOffered, Offer, Unreachable
from tests.collect.made import on_board
from tests.collect.teller import SLOT, Play, Teller, Tells, offer, play
from tests.conftest import NOW
from tests.db.made import version
from tests.tables import counted

NL_MA = Corridor("NL", "EUR", "MA", "MAD")
RUNGS = tuple(map(Decimal, (100, 200, 345, 500)))
DAY = timedelta(hours=24)


def margins(database: Database) -> list[str]:
    return sorted(f"{price.margin_percent:.2f}" for price in on_board(database))


def not_offered(_http: Http, _ask: Ask) -> list[Offer]:
    raise NotOffered("not in this country")


def services(*variants: int) -> Tells:
    return lambda http, ask: [offer(http, ask, variant=one) for one in variants]


def test_a_jump_is_held_until_a_second_reading(database: Database) -> None:
    it = play(database)
    it.run(margin="0.0100")
    assert it.run(margin="0.0450").held == 1
    assert margins(database) == ["1.00"]
    (row,) = it.held()
    assert (row.times, row.over_at, row.first_at) == (1, None, NOW + SLOT)
    assert "own_history" in row.findings
    assert it.asked()[0].outcome is Outcome.HELD
    assert it.source().trouble == "held"
    assert it.run(margin="0.0450").held == 0
    assert margins(database) == ["4.50"]
    assert it.held()[0].over_at == NOW + 2 * SLOT
    assert (it.asked()[0].outcome, it.source().trouble) == (Outcome.ANSWERED, "")


def test_a_reading_that_is_held_again_grows_one_row(database: Database) -> None:
    it = play(database)
    it.run()
    for _ in range(4):
        it.run(margin="0.1500")
    (row,) = it.held()
    assert (row.times, row.first_at, row.last_at) == (4, NOW + SLOT, NOW + 4 * SLOT)
    it.run(margin="0.2000")
    it.run(margin="0.1500")
    assert [row.times for row in it.held()] == [4, 1, 1]
    assert {row.over_at for row in it.held()} == {None}
    it.run()
    it.run()
    assert None not in {row.over_at for row in it.held()}


def test_two_prices_for_one_service_are_both_held_and_grow_one_row_each(
    database: Database,
) -> None:
    def twice(http: Http, ask: Ask) -> list[Offer]:
        return [offer(http, ask, fee="2.00"), offer(http, ask, fee="3.00", body="b")]

    it = play(database)
    for _ in range(3):
        assert it.run(twice).held == 2
    assert [row.times for row in it.held()] == [3, 3]
    assert on_board(database) == []


def test_the_same_reading_beside_another_mid_rate_is_another_row(database: Database) -> None:
    """The first and the last reading of a row are of one level: gates reckon with that."""
    it = play(database)
    it.run(margin="0.1500")
    it.mid("MAD", "10.80")
    it.run(margin="0.1500")
    assert [row.mid_rate for row in it.held()] == [Decimal("10.9"), Decimal("10.80")]


def test_far_from_the_mid_rate_comes_back_after_two_near_readings(database: Database) -> None:
    it = play(database)
    it.run(margin="0.1500")
    it.run(margin="0.0200")
    assert on_board(database) == []
    it.run(margin="0.0200")
    assert margins(database) == ["2.00"]
    assert None not in {row.over_at for row in it.held()}


def test_what_is_held_keeps_the_last_good_price_and_its_age(database: Database) -> None:
    it = play(database)
    it.run()
    for _ in range(8):
        it.run(margin="0.2000")
    (price,) = on_board(database)
    assert price.observed.at == NOW
    assert price.age(it.clock()) is Age.OLDER


def test_a_finding_that_does_not_hold_is_kept_and_grows(database: Database) -> None:
    """Two sources that differ by more than a rounding: said, not held."""
    it = play(database)
    it.run()
    other = Play(database, Teller("two", VIA="two"), it.clock)
    for _ in range(2):
        assert other.run(margin="0.0300").held == 0
    with database.reading() as session:
        (found,) = session.scalars(select(FindingRow)).all()
        assert (found.gate, found.source) == ("disagreement", "two")
        assert found.last_at - found.first_at == SLOT
    assert margins(database) == ["1.00"]


def test_a_repeated_reply_is_held_once_the_market_moved(database: Database) -> None:
    it = play(database)
    for _ in range(6):
        assert it.run(margin="0.0200").held == 0
    (asked,) = it.asked()
    assert (asked.same, asked.same_mid) == (6, Decimal("10.9"))
    it.mid("MAD", "10.82")
    assert it.run(margin="0.0200").held == 1
    assert "frozen" in it.held()[0].findings
    assert it.run(margin="0.0199", body="anew").held == 0
    assert it.asked()[0].same == 1


def test_a_failure_in_between_does_not_make_a_repeated_reply_new(database: Database) -> None:
    it = play(database)
    for _ in range(3):
        it.run(margin="0.0200")
    it.run(lambda _http, _ask: [])
    it.run(margin="0.0200")
    assert it.asked()[0].same == 4


def test_an_answer_of_several_replies_repeats_if_all_of_them_do(database: Database) -> None:
    def tells(http: Http, ask: Ask) -> list[Offer]:
        return [offer(http, ask, variant=n, margin="0.0200", body=f"part {n}") for n in (1, 2)]

    it = play(database)
    for _ in range(5):
        it.run(tells)
    it.mid("MAD", "10.82")
    assert it.run(tells).held == 2


def test_an_answer_of_which_one_reply_is_new_does_not_repeat(database: Database) -> None:
    it = play(database)
    for number in range(6):
        if number == 5:
            it.mid("MAD", "10.82")
        parts = ("same", f"new {number}")
        assert it.run(_in_parts(*parts)).held == 0
        assert it.asked()[0].same == 1


def _in_parts(*bodies: str) -> Tells:
    return lambda http, ask: [
        offer(http, ask, variant=number, margin="0.0200", body=body)
        for number, body in enumerate(bodies, 1)
    ]


def test_a_price_of_an_old_time_is_older_by_itself_and_stays(database: Database) -> None:
    """What its source states counts, not when we read it; being old is not being gone."""
    stated = NOW - timedelta(hours=20)
    it = play(database)
    it.run(stated_at=stated)
    (price,) = on_board(database)
    assert (price.observed.at, price.age(NOW)) == (stated, Age.OLDER)
    for _ in range(40):
        assert it.run(stated_at=stated).held == 0
    (price,) = on_board(database)
    assert price.age(it.clock()) is Age.DATED
    assert len(it.history()) == 1


def test_a_stated_time_that_goes_backwards_is_held(database: Database) -> None:
    it = play(database)
    it.run(stated_at=NOW - SLOT)
    assert it.run(stated_at=NOW - 2 * SLOT).held == 1
    assert "time" in it.held()[0].findings


def test_unchanged_polls_add_no_history_and_what_changed_adds_one(database: Database) -> None:
    it = play(database)
    for number in range(100):
        it.run(body=str(number))
    assert len(it.history()) == 1
    assert it.history()[0].last_seen == NOW + 99 * SLOT
    it.run(fee="3.00", body="dearer")
    it.run(fee="3.00", body="dearer still")
    assert [row.fee for row in it.history()] == [2, 3]
    Play(database, Teller("two"), it.clock).run(fee="3.00", body="other")
    assert [row.source for row in it.history()] == ["one", "one", "two"]


def test_one_run_raises_a_corridors_version_once(database: Database) -> None:
    """Also where it publishes some prices and withdraws others at several amounts."""
    it = play(database, RUNGS=RUNGS)
    it.run(services(1, 2, 3, 4))
    assert version(database) == 1
    it.clock.move(DAY)
    it.run(services(1, 2, 3))
    assert version(database) == 2
    assert len(on_board(database)) == 12
    it.run(services(1, 2, 3))
    assert version(database) == 3


def test_what_a_good_answer_lacks_leaves_after_a_day(database: Database) -> None:
    it = play(database)
    it.run(services(1, 2, 3, 4))
    it.run(services(1, 2, 3))
    assert len(on_board(database)) == 4
    it.clock.move(DAY - 2 * SLOT)
    it.run(services(1, 2, 3))
    assert len(on_board(database)) == 4
    it.run(services(1, 2, 3))
    assert len(on_board(database)) == 3
    (gone,) = [row for row in it.history() if row.ended_at]
    assert gone.ended_at == it.clock() - SLOT
    with database.reading() as session:
        assert find_price(session, gone.id)


def test_a_held_price_is_not_taken_for_gone(database: Database) -> None:
    it = play(database)
    it.run(services(1, 2, 3, 4))
    it.clock.move(DAY * 3)

    def tells(http: Http, ask: Ask) -> list[Offer]:
        return [*services(1, 2, 3)(http, ask), offer(http, ask, variant=4, margin="0.2000")]

    it.run(tells)
    assert len(on_board(database)) == 4


def test_what_is_no_longer_offered_leaves_after_a_day(database: Database) -> None:
    """If the source says so, and goes on with the rest as before."""
    it = play(database, countries=("MA", "NG", "TR"), RUNGS=RUNGS)
    it.run()

    def tells(http: Http, ask: Ask) -> list[Offer]:
        return not_offered(http, ask) if ask.corridor == NL_MA else [offer(http, ask)]

    for _ in range(24 * 4 + 1):
        it.run(tells)
        assert it.source().trouble in ("", "incomplete")
    assert {price.quote.service.corridor.receive_country for price in on_board(database)} >= {
        "NG",
        "TR",
    }
    for _ in range(24 * 4 + 8):
        it.run(tells)
    left = {price.quote.service.corridor.receive_country for price in on_board(database)}
    assert left == {"NG", "TR"}


def test_a_run_with_far_fewer_prices_is_held_whole(database: Database) -> None:
    it = play(database, RUNGS=RUNGS)
    it.run(services(1, 2, 3, 4))
    before = on_board(database)
    facts = it.run(services(1, 2))
    assert (facts.rows, facts.usual, facts.held, facts.trouble) == (8, 16, 8, "incomplete")
    assert "8 prices came, and 16 are usual" in facts.said
    assert on_board(database) == before
    assert {one.outcome for one in it.asked()} == {Outcome.HELD}
    assert {one.rows for one in it.asked()} == {4}


def test_that_a_run_is_held_whole_is_said_before_what_else_failed(database: Database) -> None:
    it = play(database, RUNGS=RUNGS)
    it.run(services(1, 2, 3, 4))

    def tells(http: Http, ask: Ask) -> list[Offer]:
        if ask.amount == 500:
            raise Unreachable("no answer")
        return services(1)(http, ask)

    facts = it.run(tells)
    assert (facts.trouble, facts.failed, facts.usual) == ("incomplete", 1, 12)


def test_three_quarters_are_enough(database: Database) -> None:
    it = play(database, RUNGS=RUNGS)
    it.run(services(1, 2, 3, 4))
    facts = it.run(services(1, 2, 3))
    assert (facts.held, facts.trouble) == (0, "")


def test_a_source_that_keeps_giving_less_is_believed_in_the_end(database: Database) -> None:
    it = play(database, RUNGS=RUNGS)
    for _ in range(12):
        it.run(services(1, 2, 3, 4))
    held = 0
    while it.run(services(1, 2)).held:
        held += 1
        assert held < 12, "never believed"
    assert held == 6
    assert it.source().trouble == ""
    assert it.run(services(1, 2)).usual == 8


def test_no_prices_at_all_remove_nothing_ever(database: Database) -> None:
    """A source that says "not offered" to everything is broken. It is asked again at once."""
    it = play(database, RUNGS=RUNGS)
    it.run()
    before = on_board(database)
    for _ in range(200):
        facts = it.run(not_offered)
        assert (facts.asked, facts.trouble) == (4, "incomplete")
    assert on_board(database) == before
    assert {one.outcome for one in it.asked()} == {Outcome.HELD}
    assert it.run().rows == 4
    assert {price.observed.at for price in on_board(database)} == {it.clock() - SLOT}


def test_a_corridor_that_never_was_offered_is_no_trouble(database: Database) -> None:
    it = play(database, RUNGS=RUNGS)
    facts = it.run(not_offered)
    assert (facts.not_offered, facts.trouble) == (4, "")


def test_a_firm_that_is_new_is_known_and_gated_in_the_same_run(database: Database) -> None:
    firm = Firm("Neue Bank", ProviderKind.BANK)

    def tells(http: Http, ask: Ask) -> list[Offer]:
        good = ask.amount == 200
        margin = "0.0200" if good else "0.3000"
        return [offer(http, ask, provider="neue", firm=firm, margin=margin)]

    it = play(database, RUNGS=RUNGS[:2], VIA="one", PROVIDER="")
    facts = it.run(tells)
    assert (facts.rows, facts.held) == (2, 1)
    (price,) = on_board(database)
    assert (price.quote.service.provider, price.via, price.rung) == (
        "neue-bank",
        "one",
        Decimal(200),
    )
    assert {row.service_id for row in it.held()} == {price.service_id}
    assert it.run(tells).trouble == ""
    assert len(on_board(database)) == 1


def test_without_a_mid_rate_nothing_is_shown_and_it_is_said(database: Database) -> None:
    it = play(database)
    it.clock.move(timedelta(days=30))
    it.run()
    (asked,) = it.asked()
    assert (asked.outcome, asked.why[:11]) == (Outcome.HELD, "no mid rate")
    assert on_board(database) == []


@pytest.mark.parametrize("unusual", [False, True])
def test_keeping_does_not_ask_the_database_row_by_row(database: Database, unusual: bool) -> None:
    """Twice the prices are the same number of statements, also if all of them are held."""
    it = play(database, RUNGS=RUNGS)
    asked = []
    for many in (10, 20):
        margin = "0.2000" if unusual else "0.0100"
        tells = _many(many, margin)
        it.run(tells)
        with counted(database) as sent:
            it.run(tells)
        asked.append(len(sent))
    assert asked[1] <= asked[0] + 8


def _many(count: int, margin: str) -> Tells:
    return lambda http, ask: [
        offer(http, ask, variant=number, margin=margin) for number in range(1, count + 1)
    ]


def test_a_source_that_gives_more_than_usual_is_no_reason_to_expect_even_more(
    database: Database,
) -> None:
    it = play(database)
    it.run(services(1, 2))
    for _ in range(3):
        assert it.run(services(1, 2, 3, 4)).held == 0


def test_prices_of_a_run_are_read_from_the_board_by_amount(database: Database) -> None:
    it = play(database, RUNGS=RUNGS)
    it.run()
    with database.reading() as session:
        assert len(prices.newest(session, NL_MA)) == 4
        assert [one.rung for one in prices.newest(session, NL_MA, {Decimal(200)})] == [200]
