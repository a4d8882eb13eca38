"""Every recorded or documented reply, asked for by its own source through the real client: the
request is the documented one, what is read is what a person read, and it all stays as evidence."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.domain.licence import LicenceEntry
from app.domain.midrate import MidReading
from app.domain.quote import Derived, Quote, converted
from scrapers import LICENCES, PRICES, RATES
from scrapers.contract import TOKEN, Offer, SourceError, without_tokens
from scrapers.http import Asking
from scrapers.licences import eba
from tests.lab.server import Lab
from tests.lab.wire import EXAMPLES, LabReply, LabRequest, example
from tests.lab.world import World
from tests.scrapers.every_source import client, noon
from tests.scrapers.other_replays import NOT_ASKED, OTHER_REPLAYS
from tests.scrapers.replays import PRICE_REPLAYS, Replay, Row

ITEMS = {item["file"]: item for item in json.loads(example("INDEX.json"))["items"]}
REPLAYS = (*PRICE_REPLAYS, *OTHER_REPLAYS)
PRICE_SOURCES = {source.SLUG: source for source in PRICES}
RATE_SOURCES = {source.SLUG: source for source in RATES}
BUDGETS = {one.SLUG: one.BUDGET for one in PRICES} | {one.SLUG: one.BUDGET for one in RATES}
OUT_OF_ORDER = LabReply(b"Service Unavailable", 503, "text/plain")
PLACEHOLDERS = {"<uuid>": r"[0-9a-f-]{36}", "Bearer <session token>": r"Bearer \S+"}
TYPES = {"json": "application/json", "html": "text/html", "txt": "text/plain", "xml": "text/xml"}


class Replaying(Lab):
    """Answers with recorded replies, and with one of them where the lab has another answer."""

    replay: Replay

    def _good(self, request: LabRequest, world: World) -> LabReply:
        replay = self.replay
        if replay.fails and request.path == replay.fails:
            return OUT_OF_ORDER
        asked = f"{request.path} {request.body.decode()}"
        if request.path != "/robots.txt" and replay.instead and replay.instead in asked:
            kind = TYPES[replay.file.rpartition(".")[2]]
            return LabReply(example(replay.file), ITEMS[replay.file]["status"], kind)
        return super()._good(request, world)


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a replay: prices or mid rates, or an error; and what the lab was asked."""

    http: Asking
    requests: list[LabRequest]
    offers: list[Offer]
    readings: list[MidReading]
    error: SourceError | None


@pytest.fixture(scope="module")
def shared() -> Iterator[Replaying]:
    with Replaying(noon()) as lab:
        yield lab


_runs: dict[str, Run] = {}


def run(lab: Replaying, replay: Replay) -> Run:
    if replay.file not in _runs:
        lab.replay, lab.world = replay, replace(noon(), recorded=True)
        lab.clear()
        _runs[replay.file] = _run(lab, replay)
    return _runs[replay.file]


def _run(lab: Replaying, replay: Replay) -> Run:
    offers: list[Offer] = []
    readings: list[MidReading] = []
    failed = None
    with client(lab) as asking:
        http = asking.asking(replay.slug, BUDGETS[replay.slug])
        try:
            if replay.asks is None:
                readings = RATE_SOURCES[replay.slug].fetch(http)
            else:
                offers = PRICE_SOURCES[replay.slug].fetch(http, replay.asks)
        except SourceError as error:
            failed = error
    asked = [request for request in lab.requests if request.path != "/robots.txt"]
    return Run(http, asked, offers, readings, failed)


def named(replays: tuple[Replay, ...]) -> list[Any]:
    return [pytest.param(replay, id=replay.file) for replay in replays]


def test_every_item_is_replayed_or_it_is_said_why_not() -> None:
    replayed = [replay.file for replay in REPLAYS]
    assert len(replayed) == len(set(replayed))
    assert set(replayed).isdisjoint(NOT_ASKED)
    assert {*replayed, *NOT_ASKED} == set(ITEMS)


