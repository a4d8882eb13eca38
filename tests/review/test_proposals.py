"""Proposals: what is approved is what was reviewed, by others than its makers, exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import OperationalError

from app.db import audit, prices
from app.db import proposals as kept
from app.db.engine import Database
from app.db.evidence import find_evidence
from app.db.profiles import Profile, profile_of
from app.db.providers import all_providers
from app.db.reach import decide_reach, find_reach
from app.domain.account import Account
from app.domain.proposal import Kind, Obstacle, Proposal, State, prices_payload, sha256_of
from app.domain.quote import Age, Origin
from app.domain.reach import Reach, ReachState, Why
from app.domain.submitted import Line, line_of
from app.review import proposals
from app.review.deciding import SamePerson, Undecidable
from app.review.profiles import profile_payload
from app.review.proposals import Changed
from tests.db.made import NL_MA, NOON, on_board, price, save, stretches, version
from tests.domain.test_submitted import GOOD
from tests.review.people import ALI, AMINA, ANNA, BEN, BO, CARA, CROWD

LATER = NOON + timedelta(minutes=10)
SHOWN = price(margin="0.0", rung="200", fee="3.10")


def line(rate: str = "10.85", paid: str = "203.10", fee: str = "3.10", **other: str) -> Line:
    received = (Decimal(paid) - Decimal(fee)) * Decimal(rate)
    facts = {"paid": paid, "fee": fee, "rate": rate, "received": f"{received:.2f}"}
    found = line_of(0, GOOD | facts | other, "alpha")
    assert isinstance(found, Line), found
    return found


def propose(
    database: Database, *lines: Line, by: Account = ALI, at: datetime = NOON, firm: str = "alpha"
) -> Proposal:
    payload = prices_payload(firm, lines or [line()], at)
    with database.writing() as session:
        number = proposals.propose(session, firm, Kind.PRICES, payload, by, at)
    return find(database, number)


def find(database: Database, number: int) -> Proposal:
    with database.reading() as session:
        found = kept.find_proposal(session, number)
    assert found is not None
    return found


def approve(
    database: Database, one: Proposal, by: Account = ANNA, words: str = "", sha256: str = ""
) -> Proposal:
    with database.writing() as session:
        return proposals.approve(session, one.id, sha256 or one.sha256, by, LATER, words)


def review(database: Database, one: Proposal) -> proposals.Reviewed:
    with database.reading() as session:
        return proposals.review(session, one, LATER)


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        assert audit.broken_at(session) == ""
        return [entry.act for entry in reversed(audit.history(session))]


def test_nothing_goes_live_by_itself(stocked: Database) -> None:
    one = propose(stocked)
    assert (one.state, one.made_by, on_board(stocked)) == (State.PROPOSED, ALI.id, [])


def test_an_approved_price_is_live_with_its_birth_certificate(stocked: Database) -> None:
    one = propose(stocked)
    done = approve(stocked, one)
    assert (done.state, done.decided_by, done.decided_at) == (State.APPROVED, ANNA.id, LATER)
    (shown,) = on_board(stocked)
    assert (shown.source, shown.origin, shown.via) == ("submitted", Origin.SUBMITTED, "")
    assert (shown.observed.at, shown.mid.rate) == (NOON, Decimal("10.9"))
    assert (shown.rung, shown.quote.rate) == (Decimal(200), Decimal("10.85"))
    assert (shown.age(LATER), shown.evidence) == (Age.FRESH, one.sha256)
    with stocked.reading() as session:
        proof = find_evidence(session, shown.evidence)
        assert proof is not None
        assert proof.body == one.payload.encode()
    assert version(stocked) == 1
    assert acts(stocked) == ["proposal.made", "proposal.approved"]


def test_each_line_stands_beside_what_is_shown_and_what_was_scraped(stocked: Database) -> None:
    save(stocked, SHOWN)
    one = propose(stocked, line(rate="10.791"), line(paid="503.10"), line(pay_in="iDEAL"))
    near, far, new = review(stocked, one).lines
    assert near.shown is not None
    assert near.change == Decimal("2158.20") / Decimal("2180.00") - 1
    assert near.scraped is not None
    assert near.scraped.quote == near.shown.base.quote
    assert (far.shown, far.change) == (None, None)
    assert (new.shown, new.scraped) == (None, None)


def test_what_was_scraped_is_still_told_after_it_left_the_board(stocked: Database) -> None:
    save(stocked, SHOWN)
    approve(stocked, propose(stocked, line(rate="10.88"), at=NOON + timedelta(minutes=1)))
    (again,) = review(stocked, propose(stocked, at=NOON + timedelta(minutes=2))).lines
    assert again.scraped is not None
    assert again.shown is not None
    assert (again.scraped.source, again.shown.base.source) == ("wise", "submitted")


def test_methods_named_in_another_order_are_the_service_that_we_know(stocked: Database) -> None:
    turned = replace(
        SHOWN.quote.service, access_points=tuple(reversed(SHOWN.quote.service.access_points))
    )
    save(stocked, replace(SHOWN, quote=replace(SHOWN.quote, service=turned)))
    approve(stocked, propose(stocked, at=NOON + timedelta(minutes=1)))
    (shown,) = on_board(stocked)
    assert shown.source == "submitted"


@pytest.mark.parametrize(
    ("rate", "two"), [("10.70", False), ("10.682", False), ("10.68", True), ("11.11", False)]
)
def test_more_than_two_percent_takes_two(stocked: Database, rate: str, two: bool) -> None:
    save(stocked, SHOWN)
    care = review(stocked, propose(stocked, line(rate=rate))).care
    assert (care.two, care.words) == (two, False)


def test_two_different_operators_approve_a_big_change(stocked: Database) -> None:
    save(stocked, SHOWN)
    one = propose(stocked, line(rate="10.6"), at=NOON + timedelta(minutes=1))
    first = approve(stocked, one, ANNA)
    assert (first.state, first.first_by) == (State.PROPOSED, ANNA.id)
    assert on_board(stocked)[0].source == "wise"
    with pytest.raises(SamePerson):
        approve(stocked, one, ANNA)
    assert approve(stocked, one, BO).state is State.APPROVED
    assert on_board(stocked)[0].source == "submitted"
    assert acts(stocked)[1:] == ["proposal.approved_first", "proposal.approved"]


def test_a_price_that_a_gate_holds_takes_two_and_words(stocked: Database) -> None:
    one = propose(stocked, line(rate="9.5"))
    found = review(stocked, one)
    assert [finding.gate.value for finding in found.lines[0].findings] == ["reference"]
    assert (found.care.two, found.care.words) == (True, True)
    with pytest.raises(Undecidable, match="Say why"):
        approve(stocked, one)
    approve(stocked, one, ANNA, "Their bank confirmed it.")
    with pytest.raises(Undecidable, match="Say why"):
        approve(stocked, one, BO)
    done = approve(stocked, one, BO, "Seen on their site.")
    assert (done.first_words, done.words) == ("Their bank confirmed it.", "Seen on their site.")
    assert len(on_board(stocked)) == 1


def test_a_stated_time_in_the_future_is_held_and_never_looks_younger(stocked: Database) -> None:
    one = propose(stocked, at=LATER + timedelta(hours=1))
    (weighed,) = review(stocked, one).lines
    assert [finding.gate.value for finding in weighed.findings] == ["time"]
    assert weighed.price is not None
    assert weighed.price.observed.at == LATER


def test_without_a_mid_rate_nothing_can_be_approved(stocked: Database) -> None:
    srd = line(to="SR", receive_currency="SRD", rate="40", paid="200", fee="0")
    one = propose(stocked, line(), srd)
    with pytest.raises(Undecidable, match="NL-SR"):
        approve(stocked, one)
    assert (on_board(stocked), find(stocked, one.id).state) == ([], State.PROPOSED)


def test_a_newer_reading_stays_and_that_is_said(stocked: Database) -> None:
    one = propose(stocked)
    save(stocked, replace(SHOWN, observed=price(at=LATER).observed))
    (weighed,) = review(stocked, one).lines
    assert weighed.behind is not None
    approve(stocked, one)
    assert on_board(stocked)[0].source == "wise"


@pytest.mark.parametrize("by", [ALI, AMINA, BEN])
def test_no_provider_approves_anything(stocked: Database, by: Account) -> None:
    one = propose(stocked)
    with pytest.raises(SamePerson):
        approve(stocked, one, by)
    for decide in (proposals.send_back, proposals.refuse):
        with stocked.writing() as session, pytest.raises(SamePerson):
            decide(session, one, by, LATER, "No.")
    assert find(stocked, one.id) == one


def test_an_operator_who_wrote_any_version_cannot_approve_it(stocked: Database) -> None:
    one = propose(stocked, by=ANNA)
    with pytest.raises(SamePerson):
        approve(stocked, one, ANNA)
    with stocked.writing() as session:
        again = prices_payload("alpha", [line(rate="10.8")], NOON)
        proposals.propose_again(session, one, again, BO, LATER)
    for by in (ANNA, BO):
        with pytest.raises(SamePerson):
            approve(stocked, find(stocked, one.id), by)
    assert approve(stocked, find(stocked, one.id), CARA).state is State.APPROVED


def test_what_was_not_reviewed_is_not_approved(stocked: Database) -> None:
    one = propose(stocked)
    with stocked.writing() as session:
        again = prices_payload("alpha", [line(rate="10.89")], NOON)
        proposals.propose_again(session, one, again, ALI, LATER)
    with pytest.raises(Changed) as caught:
        approve(stocked, one)
    assert caught.value.now is not None
    assert caught.value.now.sha256 == sha256_of(again)
    assert on_board(stocked) == []
    with stocked.reading() as session:
        assert [row.sha256 for row in kept.versions_of(session, one.id)] == [
            one.sha256,
            sha256_of(again),
        ]


def test_an_edit_after_the_first_approval_needs_both_again(stocked: Database) -> None:
    save(stocked, SHOWN)
    one = propose(stocked, line(rate="10.6"), at=NOON + timedelta(minutes=1))
    first = approve(stocked, one, ANNA)
    with stocked.writing() as session:
        again = prices_payload("alpha", [line(rate="10.5")], NOON + timedelta(minutes=1))
        proposals.propose_again(session, first, again, ALI, LATER)
    edited = find(stocked, one.id)
    assert (edited.first_by, edited.state) == (None, State.PROPOSED)
    assert approve(stocked, edited, BO).state is State.PROPOSED
    assert approve(stocked, edited, ANNA).state is State.APPROVED


def test_of_two_who_edit_the_second_sees_both_and_nothing_is_lost(stocked: Database) -> None:
    one = propose(stocked)
    mine, theirs = (prices_payload("alpha", [line(rate=rate)], NOON) for rate in ("10.8", "10.7"))
    with stocked.writing() as session:
        proposals.propose_again(session, one, theirs, AMINA, LATER)
    with stocked.writing() as session, pytest.raises(Changed) as caught:
        proposals.propose_again(session, one, mine, ALI, LATER)
    assert caught.value.now is not None
    assert caught.value.now.payload == theirs
    with stocked.writing() as session:
        proposals.propose_again(session, caught.value.now, mine, ALI, LATER)
    with stocked.reading() as session:
        said = [row.payload for row in kept.versions_of(session, one.id)]
    assert said == [one.payload, theirs, mine]


def test_sent_back_corrected_and_approved(stocked: Database) -> None:
    one = propose(stocked)
    with stocked.writing() as session:
        proposals.send_back(session, one, ANNA, LATER, "The fee is missing.")
    back = find(stocked, one.id)
    assert (back.state, back.words) == (State.SENT_BACK, "The fee is missing.")
    with pytest.raises(Changed):
        approve(stocked, back)
    with stocked.writing() as session:
        again = prices_payload("alpha", [line(rate="10.8")], NOON)
        proposals.propose_again(session, back, again, ALI, LATER, "Corrected.")
    assert approve(stocked, find(stocked, one.id)).state is State.APPROVED


Deed = Callable[[Database, Proposal], object]


def withdraw(database: Database, one: Proposal) -> None:
    with database.writing() as session:
        proposals.withdraw(session, one, ALI, LATER)


def refuse(database: Database, one: Proposal) -> None:
    with database.writing() as session:
        proposals.refuse(session, one, ANNA, LATER, "Not your own prices.")


def edit(database: Database, one: Proposal) -> None:
    with database.writing() as session:
        proposals.propose_again(session, one, one.payload + " ", ALI, LATER)


@pytest.mark.parametrize("first", [withdraw, refuse, approve])
@pytest.mark.parametrize("then", [withdraw, refuse, approve, edit])
def test_what_is_over_stays_over(stocked: Database, first: Deed, then: Deed) -> None:
    one = propose(stocked)
    first(stocked, one)
    over = find(stocked, one.id)
    for known in (one, over):
        with pytest.raises(Changed):
            then(stocked, known)
    assert find(stocked, one.id) == over


@pytest.mark.parametrize("words", ["", " ", "\u202e"])
def test_sending_back_and_refusing_need_words(stocked: Database, words: str) -> None:
    one = propose(stocked)
    for decide in (proposals.send_back, proposals.refuse):
        with stocked.writing() as session, pytest.raises(Undecidable):
            decide(session, one, ANNA, LATER, words)


def test_a_publish_that_fails_changes_nothing(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = propose(stocked)
    monkeypatch.setattr(prices, "save", _full)
    with pytest.raises(OperationalError):
        approve(stocked, one)
    monkeypatch.undo()
    assert find(stocked, one.id) == one
    assert acts(stocked) == ["proposal.made"]
    assert approve(stocked, one).state is State.APPROVED


def _full(*_arguments: object) -> bool:
    raise OperationalError("INSERT", {}, Exception("disk full"))


def fifty(database: Database, one: Proposal, crowd: Sequence[Account] = CROWD) -> list[str]:
    def decide(by: Account) -> str:
        try:
            return approve(database, one, by).state.value
        except Undecidable as error:
            return type(error).__name__

    with ThreadPoolExecutor(50) as pool:
        return sorted(pool.map(decide, crowd))


def test_fifty_approve_at_once_and_it_is_applied_once(stocked: Database) -> None:
    one = propose(stocked)
    assert fifty(stocked, one) == ["Changed"] * 49 + ["approved"]
    assert (stretches(stocked), version(stocked)) == (1, 1)
    assert acts(stocked) == ["proposal.made", "proposal.approved"]


def test_of_fifty_two_approve_what_takes_two(stocked: Database) -> None:
    save(stocked, SHOWN)
    one = propose(stocked, line(rate="10.6"), at=NOON + timedelta(minutes=1))
    assert fifty(stocked, one) == ["Changed"] * 48 + ["approved", "proposed"]
    assert (stretches(stocked), version(stocked)) == (2, 2)


def test_fifty_times_the_same_operator_is_one_operator(stocked: Database) -> None:
    save(stocked, SHOWN)
    one = propose(stocked, line(rate="10.6"), at=NOON + timedelta(minutes=1))
    assert fifty(stocked, one, [ANNA] * 50) == ["SamePerson"] * 49 + ["proposed"]
    assert find(stocked, one.id).state is State.PROPOSED


def test_fifty_edit_at_once_and_one_counts(stocked: Database) -> None:
    one = propose(stocked)

    def change(number: int) -> bool:
        payload = prices_payload("alpha", [line(rate=f"10.{number:02}")], NOON)
        try:
            with stocked.writing() as session:
                proposals.propose_again(session, one, payload, ALI, LATER)
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(change, range(30, 80))) == 1
    assert find(stocked, one.id).version == 2


def test_a_proposal_is_found_by_its_own_firm_only(stocked: Database) -> None:
    one = propose(stocked)
    with stocked.reading() as session:
        assert kept.find_proposal(session, one.id, "alpha") == one
        assert kept.find_proposal(session, one.id, "beta") is None
        assert kept.proposals_of(session, "beta") == []
        assert kept.open_proposals(session) == [one]


def profile(database: Database, wanted: Profile) -> Proposal:
    payload = profile_payload("alpha", wanted)
    with database.writing() as session:
        number = proposals.propose(session, "alpha", Kind.PROFILE, payload, ALI, NOON)
    return find(database, number)


WORDS = {"nl": "Wij sturen geld.", "ar": "نرسل المال"}


def test_an_approved_profile_is_shown(stocked: Database) -> None:
    wanted = Profile("Alpha", "", "020 123", WORDS)
    approve(stocked, profile(stocked, wanted))
    with stocked.reading() as session:
        assert profile_of(session, "alpha") == wanted


@pytest.mark.parametrize(
    ("name", "website", "two", "words"),
    [
        ("Alpha", "", False, False),
        ("Alpha Money", "", False, False),
        ("Alpha", "https://alpha.example/", True, False),
        ("B\u0435ta", "", True, True),
        ("BETA", "", True, True),
    ],
)
def test_a_new_link_or_a_look_alike_takes_two(
    stocked: Database, name: str, website: str, two: bool, words: bool
) -> None:
    one = profile(stocked, Profile(name, website))
    care = review(stocked, one).care
    assert (care.two, care.words) == (two, words)
    said = "Their register says so." if words else ""
    approve(stocked, one, ANNA, said)
    with stocked.reading() as session:
        found = all_providers(session)["alpha"]
    assert ((found.name, found.website) == (name, website or None)) is (not two)
    if two:
        approve(stocked, one, BO, said)
    with stocked.reading() as session:
        found = all_providers(session)["alpha"]
    assert (found.name, found.website) == (name, website or None)


def test_the_same_price_again_adds_nothing(stocked: Database) -> None:
    approve(stocked, propose(stocked))
    approve(stocked, propose(stocked, at=NOON + timedelta(minutes=1)))
    assert stretches(stocked) == 1
    with stocked.reading() as session:
        assert len(prices.board(session, NL_MA)) == 1


def stands(database: Database, state: ReachState, reason: Why | None = None) -> None:
    said = (reason, "https://law.example", NOON.date()) if reason else (None, "", None)
    with database.writing() as session:
        known = find_reach(session, "MA")
        assert known is not None
        assert decide_reach(session, Reach("MA", ("MAD",), state, *said), "", known.version, NOON)


@pytest.mark.parametrize(
    "other",
    [
        {"to": "KP", "receive_currency": "KPW"},
        {"from": "DE"},
        {"receive_currency": "USD"},
    ],
)
def test_what_the_site_does_not_show_cannot_be_proposed(
    stocked: Database, other: dict[str, str]
) -> None:
    one = propose(stocked)
    with pytest.raises(proposals.NotShown, match="we do not show this country"):
        propose(stocked, line(), line(**other))
    again = prices_payload("alpha", [line(**other)], NOON)
    with stocked.writing() as session, pytest.raises(proposals.NotShown):
        proposals.propose_again(session, one, again, ALI, LATER)
    assert find(stocked, one.id) == one
    assert acts(stocked) == ["proposal.made"]


def test_a_country_that_was_closed_meanwhile_is_not_approved(stocked: Database) -> None:
    one = propose(stocked)
    stands(stocked, ReachState.CLOSED, Why.SANCTIONS)
    assert [one.obstacle for one in review(stocked, one).care.hindrances] == [Obstacle.NOT_SHOWN]
    with pytest.raises(Undecidable, match="we do not show this country"):
        approve(stocked, one, words="Please.")
    stands(stocked, ReachState.OPEN)
    assert approve(stocked, one).state is State.APPROVED


def test_a_limited_country_takes_two(stocked: Database) -> None:
    one = propose(stocked)
    stands(stocked, ReachState.LIMITED, Why.FEW_FORMAL_CHANNELS)
    assert review(stocked, one).care.reasons == (
        "MA is shown with limits only: few firms pay out there",
    )
    assert approve(stocked, one).state is State.PROPOSED
    assert approve(stocked, one, BO).state is State.APPROVED


def test_fifty_who_propose_the_same_at_once_propose_it_once(stocked: Database) -> None:
    with ThreadPoolExecutor(50) as pool:
        numbers = {one.id for one in pool.map(lambda by: propose(stocked, by=by), [ALI] * 50)}
    assert len(numbers) == 1
    assert acts(stocked) == ["proposal.made"]
    assert propose(stocked, line(rate="10.8")).id not in numbers
    approve(stocked, find(stocked, min(numbers)))
    assert propose(stocked).id not in numbers, "what was decided waits no longer"
