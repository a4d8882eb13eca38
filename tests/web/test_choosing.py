"""Asking for a priority and for certain ways: the list, its address, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect

from app.db.providers import add_provider
from app.domain.provider import Provider, ProviderKind
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
        ways = int(re.search(r"(\d+) of them fits? what you chose", Reader(shown).text)[1])  # type: ignore[index]
        group = html.partition(f'value="{choice}"')[2].partition("</fieldset>")[0]
        unknown = re.search(r"Of (\d+) ways? we do not know", plain(group))
        assert ways == int(count) + (int(unknown[1]) if unknown else 0), (choice, aspect)


def test_a_list_of_choices_does_not_pass_for_all_that_is_known(client: FlaskClient) -> None:
    address = "/en/send/nl/sr?pay=200&by=pay.credit_card&by=receive.bank_account"
    shown = Reader(client.get(address).text).text
    assert len(firms(client.get(address).text)) == 1
    assert re.search(r"We know 15 ways of 6 firms\. 1 of them fits what you chose\. \d+ fir", shown)
    assert "the only way that we know" not in shown
    assert "the most in this list" not in shown
    assert "Of the ways in this list, this is number 1 of 1." in shown
    assert "what you chose" not in Reader(client.get("/en/send/nl/sr?pay=200").text).text


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
    none = client.get(f"{LIST}{'&by=' * 50}&by=pay.cash").text
    assert "You pay by: cash" in none, "a choice of nothing takes the place of none"


def test_what_is_chosen_does_not_hide_what_else_can_be_chosen(client: FlaskClient) -> None:
    def offered(html: str) -> dict[str, str]:
        found = r'value="(receive\.\w+)"(?: checked)?> <span>[^<]+<span class="num soft">(\d+)'
        return dict(re.findall(found, html))

    whole, some = client.get(LIST).text, client.get(f"{LIST}&{CASH}").text
    assert len(offered(whole)) > 1
    assert offered(some) == offered(whole)


@pytest.mark.parametrize("asked", ["pay=200", "receive=2000"])
def test_every_way_on_from_a_list_leads_to_a_page(client: FlaskClient, asked: str) -> None:
    html = client.get(f"/en/send/nl/ma?{asked}").text
    links = Reader(html.partition('class="more"')[2].partition("</nav>")[0]).links
    assert len(links) > 4
    for link in links:
        assert client.get(link).status_code == 200, link


def test_no_price_in_one_currency_is_not_told_of_the_whole_country(client: FlaskClient) -> None:
    dollars = Reader(client.get("/en/send/nl/sr?pay=200&currency=USD").text)
    assert "no verified price for a payout in this currency (US dollars)" in dollars.text
    assert "no verified price to this country" not in dollars.text
    assert "/en/send/nl/sr?pay=200" in dollars.links
    nothing = Reader(client.get("/en/send/nl/ph?pay=200").text).text
    assert "no verified price to this country" in nothing


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
    old = replace(SERVICE, provider="gamma")
    with site_of_two.database.writing() as session:
        add_provider(session, Provider("gamma", "Gamma", ProviderKind.BANK), [])
    save(site_of_two.database, price(old, margin="0.001", at=NOON - timedelta(hours=5)))
    fresh, _mark, older = site_of_two.client.get(f"/en{EXACT}").text.partition('id="older"')
    assert fresh.count('class="against"') == 1
    assert 'id="gamma"' in older
    assert 'class="against"' not in older
    assert "older, so not compared" in older
    assert "more arrives" not in older


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


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[Page]:
    """A page that must not be left, whatever is asked of it, and that tells no error."""
    with opened(browser) as (page, watch):
        page.goto(address)
        page.evaluate("window.stayed = true")
        yield page
        assert page.evaluate("window.stayed") is True
        assert watch.errors == []


def hold_back(page: Page, address: str) -> list[Route]:
    """The first request to such an address, which waits to be let go."""
    held: list[Route] = []
    page.route(address, lambda route: route.continue_() if held else held.append(route))
    return held


def test_what_is_chosen_goes_together_with_what_was_typed_just_before(
    browser: Browser, site: str
) -> None:
    with watched(browser, f"{site}{LIST}") as page:
        late = hold_back(page, "**/en/send?**")
        page.get_by_label("Amount").fill("345")
        page.wait_for_selector("#answer[aria-busy]")
        page.get_by_role("link", name="Fast").click()
        late[0].continue_()
        page.wait_for_url("**/send/nl/ma?pay=345&first=fast")
        assert "€345" in page.locator("h1").inner_text()
        page.get_by_label("Amount").fill("300")
        page.get_by_label("cash in hand").check()
        page.wait_for_url("**/send/nl/ma?pay=300&first=fast&by=receive.cash")


def test_an_older_answer_never_takes_the_place_of_a_newer_one(browser: Browser, site: str) -> None:
    with watched(browser, f"{site}{LIST}") as page:
        late = hold_back(page, "**/en/send?**")
        page.get_by_role("link", name="Safe").click()
        page.wait_for_url("**first=safe")
        page.select_option("#to", "SR")
        page.wait_for_selector("#answer[aria-busy]")
        page.get_by_label("Amount").fill("345")
        page.wait_for_url("**/send/nl/sr?pay=345&first=safe")
        late[0].continue_()
        page.wait_for_load_state("networkidle")
        assert page.url.endswith("/send/nl/sr?pay=345&first=safe")
        assert "€345" in page.locator("h1").inner_text()
        assert page.locator("#answer").get_attribute("aria-busy") is None


def test_going_back_leads_through_what_was_asked_and_not_through_every_digit(
    browser: Browser, site: str
) -> None:
    with opened(browser) as (page, watch):
        page.goto(site + LIST)
        for amount in ("300", "320", "345"):
            page.get_by_label("Amount").fill(amount)
            page.wait_for_url(f"**?pay={amount}")
        page.get_by_role("link", name="Fast").click()
        page.wait_for_url("**?pay=345&first=fast")
        page.evaluate("window.stayed = true")
        page.locator("#answer a[href='#missing']").click()
        page.go_back()
        assert page.url.endswith("?pay=345&first=fast")
        assert page.evaluate("window.stayed") is True, "a place on the page is no other page"
        for address, amount in (("?pay=345", "345"), ("?pay=200", "200")):
            page.go_back()
            page.wait_for_url(f"**/send/nl/ma{address}")
            expect(page.locator("h1")).to_contain_text(f"€{amount}")
            expect(page.get_by_label("Amount")).to_have_value(amount)
        assert watch.errors == []


def test_another_country_takes_its_unit_and_its_links_along(browser: Browser, site: str) -> None:
    with watched(browser, f"{site}/en/send/nl/sr?receive=6000&by=receive.cash") as page:
        assert "Surinamese dollars" in page.locator("form.ask").inner_text()
        page.select_option("#to", "MA")
        page.wait_for_url("**/send/nl/ma?receive=6000&by=receive.cash")
        assert "Moroccan dirhams" in page.locator("form.ask").inner_text()
        own = page.locator("link[rel=canonical]").get_attribute("href") or ""
        assert "/en/send/nl/ma?" in own
        page.get_by_label("Amount").fill("900000")
        page.wait_for_url("**/send/nl/ma?receive=900000&by=receive.cash")
        assert page.locator(".result").count() == 0
        page.select_option("#to", "PH")
        page.wait_for_url("**/send/nl/ph?receive=900000&by=receive.cash")
        assert "Philippine pesos" in page.locator("form.ask").inner_text()


def test_a_currency_is_left_behind_with_its_country(browser: Browser, site: str) -> None:
    with watched(browser, f"{site}/en/send/nl/sr?pay=200&currency=USD") as page:
        page.get_by_label("Amount").fill("345")
        page.wait_for_url("**/send/nl/sr?pay=345&currency=USD")
        page.select_option("#to", "MA")
        page.wait_for_url("**/send/nl/ma?pay=345")
        page.select_option("#to", "SR")
        page.wait_for_url("**/send/nl/sr?pay=345")


def test_with_the_keyboard_one_stays_where_one_was_or_is_led_to_the_answer(
    browser: Browser, site: str
) -> None:
    def focused(page: Page) -> str:
        text: str = page.evaluate(
            "document.activeElement.closest('a, label, h1, #amount').innerText"
        )
        return plain(text)

    with watched(browser, f"{site}{LIST}&{CASH}&by=pay.cash") as page:
        page.get_by_role("link", name="Fast").press("Enter")
        page.wait_for_url("**first=fast**")
        assert focused(page) == "Fast"
        page.locator(".filters summary").press("Enter")
        page.get_by_label("in 2 days").press("Space")
        page.wait_for_url("**speed.two_days**")
        assert focused(page).startswith("in 2 days")
        assert page.locator(".filters details").get_attribute("open") is not None
        page.locator(".chips a").first.press("Enter")
        expect(page.locator(".chips li")).to_have_count(3)
        assert focused(page) == "What arrives in Morocco of €200"
        page.get_by_label("Amount").fill("345")
        page.get_by_label("Amount").press("Enter")
        page.wait_for_url("**pay=345**")
        assert focused(page) == "What arrives in Morocco of €345"


def test_half_an_amount_changes_nothing_until_it_is_asked(browser: Browser, site: str) -> None:
    with opened(browser) as (page, _watch):
        page.goto(site + LIST)
        page.evaluate("window.stayed = true")
        with page.expect_response("**/en/send?**"):
            page.get_by_label("Amount").fill("2,,")
        expect(page.locator("#answer[aria-busy]")).to_have_count(0)
        page.get_by_role("link", name="Fast").click()
        page.wait_for_url("**/send/nl/ma?pay=200&first=fast")
        assert page.evaluate("window.stayed") is True
        expect(page.get_by_label("Amount")).to_have_value("2,,")
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