def test_every_source_has_an_item() -> None:
    assert {replay.slug for replay in PRICE_REPLAYS} == set(PRICE_SOURCES)
    assert {replay.slug for replay in OTHER_REPLAYS} == set(RATE_SOURCES)
    assert [one.SLUG for one in LICENCES] == [eba.SLUG]


@pytest.mark.parametrize("replay", named(REPLAYS))
def test_the_request_is_the_documented_one(shared: Replaying, replay: Replay) -> None:
    item = ITEMS[replay.file]
    parts = urlsplit(item["url"])
    path = str(replay.ours.get("path", parts.path))
    assert bool(replay.ours) == bool(replay.why)
    asked = [
        request
        for request in run(shared, replay).requests
        if (request.method, request.host, request.path) == (item["method"], parts.hostname, path)
    ]
    assert asked, f"nobody asked for {item['method']} {item['url']}"
    differences = [_differences(item, replay.ours, request) for request in asked]
    assert [] in differences, differences


def _differences(
    item: Mapping[str, Any], ours: Mapping[str, object], asked: LabRequest
) -> list[str]:
    """Between the documented request, as far as it is written out, and one of ours."""
    query = urlsplit(item["url"]).query
    found = []
    if "..." not in query:
        expected = _with_ours(dict(parse_qsl(query)), ours, asked.query)
        found += [] if asked.query == expected else [f"query {dict(asked.query)} not {expected}"]
    for name, value in item["request_headers"].items():
        sent = asked.headers.get(name.lower())
        if name.lower() in ours:
            found += [] if sent is None else [f"header {name} is sent"]
        elif not re.fullmatch(PLACEHOLDERS.get(value, re.escape(value)), sent or ""):
            found.append(f"header {name}: {sent} not {value}")
    if item["request_body"] is not None:
        documented = json.loads(json.dumps(item["request_body"]), parse_int=Decimal)
        body = asked.json()
        if ("query" in documented) != ("query" in body):
            found.append("one has a query in GraphQL")
        documented.pop("query", None)
        body.pop("query", None)
        expected = _with_ours(documented, ours, body)
        found += [] if body == expected else [f"body {body} not {expected}"]
    return found


def _with_ours(
    documented: dict[str, Any], ours: Mapping[str, object], sent: Mapping[str, object]
) -> dict[str, Any]:
    """`documented` with our own values in it, of those that belong here."""
    for name, value in ours.items():
        if value is None:
            documented.pop(name, None)
        elif name in sent or name in documented:
            documented[name] = value
    return documented


@pytest.mark.parametrize("replay", named(PRICE_REPLAYS))
def test_what_is_read_is_what_a_person_read(shared: Replaying, replay: Replay) -> None:
    done = run(shared, replay)
    body = example(replay.file)
    read = [_row(offer.quote) for offer in done.offers if offer.reply.body == body]
    assert read == [_plain(row) for row in replay.rows]
    if replay.raises is None:
        assert done.error is None
        assert done.offers
    else:
        assert type(done.error) is replay.raises
        assert replay.words in str(done.error)


@pytest.mark.parametrize("replay", named(PRICE_REPLAYS))
def test_the_arithmetic_holds(shared: Replaying, replay: Replay) -> None:
    """Within one minor unit of either currency; what is ours alone is exact but for its floor."""
    for offer in run(shared, replay).offers:
        quote = offer.quote
        off = abs(converted(quote.paid - quote.fee, quote.rate) - quote.received.amount)
        unit = quote.received.minor_unit
        if Derived.RECEIVED in quote.derived:
            assert off < unit
        else:
            assert off <= max(unit, quote.rate * quote.paid.minor_unit)
        if quote.promotion is not None:
            assert quote.promotion.received.amount > quote.received.amount


