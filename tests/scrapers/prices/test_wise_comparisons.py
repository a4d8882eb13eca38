"""What Wise says of others: one row per firm, for our countries, never Wise's own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from app.domain.provider import ProviderKind
from app.domain.quote import IncoherentQuote, Origin
from scrapers.contract import Ask, Firm, NotOffered, Offer, Trouble, Unreadable
from scrapers.prices import wise_comparisons as source
from tests.lab.direct import DirectHttp
from tests.lab.world import World
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up, ways

MOROCCO = Ask(Corridor("NL", "EUR", "MA", "MAD"), Decimal(500))
PHILIPPINES = Ask(Corridor("NL", "EUR", "PH", "PHP"), Decimal(1000))


def recorded() -> DirectHttp:
    return DirectHttp(World(MIDS, recorded=True))


def spoiled(old: str, new: str, ask: Ask = MOROCCO) -> list[Offer]:
    return source.fetch(Spoiled(recorded(), old, new), ask)


def facts(offer: Offer) -> tuple[str, ...]:
    """Provider, paid, fee, received and rate."""
    quote = offer.quote
    amounts = (quote.paid, quote.fee, quote.received)
    return (quote.service.provider, *(str(one.amount) for one in amounts), str(quote.rate))


def test_a_source_of_others() -> None:
    assert (source.SLUG, source.PROVIDER, source.VIA) == ("wise_comparisons", "", "wise")
    assert source.ORIGIN is Origin.LIVE


def test_the_recorded_reply_to_morocco() -> None:
    http = recorded()
    offers = source.fetch(http, MOROCCO)
    assert [facts(offer) for offer in offers] == [
        ("remitly", "500", "0.49", "5251.85", "10.5139992003"),
        ("western-union", "500", "0.99", "5288.76", "10.5985007995"),
        ("world-remit", "500", "1.99", "5207.44", "10.4564999994"),
        ("xoom", "500", "1.49", "5179.27", "10.3894999998"),
        ("abn-amro-bank", "500", "11", "5212.34", "10.659189726"),
    ]
    assert [offer.firm for offer in offers] == [
        Firm("Remitly", ProviderKind.MTO),
        Firm("Western Union", ProviderKind.MTO),
        Firm("WorldRemit", ProviderKind.MTO),
        Firm("Xoom", ProviderKind.MTO),
        Firm("ABN AMRO Bank", ProviderKind.BANK),
    ]
    assert [offer.stated_at for offer in offers] == [
        datetime(2026, 11, 19, 8, 41, 26, 71437, tzinfo=UTC),
        datetime(2026, 11, 19, 8, 44, 2, 553120, tzinfo=UTC),
        datetime(2026, 11, 19, 8, 39, 45, 285840, tzinfo=UTC),
        datetime(2026, 11, 19, 8, 46, 31, 824520, tzinfo=UTC),
        datetime(2026, 11, 18, 14, 5, 46, 311071, tzinfo=UTC),
    ]
    for offer in offers:
        quote = offer.quote
        assert ways(quote.service) == ("bank_account_transfer", "internet", "bank_account")
        assert (quote.service.pay_in, quote.service.speed) == ("", None)
        assert quote.promotion is None
        assert not quote.derived
        assert quote.slack == 0
        assert adds_up(quote)
    assert len(http.asked) == 1
    assert http.asked[0].query == {
        "sourceCurrency": "EUR",
        "targetCurrency": "MAD",
        "sourceCountry": "NL",
        "targetCountry": "MA",
        "sendAmount": "500",
        "includeWise": "true",
        "numberOfProviders": "50",
    }


def test_of_several_quotes_the_one_for_our_country() -> None:
    """The recorded reply says nothing of the sender's country, so every row must: Remitly's
    Dutch price, not its German or Austrian one, and nothing of a French bank."""
    offers = source.fetch(recorded(), PHILIPPINES)
    assert [facts(offer) for offer in offers] == [
        ("remitly", "1000", "0.99", "69373.04", "69.4417849759")
    ]
    german = Ask(Corridor("DE", "EUR", "PH", "PHP"), Decimal(1000))
    assert [facts(offer)[3] for offer in source.fetch(recorded(), german)] == ["69453.01"]
    french = Ask(Corridor("FR", "EUR", "PH", "PHP"), Decimal(1000))
    found = [facts(offer)[::3] for offer in source.fetch(recorded(), french)]
    assert found == [("bnp", "69380.7")]


def test_our_country_before_any_country() -> None:
    """The German price was made one for any country: the Dutch one still goes first, wherever it
    stands; without it the one for any country is taken."""
    offers = spoiled('"sourceCountry": "DE"', '"sourceCountry": null', PHILIPPINES)
    assert [facts(offer)[3] for offer in offers] == ["69373.04"]
    first = '"sourceCountry": "NL"', '"sourceCountry": null'
    last = Spoiled(recorded(), *first)
    swapped = Spoiled(last, '"sourceCountry": "AT"', '"sourceCountry": "NL"')
    assert facts(source.fetch(swapped, PHILIPPINES)[0])[3] == "69373.82"
    assert facts(source.fetch(last, PHILIPPINES)[0])[3] == "69373.04"


def test_never_the_price_to_another_country() -> None:
    ask = Ask(Corridor("NL", "EUR", "PH", "PHP"), Decimal(1000))
    with pytest.raises(NotOffered, match="no price of another firm on NL-PH"):
        source.fetch(Spoiled(recorded(), '"targetCountry": "PH"', '"targetCountry": "MY"'), ask)


def test_two_prices_for_the_same_country_are_a_contradiction() -> None:
    with pytest.raises(Unreadable, match=r"providers\[0\].quotes\[1\]: a second price") as error:
        spoiled('"sourceCountry": "DE"', '"sourceCountry": "NL"', PHILIPPINES)
    assert error.value.trouble is Trouble.CONTRADICTION


def test_an_empty_list_is_not_offered() -> None:
    suriname = Ask(Corridor("NL", "EUR", "SR", "SRD"), Decimal(100))
    with pytest.raises(NotOffered, match="no price of another firm on NL-SR"):
        source.fetch(recorded(), suriname)
    with pytest.raises(NotOffered):
        source.fetch(DirectHttp(World(MIDS)), suriname)


def test_a_firm_whose_fee_eats_the_amount_is_left_out() -> None:
    offers = spoiled('"fee": 11,', '"fee": 500,')
    assert "abn-amro-bank" not in [offer.quote.service.provider for offer in offers]
    assert len(offers) == 4


@pytest.mark.parametrize("written", ["500", "500.0", "500.00"])
def test_numbers_however_written(written: str) -> None:
    assert len(spoiled('"amount": 500', f'"amount": {written}')) == 5


def test_a_kind_that_we_do_not_know() -> None:
    offers = spoiled('"type": "bank"', '"type": "travelMoney"')
    assert offers[-1].firm == Firm("ABN AMRO Bank", ProviderKind.OTHER)


@pytest.mark.parametrize(("country", "currency"), PLACES)
@pytest.mark.parametrize("amount", ["40", "345.50"])
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    world = World(MIDS, now=datetime(2026, 11, 20, 12, tzinfo=UTC))
    ask = Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))
    offers = source.fetch(DirectHttp(world), ask)
    assert len(offers) == (5 if currency.startswith(country) else 3)  # two are for any country
    for offer in offers:
        assert adds_up(offer.quote)
        assert offer.quote.paid.amount == Decimal(amount)
        assert Decimal("0.96") < offer.quote.rate / world.mid(currency) < 1
        assert offer.stated_at == datetime(2026, 11, 20, 11, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "trouble", "says"),
    [
        ('"amount": 500', '"amount": 501', Trouble.CONTRADICTION, "reply.amount: asked for 500"),
        ('"SEND"', '"RECEIVE"', Trouble.CONTRADICTION, "reply.amountType: asked for SEND"),
        ('"MAD"', '"MKD"', Trouble.CONTRADICTION, "reply.targetCurrency: asked for MAD"),
        ('"MAD"', "null", Trouble.CONTRADICTION, "reply.targetCurrency: asked for MAD"),
        ('"EUR"', '"GBP"', Trouble.CONTRADICTION, "reply.sourceCurrency: asked for EUR"),
        (
            '"sourceCountry": "NL",\n  "sourceCurrency"',
            '"sourceCountry": "BE",\n  "sourceCurrency"',
            Trouble.CONTRADICTION,
            "reply.sourceCountry: asked for NL, answered for BE",
        ),
        (
            '"MA",\n  "targetCurrency"',
            '"MR",\n  "targetCurrency"',
            Trouble.CONTRADICTION,
            "reply.targetCountry: asked for MA, answered for MR",
        ),
        ('"alias": "xoom"', '"alias": "remitly"', Trouble.CONTRADICTION, "remitly is there twice"),
        ('"alias": "xoom"', '"alias": "<b>"', Trouble.SCHEMA, "providers[4].alias: '<b>'"),
        ('"alias": "xoom"', '"aka": "xoom"', Trouble.SCHEMA, "providers[4]: no field 'alias'"),
        ('"fee": 11', '"fee": "11"', Trouble.SCHEMA, "quotes[0].fee: should be a number"),
        ('"fee": 11', '"fee": null', Trouble.SCHEMA, "quotes[0].fee: should be a number"),
        ('"rate": 10.5139992003', '"rat": 1', Trouble.SCHEMA, "providers[1].quotes[0]: no field"),
        ('"rate": 10.5139992003', '"rate": NaN', Trouble.NOT_JSON, "NaN is no number"),
        ('"rate": 10.5139992003', '"rate": 1e1', Trouble.NOT_JSON, "1e1 has an exponent"),
        ('"fee": 11', '"fee": 1, "fee": 11', Trouble.NOT_JSON, "'fee' is there twice"),
        ("5212.34", '"5212.34"', Trouble.SCHEMA, "receivedAmount: should be a number"),
        ("18T14:05:46.311071Z", "18", Trouble.SCHEMA, "dateCollected: should be a time with its"),
        ('"2026-11-18T14:05:46.311071Z"', "null", Trouble.SCHEMA, "dateCollected: should be a te"),
        ('"name": "Xoom"', '"name": 7', Trouble.SCHEMA, "providers[4].name: should be a text"),
        ('"sourceCountry": null', '"sourceCountry": 1', Trouble.SCHEMA, "sourceCountry: should be"),
        ('"providers": [', '"providers": 7, "were": [', Trouble.SCHEMA, "reply.providers: should"),
    ],
)
def test_what_cannot_be_read(old: str, new: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        spoiled(old, new)
    assert error.value.trouble is trouble
    assert says in str(error.value)


@BODIES
def test_bodies_that_make_no_sense(body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as error:
        spoiled("", body)
    assert error.value.trouble is trouble


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"receivedAmount": 5251.85', '"receivedAmount": 5252.97'),
        ('"fee": 0.49', '"fee": -0.49'),
        ('"rate": 10.5139992003', '"rate": 0'),
    ],
)
def test_numbers_that_do_not_add_up(old: str, new: str) -> None:
    with pytest.raises(IncoherentQuote):
        spoiled(old, new)


def test_errors_of_wise() -> None:
    zambia = Ask(Corridor("NL", "EUR", "ZM", "ZMW"), Decimal(100))
    with pytest.raises(NotOffered, match="Currency is not supported"):
        source.fetch(DirectHttp(World(MIDS)), zambia)
    said = '{"errors": [{"code": "x", "message": "Too many providers", "path": "numberOf"}]}'
    with pytest.raises(Unreadable, match="status 400, Too many providers"):
        source.fetch(Spoiled(recorded(), "", said, status=400), MOROCCO)


@pytest.mark.parametrize(
    "asked",
    [
        {"targetCurrency": "MAD", "sendAmount": "500"},
        {"sourceCurrency": "EUR", "targetCurrency": "MAD"},
        {"sourceCurrency": "EUR", "targetCurrency": "MAD", "sendAmount": "five"},
        {"sourceCurrency": "EUR", "targetCurrency": "MAD", "sendAmount": "500", "send": "1"},
    ],
)
def test_a_strict_lab(asked: dict[str, str]) -> None:
    reply = recorded().get(source.URL, params=asked, also=(400,))
    assert reply.status == 400
    assert b'"errors"' in reply.body
