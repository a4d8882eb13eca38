"""Averages by the World Bank's method: hand-made examples, and the shipped survey itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.indicators import Average, Indicators, SurveyCost, indicators, joined
from app.domain.money import Money
from app.domain.provider import ProviderKind
from app.domain.service import PaymentInstrument, PickupMethod
from app.domain.survey import Tier, percent
from tests.domain.strategies import survey_file

PRICE_POINTS = {200: "cc1", 500: "cc2"}
FIRM_KINDS = {"Bank": (ProviderKind.BANK,), "Money Transfer Operator": (ProviderKind.MTO,)}
PICKUPS = {
    "Cash": PickupMethod.CASH,
    "Bank account": PickupMethod.BANK_ACCOUNT,
    "Mobile wallet": PickupMethod.MOBILE_WALLET,
    "Debit card": PickupMethod.CARD,
}


def word(label: str) -> str:
    return label.lower().replace(" ", "_")


def cost(
    country: str = "MA",
    firm: str = "wise",
    low: str | None = "2",
    high: str | None = "1",
    *,
    disclosed: bool = True,
    pays: tuple[PaymentInstrument, ...] = (PaymentInstrument.CASH,),
) -> SurveyCost:
    return SurveyCost(
        receive_country=country,
        provider=firm,
        firm_types=(ProviderKind.MTO,),
        payment_instruments=pays,
        pickup_methods=(PickupMethod.CASH,),
        transparent=disclosed,
        total_percent={
            point: Decimal(total) for point, total in ((200, low), (500, high)) if total is not None
        },
    )


def test_a_country_is_the_mean_of_its_services_and_not_of_its_corridors() -> None:
    found = indicators([cost("MA", low="1")] * 3 + [cost("TR", low="9")])
    assert found.country.mean[200] == 3
    assert [found.corridors[country].mean[200] for country in ("MA", "TR")] == [1, 9]


def test_services_that_hide_their_rate_count_nowhere() -> None:
    hidden = cost("SR", "hidden", low="0", disclosed=False, pays=(PaymentInstrument.CREDIT_CARD,))
    assert indicators([cost(low="4"), hidden]) == indicators([cost(low="4")])


def test_firms_are_counted_once() -> None:
    found = indicators([cost(firm="wise"), cost("TR", firm="wise"), cost(firm="ria")])
    assert (found.country.services, found.country.firms) == (3, 2)
    assert (found.corridors["MA"].services, found.corridors["MA"].firms) == (2, 2)


def test_both_price_points_are_averaged_apart() -> None:
    found = indicators([cost(low="2", high="1"), cost(low="5", high="2"), cost(low="-1", high="6")])
    assert found.country.mean == {200: 2, 500: 3}


def test_a_missing_price_point_is_left_out_and_not_taken_as_nothing() -> None:
    found = indicators([cost(low="4", high=None), cost(low="6", high="3")])
    assert found.country == Average(2, 2 - 1, {200: Decimal(5), 500: Decimal(3)})
    assert indicators([cost(high=None)]).country.mean == {200: Decimal(2), 500: None}


def test_without_services_there_is_no_average() -> None:
    assert indicators([]).country == Average(0, 0, {200: None, 500: None})
    assert indicators([cost(disclosed=False)]).corridors == {}


def test_several_methods_at_once_are_a_kind_of_their_own() -> None:
    both = (PaymentInstrument.CASH, PaymentInstrument.DEBIT_CARD)
    found = indicators([cost(low="1"), cost(low="3", pays=both), cost(low="8", pays=())])
    groups = {name: group.mean[200] for name, group in found.by_payment_instrument.items()}
    assert groups == {"cash": 1, "cash+debit_card": 3, "unknown": 8}
    assert joined(both) == "cash+debit_card"


def test_groups_are_sorted() -> None:
    found = indicators([cost("TR"), cost("MA"), cost("SR"), cost("GH")])
    assert list(found.corridors) == ["GH", "MA", "SR", "TR"]


costs = st.builds(
    cost,
    country=st.sampled_from(["MA", "TR", "SR"]),
    firm=st.sampled_from(["wise", "ria"]),
    low=st.none() | st.decimals(-5, 30, places=3).map(str),
    high=st.none() | st.decimals(-5, 30, places=3).map(str),
    disclosed=st.booleans(),
    pays=st.sampled_from([(), (PaymentInstrument.CASH,), (PaymentInstrument.DEBIT_CARD,)]),
)


@given(st.lists(costs, max_size=8), st.data())
def test_neither_order_nor_hidden_services_matter(
    given_costs: list[SurveyCost], data: st.DataObject
) -> None:
    hidden = [replace(one, transparent=False) for one in data.draw(st.lists(costs, max_size=4))]
    mixed = data.draw(st.permutations(given_costs + hidden))
    assert indicators(mixed) == indicators(given_costs)


@given(st.lists(costs, max_size=8))
def test_every_grouping_holds_every_service_once(given_costs: list[SurveyCost]) -> None:
    found = indicators(given_costs)
    counted = sum(one.transparent for one in given_costs)
    groupings = (
        *(found.corridors, found.by_firm_type),
        *(found.by_payment_instrument, found.by_pickup_method),
    )
    for grouping in groupings:
        assert (
            sum(group.services for group in grouping.values())
            == counted
            == (found.country.services)
        )


@pytest.fixture(scope="module")
def shipped() -> Indicators:
    return indicators(
        SurveyCost(
            receive_country=row["destination_code"],
            provider=row["firm"],
            firm_types=FIRM_KINDS[row["firm_type"]],
            payment_instruments=(PaymentInstrument(word(row["payment instrument"])),),
            pickup_methods=(PICKUPS[row["pickup method"]],),
            transparent=row["transparent"] == "yes",
            total_percent={
                point: Tier(
                    Money(Decimal(row[f"{name} lcu amount"]), "EUR"),
                    Money(Decimal(row[f"{name} lcu fee"]), "EUR"),
                    Decimal(row[f"{name} fx margin"]),
                ).total_percent
                for point, name in PRICE_POINTS.items()
            },
        )
        for row in survey_file()
    )


def plainly(key: Callable[[dict[str, str]], str]) -> dict[str, tuple[int, int, list[str]]]:
    """Services, firms and means of the file's rows, worked out with fractions alone."""
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in survey_file():
        groups[key(row)].append(row)
    return {
        name: (
            len(rows),
            len({row["firm"] for row in rows}),
            [_mean(rows, "cc1"), _mean(rows, "cc2")],
        )
        for name, rows in groups.items()
    }