@pytest.mark.parametrize("replay", named(OTHER_REPLAYS))
def test_what_is_read_of_rates_is_what_a_person_read(shared: Replaying, replay: Replay) -> None:
    done = run(shared, replay)
    newest: dict[str, Decimal] = {}
    for one in sorted(done.readings, key=lambda one: one.observed_at):
        newest[one.currency] = one.rate
    assert {code: newest.get(code) for code in replay.rates} == {
        code: Decimal(rate) for code, rate in replay.rates.items()
    }
    assert type(done.error) is (replay.raises or type(None))
    assert replay.words in str(done.error)


@pytest.mark.parametrize("replay", named(REPLAYS))
def test_it_all_stays_as_evidence_without_a_token(shared: Replaying, replay: Replay) -> None:
    done = run(shared, replay)
    exchanges = done.http.exchanges
    bodies = [one.body for one in exchanges]
    assert without_tokens(example(replay.file)) in bodies
    assert done.http.requests == len(exchanges)
    hashes = {one.sha256 for one in exchanges}
    assert hashes == {hashlib.sha256(body).hexdigest() for body in bodies}
    assert {offer.reply.sha256 for offer in done.offers} <= hashes
    for one in exchanges:
        kept = [one.url, one.request_body, *one.headers.values(), *one.request_headers.values()]
        assert not TOKEN.search(b" ".join([one.body, *(text.encode() for text in kept)]))
        assert one.request_headers["user-agent"].startswith("HuiswaartsBot/")


def test_tokens_are_there_to_be_removed() -> None:
    tokens = [replay.file for replay in PRICE_REPLAYS if TOKEN.search(example(replay.file))]
    assert {"ria_session_response.json", "transfergo_quotes_nl_tr_500.json"} <= set(tokens)


def test_the_register(shared: Replaying, tmp_path: Path) -> None:
    """The archive is packed by the lab, so its sum and size are not the documented ones."""
    shared.replay, shared.world = REPLAYS[0], replace(noon(), recorded=True)
    shared.clear()
    with client(shared) as asking:
        http = asking.asking(eba.SLUG, eba.BUDGET)
        found = {one.code: one for one in eba.fetch(http, tmp_path, ())}
    metadata = ITEMS["eba_filemetadata.json"]
    place = json.loads(example("eba_filemetadata.json"))["latest_version_relative_zip_path"]
    asked = [(one.method, one.host, one.path) for one in shared.requests]
    parts = urlsplit(metadata["url"])
    assert asked[1:] == [
        (metadata["method"], parts.hostname, parts.path),
        ("GET", parts.hostname, f"/register/downloads/{place}"),
    ]
    assert {code: _facts(one) for code, one in found.items()} == {
        "NL_DNB!R000001": ("Example Remittance B.V.", "2019-04-01", "None", ["BE", "NL"]),
        "NL_DNB!R000002": ("Withdrawn Transfer B.V.", "2004-01-01", "2023-10-18", ["NL"]),
    }


def _facts(one: LicenceEntry) -> tuple[str, str, str, list[str]]:
    days = (str(one.authorised_on), str(one.withdrawn_on))
    return (one.names[0], *days, sorted(one.remits_in))


def _row(quote: Quote) -> tuple[str, list[Decimal], list[Decimal]]:
    service, offer = quote.service, quote.promotion
    words = ["+".join(service.payment_instruments), service.pay_in, *service.pickup_methods]
    name = " ".join(word for word in (service.provider, *words) if word)
    beside = [offer.rate, offer.fee.amount, offer.received.amount] if offer else []
    return name, [quote.fee.amount, quote.rate, quote.received.amount], beside


def _plain(row: Row) -> tuple[str, list[Decimal], list[Decimal]]:
    name, *figures, promotion = row
    return name, [Decimal(one) for one in figures], [Decimal(one) for one in promotion.split()]


def test_the_examples_are_all_listed() -> None:
    there = {path.name for path in EXAMPLES.iterdir()} - {"INDEX.json"}
    assert there <= set(ITEMS)
    assert {replay.file for replay in REPLAYS} <= there
