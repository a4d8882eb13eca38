"""What a row and the page of a price show, worked out again from the API's figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from babel.dates import format_date
from flask import Flask
from flask.testing import FlaskClient

from app.domain.money import Money
from app.web.locale import day as written_day
from app.web.locale import locale, money, shown_percent
from tests.web.reading import LANGUAGES, Reader, plain, said, said_of, section

ASKED = [
    ("sr", "pay", "200"),
    ("ma", "pay", "345"),
    ("tr", "receive", "9000"),
    ("gh", "pay", "150"),
]
languages = pytest.mark.parametrize("lang", LANGUAGES)
questions = pytest.mark.parametrize(("to", "side", "amount"), ASKED)
Write = Callable[[str, Decimal, str], str]


@pytest.fixture
def write(app: Flask) -> Write:
    """An amount as the pages of a language write it."""

    def written(lang: str, amount: Decimal, currency: str) -> str:
        with app.test_request_context(f"/{lang}/"):
            return plain(money(Money(amount, currency)))

    return written


def figures(body: Any, row: Any) -> dict[str, Decimal]:
    """paid, fee, received and, unrounded, margin and total, in the send currency."""
    paid, fee, received = (Decimal(row[key]) for key in ("paid", "fee", "received"))
    total = paid - received / Decimal(body["mid_rate"]["rate"])
    return {"paid": paid, "fee": fee, "received": received, "total": total, "margin": total - fee}


def best_rows(
    client: FlaskClient, to: str, side: str, amount: str, first: str = "cheap"
) -> tuple[Any, list[Any]]:
    """The API's answer, and from it the best row of each firm."""
    query = f"from=NL&to={to}&{side}={amount}&first={first}"
    body = client.get(f"/api/v1/compare?{query}").get_json()
    best: dict[str, Any] = {}
    for row in body["results"]:
        best.setdefault(row["provider"], row)
    return body, list(best.values())


def part(html: str, row: Any, begin: str, end: str) -> str:
    """A part of a firm's row in the list."""
    return section(html.partition(f'id="{row["provider"]}"')[2], begin, end)


DAYS = {"less_than_one_hour": 0, "same_day": 0, "next_day": 1, "two_days": 2}
BANDS = [*DAYS, "three_to_five_days", "six_days_or_more"]


def wanted_gain(app: Flask, lang: str, gain: Decimal, side: str, written: str) -> str:
    if gain == 0:
        return said(app, lang, "as much arrives" if side == "pay" else "you pay as much")
    if side == "pay":
        words = "%(amount)s more arrives" if gain > 0 else "%(amount)s less arrives"
    else:
        words = "you pay %(amount)s less" if gain > 0 else "you pay %(amount)s more"
    return said(app, lang, words, amount=written)


def wanted_speed(app: Flask, lang: str, mine: str | None, best: str | None) -> list[str]:
    """How much sooner or later, where both speeds are known; in days, where both say days."""
    if mine is None or best is None or mine == best:
        return []
    sooner = BANDS.index(mine) < BANDS.index(best)
    days = abs(DAYS.get(mine, 0) - DAYS.get(best, 0)) if {mine, best} <= set(DAYS) else 0
    if not days:
        return [said(app, lang, "sooner" if sooner else "later")]
    one, many = [f"%(num)s day{s} {'sooner' if sooner else 'later'}" for s in ("", "s")]
    return [said_of(app, lang, one, many, days)]


@languages
@questions
@pytest.mark.parametrize("first", ["cheap", "fast"])
def test_each_firm_says_how_far_it_is_from_the_first_and_the_list_how_wide_it_is(
    app: Flask,
    client: FlaskClient,
    write: Write,
    lang: str,
    to: str,
    side: str,
    amount: str,
    first: str,
) -> None:
    body, rows = best_rows(client, to, side, amount, first)
    key = "received" if side == "pay" else "paid"
    currency = body["corridor"]["receive_currency"] if side == "pay" else "EUR"
    html = client.get(f"/{lang}/send/nl/{to}?{side}={amount}&first={first}").text
    amounts = [Decimal(row[key]) for row in body["results"]]
    most = max(amounts) if side == "pay" else min(amounts)
    leads = said(app, lang, f"the {'most' if side == 'pay' else 'least'} in this list")
    for row in rows:
        head = part(html, row, "<h2>", '<div class="cost">')
        arrives = Reader(section(head, '<p class="arrives">', "</p>")).text
        assert (leads in arrives) == (Decimal(row[key]) == most)
        against = head.partition('<ul class="against"')[2]
        if row is rows[0]:
            assert not against
            continue
        assert rows[0]["provider_name"] in against.partition(">")[0]
        items = [Reader(item).text for item in re.findall(r"<li>(.*?)</li>", against, re.DOTALL)]
        gain = Decimal(row[key]) - Decimal(rows[0][key])
        gain = gain if side == "pay" else -gain
        assert items[0] == wanted_gain(app, lang, gain, side, write(lang, abs(gain), currency))
        assert items[1:] == wanted_speed(app, lang, row["speed"], rows[0]["speed"])
        assert "-" not in arrives + "".join(items).replace(row["provider_name"], "")
    honest = Reader(section(html, 'class="honest"', "</p>")).text
    assert write(lang, max(amounts) - min(amounts), currency) in honest


