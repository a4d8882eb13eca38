"""Published price lists, kept as files in scrapers/tariffs/. See docs/tariffs.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from app.domain.fees import BadSchedule, FeeSchedule, FeeTier
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Speed
from app.domain.tariff import ChargeOption, FeeModel, Tariff, TariffService
from scrapers.contract import Unreadable
from scrapers.toml_table import Table

FOLDER = Path(__file__).parent / "tariffs"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_PAY_IN = 30

PERCENT = Decimal(100)

ABOUT = (
    "provider",
    "page",
    "valid_from",
    "valid_until",
    "checked_on",
    "checked_by",
    "send_country",
    "send_currency",
    "service",
)
SERVICE = (
    "name",
    "to",
    "receive_currency",
    "payment_instruments",
    "access_points",
    "pickup_methods",
    "pay_in",
    "speed",
    "charges",
    "fee",
    "lowest",
    "highest",
    "tier",
    "margin",
    "margin_page",
)
TIER = ("starts_at", "fixed", "percent", "minimum", "maximum")


def read_tariffs(folder: Path, today: date) -> Iterator[Tariff | Unreadable]:
    """Every price list in a folder, by name; for one that cannot be used, the reason. A name
    that ends in anything but .toml is no price list."""
    for path in sorted(folder.glob("*.toml")):
        try:
            yield read_tariff(path, today)
        except Unreadable as error:
            yield error


def read_tariff(path: Path, today: date) -> Tariff:
    """Raises Unreadable, naming file, service and field and saying what to do."""
    try:
        body = path.read_bytes()
        found = tomllib.loads(body.decode("utf-8"), parse_float=_plain)
    except OSError as error:
        raise Unreadable(f"{path.name}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        message = f"{path.name}: not TOML in UTF-8 ({error}); mend the line that it names"
        raise Unreadable(message) from error
    table = Table(found, path.name)
    table.only(ABOUT)
    services = table.tables("service")
    tariff = Tariff(
        provider=_provider(table, path),
        page=_address(table, "page"),
        valid_from=table.day("valid_from"),
        valid_until=table.day("valid_until") if table.has("valid_until") else None,
        checked_on=table.day("checked_on"),
        checked_by=table.text("checked_by"),
        send_country=table.code("send_country", PAYOUT_CURRENCY),
        send_currency=table.code("send_currency", MINOR_DIGITS),
        services=tuple(_service(one, table.text("send_currency")) for one in services),
        evidence=body,
    )
    _check_days(tariff, table, today)
    _check_alike(tariff.services, services)
    return tariff


def _plain(number: str) -> Decimal:
    """Of 0.5, exactly. Raises ValueError for nan, inf and 1e3."""
    if not re.fullmatch(r"[+-]?[\d_]+\.[\d_]+", number, re.ASCII):
        raise ValueError(f"{number} is no plain number; write it like 1000 or 0.5")
    return Decimal(number)


def _provider(table: Table, path: Path) -> str:
    slug = table.text("provider")
    if slug != path.name.removesuffix(".toml") or not SLUG.fullmatch(slug):
        raise table.wrong("provider", f"is {slug!r}; name the file after it: {slug}.toml")
    return slug


def _address(table: Table, name: str) -> str:
    address = table.text(name)
    if not re.fullmatch(r"https?://\S+", address):
        raise table.wrong(name, f"is {address!r}; give the whole address, with https://")
    return address


def _service(table: Table, send_currency: str) -> TariffService:
    table = table.called(table.text("name"))
    table.only(SERVICE)
    charges = table.member("charges", ChargeOption)
    model = table.member("fee", FeeModel)
    if charges is ChargeOption.BEN and model is FeeModel.ON_TOP:
        raise table.wrong("fee", "is on_top, but BEN takes all costs out; write taken_out")
    currency = table.code("receive_currency", MINOR_DIGITS)
    return TariffService(
        name=table.text("name"),
        to=_to(table),
        receive_currency=currency,
        payment_instruments=table.members("payment_instruments", PaymentInstrument),
        access_points=table.members("access_points", AccessPoint),
        pickup_methods=table.members("pickup_methods", PickupMethod),
        schedule=_schedule(table),
        fee_model=model,
        charges=charges,
        margin=_margin(table, same=currency == send_currency),
        pay_in=_pay_in(table),
        speed=table.member("speed", Speed) if table.has("speed") else None,
    )


def _to(table: Table) -> frozenset[str] | None:
    if table.value("to") == "*":
        return None
    countries = table.texts("to")
    for country in countries:
        if country not in PAYOUT_CURRENCY:
            raise table.wrong("to", f'no country {country!r}; write codes like MA, or "*"')
    return frozenset(countries)


def _pay_in(table: Table) -> str:
    name = table.text("pay_in") if table.has("pay_in") else ""
    if len(name) > LONGEST_PAY_IN:
        raise table.wrong("pay_in", f"has more than {LONGEST_PAY_IN} signs; shorten it")
    return name


def _margin(table: Table, *, same: bool) -> Decimal | None:
    """None is unknown."""
    if same:
        if table.has("margin"):
            raise table.wrong("margin", "nothing is exchanged here; take the line out")
        return Decimal(0)
    if not table.has("margin"):
        if table.has("margin_page"):
            raise table.wrong("margin_page", "says where the margin stands; give margin too")
        return None
    _address(table, "margin_page")
    margin = table.number("margin")
    if margin >= PERCENT:
        raise table.wrong("margin", f"is {margin} percent; write 1.5 for one and a half percent")
    return margin


def _schedule(table: Table) -> FeeSchedule:
    tiers = tuple(_tier(tier) for tier in table.tables("tier"))
    try:
        return FeeSchedule(tiers, table.number("lowest"), table.number("highest"))
    except BadSchedule as error:
        message = f"{error}; put the tiers in order, with lowest and highest within them"
        raise table.wrong("tier", message) from error


def _tier(table: Table) -> FeeTier:
    table.only(TIER)
    if not (table.has("fixed") or table.has("percent")):
        raise table.wrong("fixed", "and percent are missing; write fixed = 0 if it is free")
    figures = {name: table.number(name) for name in TIER[1:] if table.has(name)}
    if figures.get("percent", 0) >= PERCENT:
        raise table.wrong("percent", f"is {figures['percent']}; write 0.5 for half a percent")
    try:
        return FeeTier(starts_at=table.number("starts_at"), **figures)
    except BadSchedule as error:
        raise table.wrong("maximum", f"{error}; look at minimum and maximum again") from error


def _check_days(tariff: Tariff, table: Table, today: date) -> None:
    if tariff.checked_on > today:
        raise table.wrong("checked_on", f"{tariff.checked_on} is yet to come; write the day")
    if tariff.valid_until is not None and tariff.valid_until < tariff.valid_from:
        raise table.wrong("valid_until", "is before valid_from; swap them")


def _check_alike(services: tuple[TariffService, ...], tables: list[Table]) -> None:
    """That no two services are the same one to a reader."""
    for place, (service, table) in enumerate(zip(services, tables, strict=True)):
        for earlier in services[:place]:
            if service.name == earlier.name:
                raise table.called(service.name).wrong("name", "is there twice; change one")
            if _same(service, earlier):
                message = f"differs in nothing but its price from {earlier.name!r}; name the two"
                raise table.called(service.name).wrong("pay_in", message)


def _same(one: TariffService, other: TariffService) -> bool:
    both_reached = one.to is None or other.to is None or one.to & other.to
    return bool(both_reached) and _facts(one) == _facts(other)


def _facts(one: TariffService) -> tuple[object, ...]:
    ways = (one.payment_instruments, one.access_points, one.pickup_methods)
    return (one.receive_currency, one.title, *ways)
