"""The receipt in a real browser: with scripts no amount leaves it, without them the form works,
and both say the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request

from app.domain.amount import BadAmount
from app.domain.currencies import MINOR_DIGITS
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.receipt import Receipt
from app.domain.survey import percent
from app.web.amounts import typed_amount
from app.web.calculate.forms import typed_rate
from app.web.calculate.shown import Checked, Outcome
from app.web.locale import LANGUAGES
from tests.web.browsing import opened, scrolls_sideways
from tests.web.reading import plain

PHONE = {"width": 360, "height": 740}
FIELDS = {"paid": "271.83", "fee": "3.47", "received": "14853.29", "day": "2026-10-30"}
DIGITS = ("271", "3.47", "3%2C47", "14853", "14.853", "347")
"""What would give an amount away, in an address or a body."""


def fill(page: Page, address: str, **fields: str) -> None:
    page.goto(address)
    page.select_option("#to", fields.pop("to", "TR"))
    page.select_option("#currency", fields.pop("currency", ""))
    for name, text in (FIELDS | fields).items():
        page.fill(f"#{name}", text)
    page.click("#receipt button")


def outcome(page: Page) -> str:
    page.wait_for_selector("#answer:not([hidden])")
    return plain(page.locator("#answer").inner_text())


class Wire:
    """Every request of a page, with all that it carries."""

    def __init__(self, page: Page) -> None:
        self.sent: list[Request] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.sent.append(request)

    def carried(self) -> list[str]:
        return [
            f"{one.method} {one.url} {one.headers} {one.post_data or ''}"
            for one in self.sent
            if any(digits in f"{one.url} {one.post_data or ''}" for digits in DIGITS)
        ]


def test_with_scripts_no_request_carries_an_amount(browser: Browser, site: str) -> None:
    with opened(browser, viewport=PHONE) as (page, watch):
        wire = Wire(page)
        fill(page, f"{site}/en/receipt")
        assert "Costs you" in outcome(page)
        page.wait_for_load_state("networkidle")
        told = [(one.url, one.post_data) for one in wire.sent if one.method != "GET"]
        assert told == [(f"{site}/count", "year")], "that somebody is here, and nothing else"
        asked = [one.url for one in wire.sent if "/api/" in one.url]
        assert asked == [f"{site}/api/v1/mid?from=EUR&to=TRY&on=2026-10-30"]
        assert wire.carried() == []
        assert all(url.startswith(site) for url in watch.requests)
        assert page.url == f"{site}/en/receipt"
        assert page.evaluate("document.activeElement.id") == "answer"
        kept = page.evaluate("[...Object.keys(localStorage), sessionStorage.length]")
        assert kept == ["month", 0]
        assert scrolls_sideways(page) == []
        assert watch.errors == []


def test_the_watch_on_the_wire_sees_an_amount(browser: Browser, site: str) -> None:
    with opened(browser, viewport=PHONE, java_script_enabled=False) as (page, _watch):
        wire = Wire(page)
        fill(page, f"{site}/en/receipt")
        outcome(page)
        assert len(wire.carried()) == 1


def test_with_and_without_scripts_the_same_is_said(browser: Browser, site: str) -> None:
    with (
        opened(browser, viewport=PHONE) as (able, watch),
        opened(browser, viewport=PHONE, java_script_enabled=False) as (unable, _watch),
    ):
        for lang in LANGUAGES:
            for page in (able, unable):
                fill(page, f"{site}/{lang}/receipt")
            assert outcome(able) == outcome(unable)
            assert able.url == f"{site}/{lang}/receipt"
            assert unable.url == f"{site}/{lang}/receipt#answer"
            assert able.locator("#stays").is_visible()
            assert unable.locator("#goes").is_visible()
        assert watch.errors == []


CASES: tuple[tuple[dict[str, str], str], ...] = (
    ({"fee": ""}, "fee and exchange rate together"),
    ({"received": "15200"}, "Gains you"),
    ({"received": "15100"}, "less €"),
    ({"received": "15200", "fee": ""}, "Gains you"),
    ({"received": "1500"}, "Check whether these amounts are right"),
    ({"received": "", "rate": "55.2"}, "TRY 14,813.47"),
    ({"day": "2023-12-30"}, "We do not know the mid-market rate of that day"),
    ({"to": "SN", "received": "170000"}, "655.957"),
    ({"to": "SR", "received": "290", "currency": "USD"}, "US$290.00"),
    ({"to": "JP", "received": "47000"}, "JP¥47,000"),
    ({"paid": "9", "fee": "1", "received": "450"}, "Costs you"),
)


def test_each_outcome_is_the_same_on_both_sides(browser: Browser, site: str) -> None:
    with (
        opened(browser, viewport=PHONE) as (able, _able),
        opened(browser, viewport=PHONE, java_script_enabled=False) as (unable, _unable),
    ):
        for fields, says in CASES:
            for page in (able, unable):
                fill(page, f"{site}/en/receipt", **fields)
            assert says in outcome(able)
            assert outcome(able) == outcome(unable)
            links = [
                page.locator("#answer a").last.get_attribute("href")
                for page in (able, unable)
                if page.locator("#answer a").count()
            ]
            assert len(set(links)) < 2


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("paid", "a", "Write the amount in figures"),
        ("paid", "", "Fill in an amount."),
        ("fee", "271.83", "The fee must be less than what you paid in all."),
        ("received", "", "Fill in what arrived, or the exchange rate and the fee."),
        ("rate", "x", "Write the amount in figures"),
        ("day", "2099-01-01", "This day is still to come."),
    ],
)
def test_what_is_wrong_is_said_without_asking_the_server_for_the_amounts(
    browser: Browser, site: str, field: str, text: str, says: str
) -> None:
    with opened(browser, viewport=PHONE) as (page, _watch):
        wire = Wire(page)
        fill(page, f"{site}/en/receipt", **{field: text})
        page.wait_for_selector(f"#{field}[aria-invalid=true]")
        assert says in page.locator(f"#{field}-error").inner_text()
        assert f"{field}-error" in str(page.get_attribute(f"#{field}", "aria-describedby"))
        assert page.evaluate("document.activeElement.id") == field
        assert wire.carried() == []
        page.fill(f"#{field}", FIELDS.get(field, ""))
        page.click("#receipt button")
        assert "Costs you" in outcome(page)
        assert page.locator("[aria-invalid]").count() == 0


def test_without_a_rate_source_the_amounts_still_stay(browser: Browser, site: str) -> None:
    with opened(browser, viewport=PHONE) as (page, _watch):
        wire = Wire(page)
        page.route("**/api/v1/mid*", lambda route: route.abort())
        fill(page, f"{site}/en/receipt")
        assert "We cannot answer this request" in outcome(page)
        assert wire.carried() == []


def test_a_browser_that_lacks_something_posts_the_form(browser: Browser, site: str) -> None:
    with opened(browser, viewport=PHONE) as (page, _watch):
        page.add_init_script("delete window.BigInt")
        fill(page, f"{site}/en/receipt")
        assert page.url.endswith("#answer")
        assert "Costs you" in outcome(page)


# ---- the sum and the reading, many times over ----


def cases() -> list[dict[str, Any]]:
    dice = random.Random(20261120)  # noqa: S311
    made = []
    for _case in range(1_500):
        paid = Decimal(dice.randint(1, 10 ** dice.randint(3, 8))).scaleb(-2)
        mid = Decimal(dice.randint(1, 10**12)).scaleb(-dice.randint(2, 11))
        mid = round(mid, 11 - mid.adjusted()).normalize()
        fee = None if dice.random() < 0.2 else round(paid * dice.randint(0, 99) / 200, 2)
        if fee is not None and fee >= paid:
            fee = Decimal(0)
        share = Decimal(dice.choice([dice.randint(900, 1100), dice.randint(300, 1700), 1000]))
        currency = dice.choice(["TRY", "MAD", "XOF", "JPY", "TND"])
        worth = (paid - (fee or 0)) * mid * share / 1000
        received = Money(worth, currency).rounded()
        if received.amount > 0:
            made.append({"paid": paid, "fee": fee, "mid": mid, "received": received})
    return made


def expected(case: dict[str, Any]) -> dict[str, str | None]:
    fee = case["fee"]
    receipt = Receipt(
        Money(case["paid"], "EUR"), case["received"], None if fee is None else Money(fee, "EUR")
    )
    found = Checked(
        receipt, datetime(2026, 11, 20, tzinfo=UTC).date(), MidRate(case["mid"], (), None)
    )
    said: dict[str, str | None] = {
        "outcome": found.outcome.value,
        "received": f"{case['received'].amount:f}",
    }
    if found.outcome is Outcome.IMPLAUSIBLE:
        return said
    cost = receipt.cost(case["mid"])
    return said | {
        "total": f"{cost.total.rounded().amount:f}",
        "percent": f"{percent(cost.total_percent):f}",
        "margin": f"{cost.margin.rounded().amount:f}",
        "margin_percent": f"{percent(cost.margin_percent):f}",
        "fee": None if fee is None else f"{cost.fee.rounded().amount:f}",
        "fee_percent": None if fee is None else f"{percent(cost.fee_percent):f}",
        "rate": f"{round(receipt.rate, 6):f}",
    }


def test_server_and_browser_agree_on_every_sum(browser: Browser, site: str) -> None:
    made = cases()
    asked = [
        {
            "paid": f"{case['paid']:f}",
            "fee": None if case["fee"] is None else f"{case['fee']:f}",
            "received": f"{case['received'].amount:f}",
            "mid": f"{case['mid']:f}",
            "sendDigits": 2,
            "receiveDigits": MINOR_DIGITS[case["received"].currency],
        }
        for case in made
    ]
    with opened(browser) as (page, _watch):
        page.goto(f"{site}/en/receipt")
        found = page.evaluate("cases => cases.map(one => receipt.sum(one))", asked)
    outcomes = set()
    for case, own in zip(made, found, strict=True):
        theirs = expected(case)
        outcomes.add(theirs["outcome"])
        assert {name: own[name] for name in theirs} == theirs, case
    assert len(outcomes) == 6


PIECES = (
    "1",
    "12",
    "200",
    "000",
    "1000",
    ".",
    ",",
    " ",
    "'",
    "\u00a0",
    "\u202f",
    "€",
    "eur",
    "-",
    "\u0665",
)
READ = (
    "200", "200.50", "200,5", "1.000", "1,000", "1.000,50", "1,000.50", "1 000", "1000,", "0.100",
    "€ 200", "200 euro", "200,-", "1.000,-", "1'000.50", "10.000.000", "1,00,000", "00", "0", "",
    "  7 ", "1e3", "\u0661\u0662", "1.0000", "1000.500", "1 0000", "1\u00a0000,25",
    "123456789012345", "\u06f1\u06f2\u066b\u06f5", "\u0661\u066c\u0660\u0660\u0660", "\u06611",
    "1\u066b5",
    "1234567890123456", "200€", "EUR200", ".5", "5.", "-5", "1..000", "1.,5", "0,0", "0.00",
)  # fmt: skip


def server_reads(text: str, currency: str) -> str | None:
    """None where it is refused."""
    try:
        return f"{typed_amount(text, currency).amount.normalize():f}"
    except BadAmount:
        return None


@pytest.mark.parametrize("lang", ["nl", "en", "fr", "pl", "fa"])
def test_server_and_browser_read_the_same_amounts(
    browser: Browser, site: str, app: Flask, lang: str
) -> None:
    dice = random.Random(lang)  # noqa: S311
    texts = [*READ, *("".join(dice.choices(PIECES, k=dice.randint(1, 5))) for _one in range(400))]
    with app.test_request_context(f"/{lang}/"):
        theirs = {
            (text, code): server_reads(text, code)
            for text in texts
            for code in ("EUR", "TRY", "JPY")
        }
    with opened(browser) as (page, _watch):
        page.goto(f"{site}/{lang}/receipt")
        asked = [[text, code, MINOR_DIGITS[code]] for text, code in theirs]
        found = page.evaluate("all => all.map(one => receipt.amount(...one).value || null)", asked)
    assert len([one for one in theirs.values() if one]) > 100
    for (key, mine), own in zip(theirs.items(), found, strict=True):
        assert (own and f"{Decimal(own).normalize():f}") == mine, key


def test_server_and_browser_read_the_same_rates(browser: Browser, site: str) -> None:
    texts = ["55.2", "55,2", " 1 ", "0", "0,0", "0.0001", "1.2.3", "1e3", "", "-1", "1234567890"]
    theirs = []
    for text in texts:
        try:
            theirs.append(f"{typed_rate(text).normalize():f}")
        except BadAmount:
            theirs.append("")
    with opened(browser) as (page, _watch):
        page.goto(f"{site}/en/receipt")
        found = page.evaluate("all => all.map(one => receipt.rateOf(one).value || '')", texts)
    assert [one and f"{Decimal(one).normalize():f}" for one in found] == theirs
