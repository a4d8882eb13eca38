"""The ledger of a corridor: whom we asked, what came of it, and who is missing and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.db.asked import Asked, Outcome, note_asked
from app.db.corridors import add_corridor
from app.db.held import Held, HeldRow, hold
from app.db.services import add_services
from app.domain.corridor import Corridor
from app.domain.reach import WhyNotAsked
from app.web import reasons
from scrapers.contract import Trouble
from tests.db.made import NL_MA, NOON, PROOF, SERVICE, price, save
from tests.web.living import ADDRESS, EXACT, Living, living, text
from tests.web.reading import LANGUAGES, said

both = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        made.reached()
        yield made


def coverage(site: Living, address: str = "to=MA&pay=203.10") -> Any:
    return site.client.get(f"/api/v1/compare?from=NL&{address}").get_json()["coverage"]


def outcome(site: Living, source: str) -> Any:
    (found,) = [one for one in coverage(site)["sources"] if one["source"] == source]
    return found


def why(site: Living, provider: str) -> str:
    (found,) = [one for one in coverage(site)["missing"] if one["provider"] == provider]
    return str(found["why"])


def test_a_source_that_answered_says_when_and_how_many(site: Living) -> None:
    site.source("wise", "alpha")
    site.asked("wise", Outcome.ANSWERED, at=NOON - timedelta(minutes=12))
    save(site.database, price(), price(rung="500"))
    assert outcome(site, "wise") == {
        "source": "wise",
        "outcome": "answered",
        "asked_at": "2026-11-20T11:48:00Z",
        "services": 1,
        "why": None,
    }
    assert coverage(site)["asked"] == ["wise"]
    assert "Wise1 way (asked 12 minutes ago)" in text(site)


def test_a_source_that_does_not_offer_this_says_so(site: Living) -> None:
    site.source("ria", "beta")
    site.asked("ria", Outcome.NOT_OFFERED)
    assert outcome(site, "ria")["outcome"] == "not_offered"
    assert why(site, "beta") == "It has no price for this, or none that we can be sure of."
    assert (
        "RiaIt has no price for this, or none that we can be sure of. (asked 1 minute ago)"
        in text(site)
    )


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("timeout", "We asked, and got no answer."),
        ("blocked", "We asked, and were turned away."),
        ("schema", "We asked, and could not read the answer."),
        ("", "We asked, and got no answer."),
    ],
)
def test_a_failure_is_told_in_plain_words_without_its_details(
    site: Living, trouble: str, words: str
) -> None:
    site.source("ria", "beta")
    site.asked("ria", Outcome.FAILED, trouble=trouble)
    assert outcome(site, "ria")["outcome"] == "failed"
    assert why(site, "beta").startswith(words)
    for lang in LANGUAGES:
        html = site.client.get(f"/{lang}{EXACT}").text
        assert "0x7f" not in html
        assert "secret.example" not in html


def test_every_kind_of_trouble_has_words() -> None:
    named = {trouble.value for trouble in Trouble} - {Trouble.NOT_OFFERED.value}
    assert set(reasons.TROUBLE) == named
    assert set(reasons.NOT_ASKED) == set(WhyNotAsked)


def test_an_answer_to_one_amount_counts_before_a_failure_of_another(site: Living) -> None:
    site.source("wise", "alpha")
    site.asked("wise", Outcome.ANSWERED)
    with site.database.writing() as session:
        one = Asked("wise", NL_MA, Decimal(500), NOON, Outcome.FAILED, "no")
        note_asked(session, {NL_MA: add_corridor(session, NL_MA).id}, [one])
    assert outcome(site, "wise")["outcome"] == "answered"


def test_a_held_price_is_named_but_not_shown(site: Living) -> None:
    site.source("wise", "alpha")
    site.asked("wise", Outcome.HELD)
    with site.database.writing() as session:
        number = add_services(session, NL_MA, [SERVICE])[SERVICE]
        one = Held(
            service_id=number,
            rung=Decimal(200),
            source="wise",
            paid=Decimal("203.10"),
            fee=Decimal("3.10"),
            received=Decimal(999999),
            rate=Decimal("4999.995"),
            mid_rate=Decimal("10.9"),
            stated_at=NOON,
            evidence=PROOF.sha256,
            findings=(("reference", "far off"),),
        )
        hold(session, [one], NOON)
    words = "We have a price, but do not trust it yet."
    assert outcome(site, "wise")["outcome"] == "held"
    assert why(site, "alpha") == words
    assert words in text(site)
    assert "999" not in text(site)
    for address in (EXACT, ADDRESS):
        assert "no verified price" in text(site, address)


def hold_one(site: Living, provider: str, source: str, *, over: bool) -> None:
    """A reading that was held, and perhaps is no longer."""
    service = replace(SERVICE, provider=provider)
    with site.database.writing() as session:
        number = add_services(session, NL_MA, [service])[service]
        row = HeldRow(
            service_id=number,
            rung=Decimal(200),
            source=source,
            paid=Decimal(200),
            fee=Decimal(0),
            received=Decimal(2000),
            rate=Decimal(10),
            mid_rate=Decimal("10.9"),
            stated_at=None,
            evidence=PROOF.sha256,
            findings="[]",
            first_at=NOON,
            last_at=NOON,
            times=1,
            over_at=NOON if over else None,
        )
        session.add(row)


@pytest.mark.parametrize("over", [True, False])
def test_a_firm_is_held_only_as_long_as_its_reading_is(site: Living, over: bool) -> None:
    hold_one(site, "beta", "wise_comparisons", over=over)
    missing = {one["provider"]: one["why"] for one in coverage(site)["missing"]}
    assert missing == ({} if over else {"beta": "We have a price, but do not trust it yet."})


@pytest.mark.parametrize(
    ("stance", "words"),
    [
        ("amber", "We ask this source only with permission, and we do not have that yet."),
        ("green", "We do not ask this source at present."),
    ],
)
def test_a_source_that_is_off_says_why(site: Living, stance: str, words: str) -> None:
    site.source("ria", "beta", stance=stance, is_on=False)
    assert outcome(site, "ria")["outcome"] == "off"
    assert outcome(site, "ria")["why"] == why(site, "beta") == words
    assert coverage(site)["asked"] == []
    assert words in text(site)


def test_a_source_that_was_not_asked_yet_is_not_called_asked(site: Living) -> None:
    site.source("ria", "beta")
    assert outcome(site, "ria")["outcome"] == "not_asked_yet"
    assert coverage(site)["asked"] == []
    assert "0 sources asked, 1 not" in text(site)


@both
@pytest.mark.parametrize("reason", WhyNotAsked)
def test_a_firm_that_is_not_asked_has_one_sentence_that_says_why(
    site: Living, lang: str, reason: WhyNotAsked
) -> None:
    site.not_asked(("gamma", reason))
    words = said(site.app, lang, str(reasons.NOT_ASKED[reason]))
    assert f"Gamma{words}" in text(site, EXACT, lang)


def test_a_firm_that_sends_from_here_and_has_no_price_there_is_missing(site: Living) -> None:
    elsewhere = Corridor("NL", "EUR", "PH", "PHP")
    save(site.database, price(replace(SERVICE, corridor=elsewhere)), corridor=elsewhere)
    assert why(site, "alpha") == "No source of ours has a price of this firm for this country."


def test_a_firm_out_of_reach_says_from_where_to_where(site: Living) -> None:
    save(site.database, price(), price(rung="500"))
    found = [
        one for one in coverage(site, "to=MA&pay=9000")["missing"] if one["provider"] == "alpha"
    ]
    assert found[0]["why"] == "We know its prices from €203.10 to €503.10 only."


def test_a_firm_with_an_answer_is_never_missing(site: Living) -> None:
    site.not_asked(("alpha", WhyNotAsked.BOT_WALL))
    site.source("wise", "alpha")
    save(site.database, price(via="wise", source="wise_comparisons"))
    assert coverage(site)["missing"] == []
