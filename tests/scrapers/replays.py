"""Recorded and documented replies of price sources, and what a person read in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.corridor import Corridor
from scrapers.contract import Ask, NotOffered, Refused, SourceError, Unreadable

Row = tuple[str, str, str, str, str]
"""Of a price: its service, fee, rate, received, and the promotion beside it as rate, fee and
received, or ""."""


@dataclass(frozen=True, slots=True)
class Replay:
    """file    in tests/lab/examples
    asks    the price that is asked for; None for sources of another kind
    rows    every price that the reply holds
    rates   units per euro, for a source of mid rates
    raises  what it leads to in place of prices, with these words
    instead where the lab would say something else: what must be in the request (path, or body)
            for the file to be its answer
    fails   a path that is out of order, so that the file is asked for
    ours    where our request differs from the documented one: query, body or header, and what we
            send; None for nothing. "path" is the path itself. `why` says why
    """

    file: str
    slug: str
    asks: Ask | None = None
    rows: tuple[Row, ...] = ()
    rates: dict[str, str] = field(default_factory=dict)
    raises: type[SourceError] | None = None
    words: str = ""
    instead: str = ""
    fails: str = ""
    ours: dict[str, object] = field(default_factory=dict)
    why: str = ""


def _ask(to: str, currency: str, amount: str, send: str = "NL") -> Ask:
    return Ask(Corridor(send, "EUR", to, currency), Decimal(amount))


BANK, CARDS = "bank_account_transfer", "debit_card+credit_card"
MORE_FIRMS = "more firms than the example's 20; our countries, where it asked for any"
NO_BROWSER = "a browser sends these two; nobody found that they are needed"
SITE_HEADERS: dict[str, object] = {"origin": None, "referer": None}

PRICE_REPLAYS = (
    Replay(
        "wise_quotes_v3_nl_try_500.json",
        "wise",
        _ask("TR", "TRY", "500"),
        (
            (f"wise {BANK} bank_account", "7.21", "56.3021", "27745.11", ""),
            (f"wise {BANK} iDEAL bank_account", "8.23", "56.3021", "27687.68", ""),
            ("wise debit_card bank_account", "11.09", "56.3021", "27526.66", ""),
            ("wise credit_card bank_account", "14.06", "56.3021", "27359.44", ""),
        ),
    ),
    Replay(
        "wise_quotes_v3_error_422_currency.json",
        "wise",
        _ask("SR", "SRD", "100"),
        raises=NotOffered,
        words="wasn't a valid ISO-4217 currency",
        instead="/v3/quotes/",
        ours={"targetCurrency": "SRD"},
        why="ZZZ is no currency, and no question of ours",
    ),
    Replay(
        "wise_comparisons_v4_nl_mad_500.json",
        "wise_comparisons",
        _ask("MA", "MAD", "500"),
        (
            (f"remitly {BANK} bank_account", "0.49", "10.5139992003", "5251.85", ""),
            (f"western-union {BANK} bank_account", "0.99", "10.5985007995", "5288.76", ""),
            (f"world-remit {BANK} bank_account", "1.99", "10.4564999994", "5207.44", ""),
            (f"xoom {BANK} bank_account", "1.49", "10.3894999998", "5179.27", ""),
            (f"abn-amro-bank {BANK} bank_account", "11", "10.659189726", "5212.34", ""),
        ),
        ours={"numberOfProviders": "50", "providerCountry": None},
        why=MORE_FIRMS,
    ),
    Replay(
        "wise_comparisons_v4_eur_php_1000_multicountry.json",
        "wise_comparisons",
        _ask("PH", "PHP", "1000"),
        ((f"remitly {BANK} bank_account", "0.99", "69.4417849759", "69373.04", ""),),
        ours={
            "sourceCountry": "NL",
            "targetCountry": "PH",
            "includeWise": "true",
            "numberOfProviders": "50",
        },
        why=MORE_FIRMS,
    ),
    Replay(
        "wise_comparisons_v4_empty.json",
        "wise_comparisons",
        _ask("SR", "SRD", "100"),
        raises=NotOffered,
        words="Wise knows no price of another firm on NL-SR",
        ours={"targetCountry": "SR", "includeWise": "true", "numberOfProviders": "50"},
        why=MORE_FIRMS,
    ),
    Replay(
        "remitly_estimate_nl_ma_100_promo.json",
        "remitly",
        _ask("MA", "MAD", "100"),
        (
            ("remitly debit_card cash", "1.99", "10.54", "1054.00", "10.83 0 1083.00"),
            ("remitly debit_card bank_account", "0.49", "10.54", "1054.00", "10.83 0 1083.00"),
        ),
    ),
    Replay(
        "remitly_estimate_nl_ma_1500_promo_capped.json",
        "remitly",
        _ask("MA", "MAD", "1500"),
        (("remitly debit_card bank_account", "0.49", "10.54", "15810.00", "10.83 0 16100.00"),),
    ),
    Replay(
        "remitly_estimate_nl_tr_100_nopromo.json",
        "remitly",
        _ask("TR", "TRY", "100"),
        ((f"remitly {BANK} open banking", "1.99", "55.61", "5561.00", ""),),
    ),
    Replay(
        "remitly_error_not_allowed_200.json",
        "remitly",
        _ask("MA", "MAD", "100"),
        raises=Refused,
        words="NOT_ALLOWED: Not allowed",
        instead="/v3/calculator/estimate",
    ),
    Replay(
        "remitly_error_list_400.json",
        "remitly",
        _ask("IR", "IRR", "100"),
        raises=NotOffered,
        words="Invalid conduit",
        instead="/v3/calculator/estimate",
    ),
    Replay(
        "westernunion_catalog_nl_ma_100.json",
        "western_union",
        _ask("MA", "MAD", "100"),
        (
            (f"western-union {CARDS} cash", "2.9", "10.4423118", "1044.23", ""),
            (f"western-union {BANK} cash", "1.9", "10.401127", "1040.11", ""),
            ("western-union GP cash", "2.9", "10.4423118", "1044.23", ""),
            (f"western-union {CARDS} bank_account", "0.99", "10.5984713", "1059.85", ""),
            (f"western-union {BANK} bank_account", "0.99", "10.5984713", "1059.85", ""),
            ("western-union GP bank_account", "0.99", "10.5984713", "1059.85", ""),
        ),
    ),
    Replay(
        "westernunion_catalog_error_unsupported.json",
        "western_union",
        _ask("IR", "IRR", "100"),
        raises=NotOffered,
        words="MISSING PRICING SETUP",
        instead="/wuconnect/prices/catalog",
    ),
    Replay(
        "westernunion_akamai_403.html",
        "western_union",
        _ask("MA", "MAD", "100"),
        raises=Refused,
        words="Akamai wants to know whether we are people",
        instead="/wuconnect/prices/catalog",
    ),
    Replay(
        "transfergo_quotes_nl_tr_500.json",
        "transfergo",
        _ask("TR", "TRY", "500"),
        (
            (f"transfergo {BANK} bank_account", "0.99", "55.7421", "27815.87", ""),
            ("transfergo card bank_account", "2.99", "55.7421", "27704.38", ""),
        ),
    ),
    Replay(
        "transfergo_quotes_nl_ph_1000_promo.json",
        "transfergo",
        _ask("PH", "PHP", "1000"),
        raises=NotOffered,
        words="only the rate of a promotion is published",
    ),
    Replay(
        "transfergo_error_422_too_small.json",
        "transfergo",
        _ask("TR", "TRY", "0.1"),
        raises=NotOffered,
        words="tooSmallAmount, AMOUNT_IS_TOO_SMALL",
    ),
    Replay(
        "taptapsend_fxrates.json",
        "taptap_send",
        _ask("PK", "PKR", "100"),
        (("taptap-send", "0.99", "322.90", "32290.00", ""),),
    ),
    Replay(
        "taptapsend_error_400_bad_header.json",
        "taptap_send",
        _ask("PK", "PKR", "100"),
        raises=Unreadable,
        words="BAD_HEADER",
        instead="/api/fxRates",
    ),
    Replay(
        "sendwave_pricing_segments_fr_ma.json",
        "sendwave",
        _ask("MA", "MAD", "100", "FR"),
    ),
    Replay(
        "sendwave_pricing_fr_ma_100_promo.json",
        "sendwave",
        _ask("MA", "MAD", "100", "FR"),
        (("sendwave bank_account", "0", "10.65740", "1065.74", "10.87243 0 1087.24"),),
    ),
    Replay(
        "sendwave_pricing_be_ph_1000_fee.json",
        "sendwave",
        _ask("PH", "PHP", "1000", "BE"),
        (("sendwave bank_account", "0.99", "69.94960", "69949.60", ""),),
        ours={"segmentName": "ph_bank"},
        why="each way to be paid is asked for by its best segment",
    ),
    Replay(
        "sendwave_error_400_limit.json",
        "sendwave",
        _ask("MA", "MAD", "100", "FR"),
        raises=NotOffered,
        words="pricing-limit-violation",
        instead="/v2/pricing-public",
    ),
    Replay(
        "paysend_calculator_nl_ng_100.json",
        "paysend",
        _ask("NG", "NGN", "100"),
        (("paysend", "0", "1603.947", "160394.70", ""),),
    ),
    Replay(
        "paysend_calculator_nl_ma_100_fee.json",
        "paysend",
        _ask("MA", "MAD", "100"),
        raises=NotOffered,
        words="fee model not known: it asks 1.5",
    ),
    Replay(
        "instarem_payment_methods_de_inr.json",
        "instarem",
        _ask("IN", "INR", "1000"),
    ),
    Replay(
        "instarem_computed_value_nl_inr_1000.json",
        "instarem",
        _ask("IN", "INR", "1000"),
        ((f"instarem {BANK}", "5.5", "109.4617", "108859.66", "109.4617 0 109461.70"),),
    ),
    Replay(
        "instarem_computed_value_limit_message.json",
        "instarem",
        _ask("IN", "INR", "100000"),
        raises=NotOffered,
        words="Bank Transfer: Maximum amount per transaction exceeded",
    ),
    Replay(
        "worldremit_payoutmethods_nl_gh.json",
        "worldremit",
        _ask("GH", "GHS", "100"),
        ours=SITE_HEADERS
        | {
            "operationName": "payOutMethods",
            "variables": {"sendCountry": "NL", "receiveCountry": "GH", "receiveCurrency": "GHS"},
        },
        why=f"{NO_BROWSER}; what the example wrote into its query is in our variables",
    ),
    Replay(
        "worldremit_calculation_nl_gh_100.json",
        "worldremit",
        _ask("GH", "GHS", "100"),
        (
            (f"worldremit {BANK} iDEAL mobile_wallet", "0.99", "12.6437", "1264.37", ""),
            ("worldremit credit_card mobile_wallet", "2.99", "12.6437", "1264.37", ""),
        ),
        ours=SITE_HEADERS,
        why=NO_BROWSER,
    ),
    Replay(
        "worldremit_calculation_nl_gh_100_promo.json",
        "worldremit",
        _ask("GH", "GHS", "100"),
        raises=NotOffered,
        words="only the price of an offer is published",
        instead='"operationName":"createCalculation"',
        ours=SITE_HEADERS,
        why=NO_BROWSER,
    ),
    Replay(
        "worldremit_calculation_error.json",
        "worldremit",
        _ask("GH", "GHS", "9999"),
        raises=NotOffered,
        words="Amount is above the maximum",
        ours=SITE_HEADERS,
        why=NO_BROWSER,
    ),
    Replay(
        "worldremit_graphql_transport_error.json",
        "worldremit",
        _ask("IR", "IRR", "100"),
        raises=NotOffered,
        words="Corridor not supported",
        instead='"operationName":"payOutMethods"',
    ),
    Replay("ria_session_response.json", "ria", _ask("MA", "MAD", "100")),
    Replay(
        "ria_calculate_nl_ma_100.json",
        "ria",
        _ask("MA", "MAD", "100"),
        ((f"ria {BANK} bank_account", "0.49", "10.5361", "1053.61", "10.9949 0.49 1099.49"),),
    ),
    Replay(
        "ria_error_401.json",
        "ria",
        _ask("MA", "MAD", "100"),
        raises=Refused,
        words="status 401",
        instead="/MoneyTransferCalculator/Calculate",
    ),
)
