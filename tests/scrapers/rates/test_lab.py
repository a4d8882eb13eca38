"""Every mid-rate source against the lab's endpoints, whatever the day and the rates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.midrate import CHECK_ONLY, PEGS, MidReading, mid_rate
from config import ROOT
from scrapers.contract import RateSource, Refused
from scrapers.rates import cme_suriname, ecb, fawazahmed0, floatrates, nbp, open_er_api
from scrapers.strict import in_use
from tests.lab.direct import DirectHttp
from tests.lab.world import World

SOURCES: tuple[RateSource, ...] = (
    cme_suriname,
    ecb,
    fawazahmed0,
    floatrates,
    nbp,
    open_er_api,
)
SHIPPED = json.loads(
    (ROOT / "data/fx/fawazahmed0_eur_2026-09-29.json").read_text(), parse_float=Decimal
)["eur"]
MIDS = {code.upper(): Decimal(rate) for code, rate in SHIPPED.items() if in_use(code.upper())}


@pytest.fixture(params=["2026-11-20 12:00", "2026-11-25 09:00", "2026-11-22 23:59"])
def world(request: pytest.FixtureRequest) -> World:
    """On a Friday, on a Wednesday before the weekly table, and on a Sunday night."""
    at = datetime.fromisoformat(request.param).replace(tzinfo=UTC)
    return World(MIDS | {"EUR": Decimal(1)}, now=at, drift=Decimal("1.01"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.SLUG))
def test_what_the_world_knows_comes_back(world: World, source: RateSource) -> None:
    found = source.fetch(DirectHttp(world))
    assert len(found) == len({one.currency for one in found}) > 0
    for one in found:
        near = Decimal("0.1") if one.authority == CHECK_ONLY else Decimal("0.003")
        assert abs(one.rate / world.mid(one.currency) - 1) < near, one
        assert one.source == source.SLUG
        assert one.authority in (source.AUTHORITY, CHECK_ONLY)
        behind = world.clock() - one.observed_at
        assert -timedelta(hours=3) <= behind <= timedelta(days=7, hours=12)


def test_together_they_give_a_rate_for_every_currency_that_is_paid_out(world: World) -> None:
    readings: list[MidReading] = []
    for source in SOURCES:
        readings += source.fetch(DirectHttp(world))
    for currency in ("MAD", "TRY", "SRD", "GHS", "NGN", "CDF", "SYP", "XOF", "XCG", "USD", "VND"):
        found = mid_rate("EUR", currency, readings)
        assert abs(found.rate / world.mid(currency) - 1) < Decimal("0.02"), currency
        assert found.usable_for_live(world.clock())
        assert len(found.sources) > 2 or "ecb" in found.sources or currency in {*PEGS, "CDF"}


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("get", cme_suriname.URL),
        ("post", "https://www.cme.sr/Home/GetTodaysExchangeRates/"),
        ("post", ecb.URL),
        ("post", fawazahmed0.URL),
        ("post", fawazahmed0.OTHER_URL),
        ("post", floatrates.URL),
        ("post", open_er_api.URL),
        ("get", "https://open.er-api.com/v6/latest/ZZZ"),
        ("get", "https://api.nbp.pl/api/exchangerates/tables/A/"),
        ("get", "https://api.nbp.pl/api/exchangerates/tables/A/2026-11-21/?format=json"),
        ("get", "https://api.nbp.pl/api/exchangerates/tables/B/2026-11-19/?format=json"),
        ("get", "https://www.floatrates.com/daily/usd.json"),
    ],
)
def test_the_lab_is_strict(world: World, method: str, url: str) -> None:
    """So that a source that asks wrongly is noticed here."""
    http = DirectHttp(world)
    with pytest.raises(Refused, match="status 4"):
        http.get(url) if method == "get" else http.post(url)
