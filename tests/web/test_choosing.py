"""Asking for a priority and for certain ways: the list, its address, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from app.domain.service import PaymentInstrument, Speed
from tests.db.made import NOON, SERVICE, price, save
from tests.web.browsing import opened
from tests.web.living import EXACT, Living, living, text
from tests.web.reading import Reader, plain

LIST = "/en/send/nl/ma?pay=200"
CASH = "by=receive.cash"


def firms(html: str) -> list[str]:
    return re.findall(r'<li class="result[^"]*" id="([^"]+)"', html)


def test_nothing_is_chosen_on_a_first_visit(client: FlaskClient) -> None:
    html = client.get(LIST).text
    assert 'aria-current="true"' not in html.partition('class="order"')[2].partition("</nav>")[0]
    assert "What matters most to you?" in html
    assert "Now sorted by what arrives." in html


@pytest.mark.parametrize("first", ["safe", "fast", "cheap"])
def test_a_priority_stands_in_the_address_and_stays(client: FlaskClient, first: str) -> None:
    html = client.get(f"{LIST}&first={first}&{CASH}").text
    links = [link for link in Reader(html).links if link.startswith("/en/send/nl/ma?")]
    assert all(CASH in link for link in links if "first=" in link and f"first={first}" not in link)
    assert Reader(html).fields["first"] == first, "asking anew keeps it"
    asked = client.get(f"/en/send?amount=345&from=NL&to=MA&side=pay&first={first}&{CASH}")
    assert asked.location.endswith(f"/en/send/nl/ma?pay=345&first={first}&{CASH}")


def test_a_choice_that_is_none_is_dropped_as_the_question_is_asked_anew(
    client: FlaskClient,
) -> None:
    asked = client.get("/en/send?amount=345&from=NL&to=MA&side=pay&first=dear&by=pay.gold")
    assert asked.location.endswith("/en/send/nl/ma?pay=345")


def test_only_ways_that_fit_are_shown_and_each_choice_can_be_taken_back(
    client: FlaskClient,
) -> None:
    whole = client.get(LIST).text
    some = client.get(f"{LIST}&{CASH}").text
    assert 0 < len(firms(some)) < len(firms(whole))
    assert set(firms(some)) < set(firms(whole))
    chips = some.partition('class="chips"')[2].partition("</ul>")[0]
    assert "How they receive it: cash in hand" in plain(chips)
    assert LIST in Reader(chips).links
    rows = some.partition('class="results"')[2]
    assert (
        "on a bank account"
        not in rows.replace("Cheaper with the same firm", "").split('class="folds"')[0]
    )


def test_a_count_is_what_the_list_has_when_it_is_chosen(client: FlaskClient) -> None:
    html = client.get(LIST).text
    offered = re.findall(r'value="(\w+\.\w+)"> <span>[^<]+<span class="num soft">(\d+)', html)
    assert len(offered) > 8
    for choice, count in offered:
        aspect = choice.partition(".")[0]
        shown = client.get(f"{LIST}&by={choice}").text
        ways = int(re.search(r"We know (\d+) ways? of", plain(Reader(shown).text))[1])  # type: ignore[index]
        group = html.partition(f'value="{choice}"')[2].partition("</fieldset>")[0]
        unknown = re.search(r"Of (\d+) ways? we do not know", plain(group))
        assert ways == int(count) + (int(unknown[1]) if unknown else 0), (choice, aspect)


def test_an_empty_list_says_what_hides_the_others(client: FlaskClient) -> None:
    html = client.get(f"{LIST}&by=pay.mobile_money&by=kind.post_office").text
    assert "None of the 25 ways that we know fits what you chose." in plain(Reader(html).text)
    assert LIST in Reader(html).links
    assert firms(html) == []


@pytest.mark.parametrize("by", ["gold", "pay.gold", "pay.cash<script>", "speed.", "x" * 300])
def test_an_unknown_choice_is_told(client: FlaskClient, by: str) -> None:
    response = client.get("/en/send/nl/ma", query_string={"pay": "200", "by": by})
    assert response.status_code == 422
    assert "We do not know one of the choices in this address." in plain(Reader(response.text).text)


def test_many_choices_do_no_harm(client: FlaskClient) -> None:
    html = client.get(LIST + "&by=pay.cash" * 500 + "&by=").text
    assert html.count("You pay by: cash") == 1


@pytest.fixture
def site_of_two(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        slow = replace(SERVICE, speed=Speed.TWO_DAYS)
        card = replace(
            SERVICE, payment_instruments=(PaymentInstrument.CREDIT_CARD,), speed=Speed.SAME_DAY
        )
        quick = replace(SERVICE, provider="beta", speed=Speed.LESS_THAN_ONE_HOUR)
        save(made.database, price(slow, fee="3.10"), price(card, fee="5.10", rung="198"))
        save(made.database, price(quick, fee="4.10", rung="199"))
        yield made


def test_each_row_says_what_choosing_it_costs(site_of_two: Living) -> None:
    cheap = text(site_of_two, f"{EXACT}&first=cheap")
    assert "the most in this list" in cheap
    assert re.search(r"Beta.*MAD [\d.]+ less arrives ?2 days sooner", cheap)
    fast = text(site_of_two, f"{EXACT}&first=fast")
    assert re.search(r"Beta.*Alpha.*less arrives ?later", fast)


def test_a_cheaper_way_of_the_same_firm_is_told(site_of_two: Living) -> None:
    assert "Cheaper with the same firm" not in text(site_of_two, f"{EXACT}&first=cheap")
    fast = text(site_of_two, f"{EXACT}&first=fast")
    assert re.search(r"Cheaper with the same firm: bank transfer.*in 2 days \(MAD", fast)
    chosen = text(site_of_two, f"{EXACT}&by=pay.credit_card")
    assert "Cheaper with the same firm: bank transfer" in chosen


def test_an_older_price_is_weighed_against_none(site_of_two: Living) -> None:
    gamma = price(replace(SERVICE, provider="beta", variant=2), at=NOON - timedelta(hours=5))
    save(site_of_two.database, gamma)
    html = site_of_two.client.get(f"/en{EXACT}").text
    older = html.partition('id="older"')[2]
    assert 'class="against"' not in older


def test_a_new_answer_comes_without_a_new_page(browser: Browser, site: str) -> None:
    with opened(browser) as (page, watch):
        page.goto(site + LIST)
        page.evaluate("window.stayed = true")
        page.get_by_role("link", name="Fast").click()
        page.wait_for_url("**first=fast")
        with page.expect_response("**/send/nl/ma?pay=345**"):
            page.get_by_label("Amount").fill("345")
        page.wait_for_url("**pay=345&first=fast")
        assert "€345" in page.locator("h1").inner_text()
        assert "€345" in page.title()
        assert page.evaluate("document.activeElement.id") == "amount"
        assert "€345" in page.locator("#live").inner_text()
        page.locator(".filters summary").evaluate("one => one.parentElement.open = true")
        page.get_by_label("cash in hand").check()
        page.wait_for_url("**by=receive.cash")
        assert page.locator(".chips li").count() == 1
        language = page.locator('.langs a[hreflang="nl"]').get_attribute("href") or ""
        assert "pay=345" in language
        assert "by=receive.cash" in language
        assert page.evaluate("window.stayed") is True
        assert watch.errors == []


def test_half_an_amount_changes_nothing_until_it_is_asked(browser: Browser, site: str) -> None:
    with opened(browser) as (page, _watch):
        page.goto(site + LIST)
        with page.expect_response("**/en/send?**"):
            page.get_by_label("Amount").fill("2,,")
        assert page.url.endswith(LIST)
        page.get_by_role("button", name="Compare").click()
        page.wait_for_selector("[role=alert]")


def test_without_a_script_every_link_and_form_works(browser: Browser, site: str) -> None:
    with opened(browser, java_script_enabled=False) as (page, _watch):
        page.goto(site + LIST)
        page.get_by_role("link", name="Safe").click()
        assert page.url.endswith("first=safe")
        page.locator(".filters summary").click(force=True)
        _choose_cash(page)
        assert page.url.endswith("by=receive.cash&by=") or "by=receive.cash" in page.url
        page.locator(".chips a").first.click()
        assert "by=" not in page.url


def _choose_cash(page: Page) -> None:
    page.get_by_label("cash in hand").check()
    page.locator(".filters button").click()
    page.wait_for_url("**by=receive.cash**")