@languages
@questions
def test_each_firm_says_what_it_costs_in_fee_and_rate(
    client: FlaskClient, write: Write, lang: str, to: str, side: str, amount: str
) -> None:
    body, rows = best_rows(client, to, side, amount)
    html = client.get(f"/{lang}/send/nl/{to}?{side}={amount}").text
    for row in rows:
        sentence = Reader(part(html, row, '<div class="cost">', "</p>")).text
        cost = figures(body, row)
        wanted = [write(lang, abs(cost[key]), "EUR") for key in ("total", "fee", "margin")]
        shown = re.findall(r"€ ?[\d.,]*\d", sentence)
        assert sorted(shown) == sorted(wanted)
        assert shown[0] == wanted[0]
        if cost["total"] > 0:
            assert shown[1] == wanted[1]


def drawn_parts(cost: dict[str, Decimal]) -> dict[str, Decimal]:
    """A gain on the rate takes its part off the fee, so that a bar is as long as the cost."""
    gain = min(cost["margin"], Decimal(0))
    return {"fee": max(cost["fee"] + gain, Decimal(0)), "margin": max(cost["margin"], Decimal(0))}


@questions
def test_the_bars_have_one_scale_and_the_longest_is_full(
    client: FlaskClient, to: str, side: str, amount: str
) -> None:
    body, rows = best_rows(client, to, side, amount)
    html = client.get(f"/en/send/nl/{to}?{side}={amount}").text
    costs = [figures(body, row) for row in body["results"]]
    scale = max(sum(drawn_parts(cost).values()) for cost in costs)
    for row in rows:
        bar = part(html, row, '<svg class="bar"', "</svg>")
        drawn = dict(re.findall(r'class="bar__(fee|margin)"[^>]*? width="([\d.]+)%"', bar))
        cost = figures(body, row)
        for key, width in drawn_parts(cost).items():
            share = width / scale * 100
            assert abs(Decimal(drawn.get(key, "0")) - share) < Decimal("0.1")
        if "fee" in drawn and "margin" in drawn:
            assert f'x="{drawn["fee"]}%"' in bar


@languages
def test_each_price_carries_its_day_or_its_quarter(
    app: Flask, client: FlaskClient, lang: str
) -> None:
    seen = set()
    for to in ("sr", "ma", "tr", "gh"):
        html = client.get(f"/{lang}/send/nl/{to}?pay=200").text
        for row in best_rows(client, to, "pay", "200")[1]:
            day = date.fromisoformat(row["observed_at"])
            with app.test_request_context(f"/{lang}/"):
                exact, quarter = written_day(day), format_date(day, "QQQQ y", locale=locale())
            origin = Reader(part(html, row, '<p class="origin">', "</p>")).text
            assert exact in origin or quarter in origin
            assert exact in origin or (day.month, day.day) == (7, 1)
            seen.add(exact in origin)
    assert True in seen


@languages
@questions
def test_the_page_of_each_price_adds_up_line_by_line(
    app: Flask, client: FlaskClient, write: Write, lang: str, to: str, side: str, amount: str
) -> None:
    body, rows = best_rows(client, to, side, amount)
    html = client.get(f"/{lang}/send/nl/{to}?{side}={amount}").text
    for row in rows:
        links = Reader(part(html, row, '<div class="folds">', "\n</li>")).links
        page = client.get([link for link in links if "/price/" in link][-1]).text
        cost = figures(body, row)
        table = section(page, '<table class="sum">', "</table>")
        cells = [Reader(cell).text for cell in re.findall(r'<td class="num">(.*?)</td>', table)]
        sent = cost["paid"] - cost["fee"]
        wanted = [write(lang, value, "EUR") for value in (cost["paid"], cost["fee"], sent)]
        assert cells[:3] == wanted
        assert cells[4] == write(lang, cost["received"], body["corridor"]["receive_currency"])
        costs = section(page.partition(table)[2], '<table class="sum">', "</table>")
        cells = [Reader(cell).text for cell in re.findall(r'<td class="num">(.*?)</td>', costs)]
        assert cells[::2] == [write(lang, cost[key], "EUR") for key in ("fee", "margin", "total")]
        with app.test_request_context(f"/{lang}/"):
            keys = ("fee_percent", "margin_percent", "total_cost_percent")
            percents = [plain(shown_percent(Decimal(row[key]))) for key in keys]
        assert cells[1::2] == percents
