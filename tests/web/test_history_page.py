"""The history of a corridor: every chart with true numbers, gaps as gaps, and nothing made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import get_template_attribute
from flask.testing import FlaskClient

from app.db.averages import averages_of
from app.db.engine import Database
from app.db.providers import add_provider
from app.domain.history import Basis
from app.domain.provider import Provider, ProviderKind
from app.domain.quote import Observed, Origin, Precision, Price
from app.domain.service import Service
from app.web.history.pieces import NONE
from app.web.history.views import service_history_of
from tests.db.made import NOON, SERVICE, price, save
from tests.web.living import Living, living
from tests.web.reading import CORRIDORS, Reader, plain, section

DAY = timedelta(days=1)
ENDINGS = ("st", "nd", "rd", "th")
ADDRESS = "/en/history/nl/ma"
BETA = replace(SERVICE, provider="beta")
GAMMA = replace(SERVICE, provider="gamma")


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        with made.database.writing() as session:
            add_provider(session, Provider("gamma", "Gamma", ProviderKind.MTO), [])
        made.reached()
        yield made


def measured(site: Living, *days: int) -> None:
    """Three ways, so many days before noon; a fee of 1, 2 and 3 euro, and of 2, 3, 4 the day
    after, and so on."""
    for place, before in enumerate(days):
        at = NOON - before * DAY
        ways = enumerate((SERVICE, BETA, GAMMA), start=1 + place)
        save(site.database, *(price(way, fee=str(fee), margin="0", at=at) for fee, way in ways))


def around(service: Service = SERVICE, **other: Any) -> list[Price]:
    """Prices at 100 and 300 euro, so that there is an answer for 200."""
    return [price(service, rung=rung, **other) for rung in ("100", "300")]


def page(site: Living, address: str = ADDRESS) -> str:
    response = site.client.get(address)
    assert response.status_code == 200
    return response.text


def figure(html: str, name: str) -> str:
    return section(html, f'<figure class="chart" id="{name}">', "</figure>")


def rows(html: str, name: str) -> list[list[str]]:
    """The body of the table behind a chart."""
    body = section(figure(html, name), "<tbody>", "</tbody>")
    return [
        [Reader(cell).text for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in body.split("</tr>")
        if plain(row)
    ]


def described(html: str, name: str) -> str:
    return Reader(section(figure(html, name), f'<desc id="{name}-d">', "</desc>")).text


def percent(lost: int) -> str:
    """Of a fee of so many euro on top of 200."""
    return f"{Decimal(lost * 100) / (200 + lost):.2f}%"


def test_each_day_has_its_cheapest_and_its_middle_way(site: Living) -> None:
    measured(site, *range(9, 0, -1))
    found = page(site)
    expected = [
        [f"{20 - before} November 2026", percent(10 - before), percent(11 - before), "3"]
        for before in range(1, 10)
    ]
    assert rows(found, "days") == expected
    assert described(found, "days") == (
        f"the cheapest way, 11 November 2026 to 19 November 2026: lowest {percent(1)}, "
        f"highest {percent(9)}. the middle one, 11 November 2026 to 19 November 2026: "
        f"lowest {percent(2)}, highest {percent(10)}."
    )
    assert "We began measuring on 11 November 2026." in Reader(found).text


def test_a_day_without_a_price_breaks_the_line(site: Living) -> None:
    measured(site, 12, 11, 10, 9, 5, 4, 3, 2)
    chart = figure(page(site), "days")
    lines = re.findall(r'class="chart__line" d="([^"]+)"', chart)
    assert [line.count("M") for line in lines] == [2, 2]


def test_a_few_days_are_no_chart(site: Living) -> None:
    measured(site, 3, 2, 1)
    found = page(site)
    assert 'id="days"' not in found
    text = Reader(found).text
    assert "We began measuring on 17 November 2026. That is too short for a chart" in text


def test_where_nothing_was_measured_the_page_says_so(site: Living) -> None:
    old = Observed(NOON - 60 * DAY, Precision.DAY)
    survey = around(margin="0", origin=Origin.SURVEY, source="rpw")
    save(site.database, *(replace(one, observed=old) for one in survey))
    found = page(site)
    assert "We have not measured a price for this amount yet." in Reader(found).text
    assert 'id="days"' not in found
    assert "These are not the prices of today" in Reader(found).text
    assert "The survey found no exchange margin." in Reader(found).text


def test_a_survey_stands_apart_on_its_own_day(site: Living) -> None:
    measured(site, *range(9, 0, -1))
    survey = price(
        replace(SERVICE, variant=2), fee="0", margin="-0.5", origin=Origin.SURVEY, source="rpw"
    )
    save(site.database, replace(survey, observed=Observed(NOON - 30 * DAY, Precision.DAY)))
    found = rows(page(site), "days")
    assert found[-1] == ["21 October 2026", NONE, NONE, NONE, "-50.00%"]
    assert [row[4] for row in found[:-1]] == [NONE] * 9
    assert [row[1] for row in found[:-1]] == [percent(lost) for lost in range(9, 0, -1)]


def test_cost_by_amount_says_what_is_an_estimate(site: Living) -> None:
    save(site.database, *(price(fee="2", margin="0", rung=rung) for rung in ("98", "498")))
    found = rows(page(site), "amounts")
    assert found[0] == ["€20", "unknown", "unknown"]
    assert found[2] == ["€100", "2.00%", "unknown"]
    assert found[3] == ["€150", "1.33% estimated by us", "unknown"]
    assert found[6] == ["€500", "0.40%", "unknown"]
    assert found[8] == ["€2,000", "unknown", "unknown"]
    chart = figure(page(site), "amounts")
    assert section(chart, 'class="chart__dots" d="', '"').count("M") == 5
    assert section(chart, 'class="chart__hollow" d="', '"').count("M") == 3


def test_no_line_leads_over_an_amount_without_a_price(site: Living) -> None:
    small = [price(fee="1", rung=rung) for rung in ("15", "60")]
    large = [price(BETA, fee="1", rung=rung) for rung in ("250", "600")]
    save(site.database, *small, *large)
    chart = figure(page(site), "amounts")
    assert section(chart, 'class="chart__line" d="', '"').count("M") == 2


def test_rates_of_firms_stand_from_near_to_far(site: Living) -> None:
    ways = zip((SERVICE, BETA, GAMMA), ("0.02", "-0.001", "0.0155"), strict=True)
    save(site.database, *(one for way, margin in ways for one in around(way, margin=margin)))
    found = page(site)
    assert [row[:3] for row in rows(found, "rates")] == [
        ["Beta", "-0.10%", "10.9109"],
        ["Gamma", "1.55%", "10.73105"],
        ["Alpha", "2.00%", "10.6820"],
    ]
    assert described(found, "rates") == "Lowest: Beta, -0.10%. Highest: Alpha, 2.00%."
    assert "The rate was better than the mid-market rate." in Reader(found).text


def test_old_rates_do_not_stand_beside_fresh_ones(site: Living) -> None:
    old = around(BETA, margin="-0.1", at=NOON - 3 * DAY)
    save(site.database, *old, *around(margin="0.02"))
    assert [row[0] for row in rows(page(site), "rates")] == ["Alpha"]


@pytest.mark.parametrize("to", CORRIDORS)
def test_the_survey_s_averages_are_those_of_the_file(
    client: FlaskClient, seeded_file: Path, to: str
) -> None:
    database = Database(f"sqlite:///{seeded_file}")
    with database.reading() as session:
        known = averages_of(session, "NL", to)
    database.engine.dispose()
    html = client.get(f"/en/history/nl/{to.lower()}").text
    found = rows(html, "survey")
    assert len(found) == len(known) in (39, 54)
    for row, one in zip(found, reversed(known), strict=True):
        place = 1 if one.basis is Basis.PUBLISHED else 2
        year, number = one.period[:4], int(one.period[5])
        assert row[0] == f"{number}{ENDINGS[number - 1]} quarter {year}"
        assert abs(Decimal(row[place].rstrip("%")) - one.percent) <= Decimal("0.005")
        assert row[3 - place] == NONE
        assert row[3] == ("unknown" if one.services is None else str(one.services))


def test_no_line_leads_over_a_quarter_without_a_survey(client: FlaskClient) -> None:
    """Morocco: half-yearly until 2012, each quarter to the first of 2025, none in the second; and
    from the third of 2020 on averages are of another kind."""
    chart = figure(client.get(ADDRESS).text, "survey")
    lines = re.findall(r'class="chart__line" d="([^"]+)"', chart)
    dots = re.findall(r'class="chart__dots" d="([^"]+)"', chart)
    assert [line.count("M") for line in lines] == [1, 1]
    assert [line.count("M") for line in dots] == [4, 1]


def test_a_closed_country_shows_no_number(site: Living) -> None:
    corridor = replace(SERVICE.corridor, receive_country="IR", receive_currency="IRR")
    save(site.database, price(replace(SERVICE, corridor=corridor)), corridor=corridor)
    found = page(site, "/en/history/nl/ir")
    assert "We show no prices to Iran" in Reader(found).text
    assert '<svg class="chart' not in found
    assert "%" not in section(found, "<main", "</main>")


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/en/history/nl/xx", 404, "We do not know this country. Choose one from the list."),
        ("/en/history/nl/nl", 404, "Choose two different countries."),
        ("/en/history/nl/fr", 404, "We do not know any price from the Netherlands to France yet"),
        ("/en/history/nl/%C3%A9", 404, "We do not know this country."),
        ("/en/history/nl/ma?currency=XYZ", 422, "We know of no payout in this currency there."),
        ("/en/history/nl/ma?currency=MAD&currency=EUR", 422, "We know of no payout"),
    ],
)
def test_a_question_that_cannot_be_answered_is_said_so(
    client: FlaskClient, address: str, status: int, says: str
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert says in Reader(response.text).text


def test_capitals_lead_to_the_one_address(client: FlaskClient) -> None:
    response = client.get("/en/history/NL/ma?currency=MAD")
    assert response.status_code == 301
    assert response.headers["Location"] == f"{ADDRESS}?currency=MAD"


def test_another_currency_has_its_own_history(site: Living) -> None:
    corridors = [
        replace(SERVICE.corridor, receive_country="SR", receive_currency=currency)
        for currency in ("SRD", "USD")
    ]
    for corridor, fee in zip(corridors, ("1", "2"), strict=True):
        made = around(replace(SERVICE, corridor=corridor), fee=fee, margin="0")
        save(site.database, *made, corridor=corridor)
    main = page(site, "/en/history/nl/sr")
    dollars = page(site, "/en/history/nl/sr?currency=usd")
    percents = [rows(html, "amounts")[4][1] for html in (main, dollars)]
    assert percents == ["0.50% estimated by us", "1.00% estimated by us"]
    assert "US dollars" in Reader(dollars).text
    assert "/send/nl/sr?pay=200&amp;currency=USD" in dollars


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_is_light_and_leads_back_to_the_list(client: FlaskClient, lang: str) -> None:
    response = client.get(f"/{lang}/history/nl/ma")
    assert f"/{lang}/send/nl/ma?pay=200" in Reader(response.text).links
    assert len(response.data) < 40_000


def test_a_service_has_a_chart_of_its_steps(site: Living) -> None:
    for days, fee in ((6, "2"), (5, "2"), (4, "3"), (1, "3")):
        save(site.database, price(fee=fee, margin="0.01", at=NOON - days * DAY))
    with site.app.test_request_context("/en/"):
        chart = service_history_of(1)
        draw = get_template_attribute("history/_service.html", "service_history")
        html = str(draw(chart))
        assert service_history_of(1, Decimal(500)) is None
        assert plain(str(draw(None))) == ""
    assert chart
    assert [series for series, _value in chart.labels] == ["fee", "exchange rate"]
    assert rows(html, "service-1") == [
        ["16 November 2026", "1.48%", "0.99%", "2.46%"],
        ["14 November 2026", "0.99%", "0.99%", "1.98%"],
    ]
    fee = section(html, 'class="chart__line" d="', '"')
    assert fee.count("M") == 1
    assert re.fullmatch(r"M0 \d+l400 0 0-\d+ 600 0", fee), "level, up at once, level"


def test_a_service_of_one_day_has_no_chart(site: Living) -> None:
    save(site.database, price())
    with site.app.test_request_context("/en/"):
        assert service_history_of(1) is None