def _mean(rows: list[dict[str, str]], name: str) -> str:
    totals = [
        Fraction(row[f"{name} lcu fee"]) / Fraction(row[f"{name} lcu amount"]) * 100
        + Fraction(row[f"{name} fx margin"])
        for row in rows
    ]
    hundredths = sum(totals, Fraction(0)) / len(totals) * 100
    whole = (hundredths + Fraction(1, 2)) // 1
    return f"{whole // 100}.{whole % 100:02d}"


def as_text(found: dict[str, Average]) -> dict[str, tuple[int, int, list[str]]]:
    return {
        name: (
            one.services,
            one.firms,
            [str(percent(mean or Decimal(-1))) for mean in one.mean.values()],
        )
        for name, one in found.items()
    }


def test_figures_of_the_shipped_survey(shipped: Indicators) -> None:
    country = shipped.country
    assert (country.services, country.firms, len(shipped.corridors)) == (175, 14, 8)
    assert percent(country.mean[200] or Decimal(0)) == Decimal("5.52")
    assert percent(country.mean[500] or Decimal(0)) == Decimal("3.44")
    published = as_text(shipped.corridors)
    assert (published["MAR"][0], published["MAR"][2][0]) == (25, "5.57")
    assert (published["TUR"][0], published["TUR"][2][0]) == (23, "8.14")


def test_every_average_is_what_the_file_plainly_says(shipped: Indicators) -> None:
    assert as_text({"NLD": shipped.country}) == plainly(lambda row: row["source_code"])
    assert as_text(shipped.corridors) == plainly(lambda row: row["destination_code"])
    assert as_text(shipped.by_firm_type) == plainly(lambda row: FIRM_KINDS[row["firm_type"]][0])
    assert as_text(shipped.by_payment_instrument) == plainly(
        lambda row: word(row["payment instrument"])
    )
    assert as_text(shipped.by_pickup_method) == plainly(lambda row: PICKUPS[row["pickup method"]])
