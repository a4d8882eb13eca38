"""`flask quote` of the sources that are asked themselves, by way of the lab."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.db.engine import Database
from app.factory import create_app
from config import ROOT
from scrapers import PRICES
from tests.collect.made import add_rates
from tests.conftest import settings
from tests.lab.server import Lab
from tests.scrapers.trials import hosts_of
from tests.tables import dump
from tests.test_cli import Run, ok, runs, said
from tests.test_cli_quote import PRICE_KEYS

ON_TOP, TAKEN_OUT, FREE = "on top", "taken out", "free"
LIVE = {
    "instarem": ("PH", TAKEN_OUT),
    "paysend": ("TR", FREE),
    "remitly": ("MA", ON_TOP),
    "ria": ("MA", ON_TOP),
    "sendwave": ("TR", ON_TOP),
    "taptap_send": ("CO", ON_TOP),
    "transfergo": ("TR", TAKEN_OUT),
    "western_union": ("SR", ON_TOP),
    "wise": ("IN", TAKEN_OUT),
    "wise_comparisons": ("IN", TAKEN_OUT),
    "worldremit": ("PH", ON_TOP),
}
"""Source -> a country that it serves, and where its fee goes there. docs/sources has the facts."""

PROMOTIONS = {"remitly": "MA", "ria": "MA", "sendwave": "IN", "worldremit": "PH"}
"""Source -> a country that it has an offer for."""

SHIPPED_ECB = "data/fx/ecb_eurofxref_2024-01-02_2026-10-30.csv"

Site = Callable[[str], Flask]


@pytest.fixture
def site_at(lab: Lab) -> Iterator[Site]:
    """Makes the site of a database that asks the lab."""
    made: list[Flask] = []

    def make(url: str) -> Flask:
        made.append(create_app(settings(url, lab_url=lab.url)))
        return made[-1]

    yield make
    for one in made:
        one.extensions["database"].engine.dispose()


@pytest.fixture
def unset(site_at: Site, tmp_path: Path) -> Run:
    """Commands of a site whose database has no table yet."""
    return runs(site_at(f"sqlite:///{tmp_path}/unset.db"))


def quoted(run: Run, slug: str, to: str, pay: str = "200") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        ok(run("quote", slug, "NL", to, "--pay", pay, "--json"))
    )
    return found


def test_every_live_source_is_tried() -> None:
    assert set(LIVE) == {source.SLUG for source in PRICES}
    assert len(LIVE) == 11


@pytest.mark.parametrize("slug", LIVE)
def test_a_live_quote(unset: Run, slug: str) -> None:
    country, model = LIVE[slug]
    found = quoted(unset, slug, country)
    assert found
    for price in found:
        assert list(price) == PRICE_KEYS
        assert (price["origin"], price["age"], price["exact"]) == ("live", "fresh", True)
        assert (price["source"], price["service"]) == (slug, 0)
        assert price["via"] == ("wise" if slug == "wise_comparisons" else None)
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", price["evidence"])
        paid, fee = Decimal(price["paid"]), Decimal(price["fee"])
        assert (fee == 0) == (model == FREE)
        assert paid == (200 + fee if model == ON_TOP else 200)
        rate, received = Decimal(price["rate"]), Decimal(price["received"])
        assert abs((paid - fee) * rate - received) <= max(Decimal("0.01"), rate / 100)
        cost = paid - received / Decimal(price["mid_rate"])
        assert abs(cost - Decimal(price["total_cost"])) <= Decimal("0.01")
        if slug not in PROMOTIONS:
            assert price["promotion"] is None


@pytest.mark.parametrize("slug", PROMOTIONS)
def test_an_offer_for_new_customers_stands_beside_the_price(unset: Run, slug: str) -> None:
    offers = [
        (price, price["promotion"])
        for price in quoted(unset, slug, PROMOTIONS[slug])
        if price["promotion"] is not None
    ]
    assert offers
    for price, offer in offers:
        assert list(offer) == ["rate", "fee", "received", "terms"]
        assert offer["terms"]
        worked_out = Decimal(200) * Decimal(offer["rate"])
        assert abs(worked_out - Decimal(offer["received"])) <= Decimal("0.01")
        assert Decimal(offer["received"]) > Decimal(price["received"])
        assert Decimal(offer["fee"]) <= Decimal(price["fee"])


def test_live_quoting_saves_nothing(site_at: Site, seeded_file: Path, tmp_path: Path) -> None:
    shutil.copy(seeded_file, tmp_path / "seeded.db")
    site = site_at(f"sqlite:///{tmp_path}/seeded.db")
    before = dump(site.extensions["database"])
    for slug, (country, _model) in LIVE.items():
        quoted(runs(site), slug, country)
    assert dump(site.extensions["database"]) == before


def test_a_live_quote_is_weighed_against_the_newest_mid_rate(
    database: Database, site_at: Site, unset: Run
) -> None:
    """The shipped one where the database has none."""
    url = database.engine.url.render_as_string(hide_password=False)
    add_rates(database, {"TRY": "55.5"})
    assert {one["mid_rate"] for one in quoted(runs(site_at(url)), "wise", "TR")} == {"55.5"}
    (shipped,) = {one["mid_rate"] for one in quoted(unset, "wise", "TR")}
    lines = (ROOT / SHIPPED_ECB).read_text(encoding="utf-8").splitlines()
    newest = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert Decimal(shipped) == Decimal(newest["TRY"])


def test_a_live_quote_as_a_table(unset: Run) -> None:
    lines = ok(unset("quote", "western_union", "nl", "sr", "--pay", "200")).splitlines()
    assert len(lines) == 9
    for line in lines:
        assert line.startswith("western-union ")
        assert "pay EUR   20" in line
        assert "gets SRD " in line


@pytest.mark.parametrize("slug", LIVE)
def test_a_source_in_trouble_is_one_sentence(unset: Run, lab: Lab, slug: str) -> None:
    for host in hosts_of(slug):
        lab.fault(host, "F23", "cloudflare")
    out = said(unset("quote", slug, "NL", LIVE[slug][0], "--pay", "200", "--json"))
    assert re.fullmatch(r"Error: Refused: https://\S+: .*\(status 403\)\n", out)


@pytest.mark.parametrize(
    ("fault", "variant", "says"),
    [
        ("F11", "", "Error: Unreachable: api.wise.com: "),
        ("F28", "list", "Error: Unreadable: https://api.wise.com/"),
        ("F31", "rate", "Error: Unreadable: reply: no field 'rate'"),
        ("F42", "negative", "Error: Unreadable: IncoherentQuote: amounts out of order"),
    ],
)
def test_every_kind_of_trouble_has_its_sentence(
    unset: Run, lab: Lab, fault: str, variant: str, says: str
) -> None:
    lab.fault("api.wise.com", fault, variant)
    out = said(unset("quote", "wise", "NL", "IN", "--pay", "200"))
    assert out.startswith(says)
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("slug", "country", "pay", "says"),
    [
        ("paysend", "MA", "200", "fee model not known: it asks 1.5, on top or taken out"),
        ("transfergo", "PH", "200", "only the rate of a promotion is published"),
        ("wise_comparisons", "SR", "200", "Wise knows no price of another firm on NL-SR"),
        ("sendwave", "IN", "99999999", "pricing-limit-violation"),
    ],
)
def test_what_a_source_does_not_offer(
    unset: Run, slug: str, country: str, pay: str, says: str
) -> None:
    out = said(unset("quote", slug, "NL", country, "--pay", pay))
    assert out.startswith("Error: NotOffered: ")
    assert says in out


@pytest.mark.parametrize(
    ("country", "pay", "says"),
    [
        ("IN", "0", "an amount is written like 200 or 200.50, not '0'"),
        ("IN", "200.001", "an amount is written like"),
        ("IN", "NaN", "an amount is written like"),
        ("IN", "1.000,50", "an amount is written like"),
        ("QQ", "200", "unknown country 'QQ'"),
        ("IR", "200", "Unreachable: no mid rate to weigh a price against"),
    ],
)
def test_what_makes_no_question_is_not_asked(
    unset: Run, lab: Lab, country: str, pay: str, says: str
) -> None:
    for slug in LIVE:
        assert says in said(unset("quote", slug, "NL", country, "--pay", pay))
    assert lab.requests == []
