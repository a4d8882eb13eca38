"""What a firm offers: its days, its terms, and a hash of all that a reader would see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.content import Fault
from app.domain.offer import (
    LONGEST,
    LONGEST_TERMS,
    Offer,
    OfferState,
    OfferWords,
    Terms,
    from_plain,
    terms_faults,
)

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
WORDS = OfferWords("No fee", "Your first transfer costs no fee.", "New customers, once.")
GOOD = Terms(TODAY, TODAY + 30 * DAY, {"en": WORDS}, to=("MA", "SR"), fee="0.00")
APPROVED = Offer(1, "wise", 1, GOOD, GOOD, datetime(2026, 11, 1, tzinfo=UTC))


def test_what_is_kept_comes_back_with_the_same_hash() -> None:
    assert from_plain(GOOD.plain()) == GOOD
    assert from_plain(GOOD.plain()).hash() == GOOD.hash()
    assert replace(GOOD, to=("SR", "MA")).hash() == GOOD.hash()


@pytest.mark.parametrize(
    "other",
    [
        replace(GOOD, starts=TODAY + DAY),
        replace(GOOD, ends=TODAY + DAY),
        replace(GOOD, to=()),
        replace(GOOD, fee="0.01"),
        replace(GOOD, rate="10.9"),
        replace(GOOD, texts={"nl": WORDS}),
        replace(GOOD, texts={"en": replace(WORDS, title="No fee.")}),
        replace(GOOD, texts={"en": replace(WORDS, words="x")}),
        replace(GOOD, texts={"en": replace(WORDS, terms="New customers, once ")}),
        replace(GOOD, texts={"en": WORDS, "nl": WORDS}),
    ],
)
def test_any_other_sign_is_another_hash(other: Terms) -> None:
    assert other.hash() != GOOD.hash()


@pytest.mark.parametrize(
    ("offer", "state", "waits"),
    [
        (APPROVED, OfferState.LIVE, False),
        (replace(APPROVED, newest=replace(GOOD, fee="1")), OfferState.LIVE, True),
        (replace(APPROVED, approved=None), OfferState.WAITING, True),
        (replace(APPROVED, approved=None, refused="No."), OfferState.REFUSED, False),
        (replace(APPROVED, approved=replace(GOOD, starts=TODAY + DAY)), OfferState.COMING, True),
        (replace(APPROVED, approved=replace(GOOD, ends=TODAY - DAY)), OfferState.ENDED, True),
        (replace(APPROVED, approved=replace(GOOD, ends=TODAY)), OfferState.LIVE, True),
        (
            replace(APPROVED, withdrawn_at=datetime(2026, 11, 19, tzinfo=UTC)),
            OfferState.WITHDRAWN,
            False,
        ),
    ],
)
def test_its_state(offer: Offer, state: OfferState, waits: bool) -> None:
    assert offer.state(TODAY) is state
    assert offer.waits is waits


def test_it_is_about_to_end_in_its_last_week_only() -> None:
    last = GOOD.ends
    assert APPROVED.ends_soon(last - 7 * DAY)
    assert APPROVED.ends_soon(last)
    assert not APPROVED.ends_soon(last - 8 * DAY)
    assert not APPROVED.ends_soon(last + DAY)


@pytest.mark.parametrize(
    ("terms", "faults"),
    [
        (GOOD, {}),
        (replace(GOOD, to=(), fee="", rate="10.93"), {}),
        (replace(GOOD, starts=TODAY, ends=TODAY), {}),
        (replace(GOOD, texts={}), {"texts": Fault.MISSING}),
        (replace(GOOD, ends=TODAY - DAY), {"ends": Fault.ENDS_BEFORE_IT_BEGINS}),
        (
            replace(GOOD, starts=TODAY + 9 * DAY, ends=TODAY + DAY),
            {"ends": Fault.ENDS_BEFORE_IT_BEGINS},
        ),
        (replace(GOOD, ends=TODAY + LONGEST), {}),
        (replace(GOOD, ends=TODAY + LONGEST + DAY), {"ends": Fault.TOO_LONG}),
        (replace(GOOD, to=("MA", "XX")), {"to": Fault.UNKNOWN}),
        (replace(GOOD, fee="-1"), {"fee": Fault.NOT_A_NUMBER}),
        (replace(GOOD, fee="1e9"), {"fee": Fault.NOT_A_NUMBER}),
        (replace(GOOD, rate="0.000"), {"rate": Fault.NOT_A_NUMBER}),
        (replace(GOOD, rate="NaN"), {"rate": Fault.NOT_A_NUMBER}),
        (replace(GOOD, texts={"nl": replace(WORDS, terms=" ")}), {"terms_nl": Fault.MISSING}),
        (
            replace(GOOD, texts={"nl": replace(WORDS, terms="x" * (LONGEST_TERMS + 1))}),
            {"terms_nl": Fault.TOO_LONG},
        ),
        (
            replace(GOOD, texts={"nl": replace(WORDS, title="a\nb")}),
            {"title_nl": Fault.SEVERAL_LINES},
        ),
        (
            replace(GOOD, texts={"nl": replace(WORDS, words="a\u202eb")}),
            {"words_nl": Fault.UNSEEN_SIGNS},
        ),
        (
            replace(GOOD, starts=date(2099, 1, 1), ends=date(2099, 1, 31)),
            {"starts": Fault.TOO_FAR_AHEAD, "ends": Fault.TOO_FAR_AHEAD},
        ),
        (
            replace(GOOD, starts=date(1, 1, 1)),
            {"starts": Fault.TOO_FAR, "ends": Fault.TOO_LONG},
        ),
    ],
)
def test_what_is_wrong_with_an_offer(terms: Terms, faults: dict[str, Fault]) -> None:
    assert terms_faults(terms, TODAY) == faults
