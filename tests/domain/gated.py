"""What tests of the gates share: a reading of one service, and a collector that remembers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

from app.domain.corridor import Corridor
from app.domain.currencies import MINOR_DIGITS
from app.domain.gates import LIMITS, Before, Finding, HeldReading, Limits, Peers, check
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.quote import Derived, Observed, Origin, Price, Promotion, Quote
from tests.domain.strategies import MOROCCO, SERVICE

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SLOT = timedelta(minutes=15)
NOBODY = Peers()
TURKIYE = Corridor("NL", "EUR", "TR", "TRY")
GHANA = Corridor("NL", "EUR", "GH", "GHS")
MID = MidRate(Decimal("10.75"), ("ecb",), datetime(2026, 11, 19, 15, tzinfo=UTC))


def mid_of(rate: str) -> MidRate:
    return replace(MID, rate=Decimal(rate))


def quoted(
    rate: str | Decimal,
    fee: str = "2.99",
    corridor: Corridor = MOROCCO,
    promotion: Promotion | None = None,
) -> Quote:
    """Of 200 euro paid; what arrives follows, rounded down."""
    receive = corridor.receive_currency
    sent, exact = Decimal(200) - Decimal(fee), Decimal(rate)
    grain = Decimal(1).scaleb(-MINOR_DIGITS[receive])
    return Quote(
        service=replace(SERVICE, corridor=corridor),
        paid=Money(Decimal(200), "EUR"),
        fee=Money(Decimal(fee), "EUR"),
        received=Money(max((sent * exact).quantize(grain, ROUND_FLOOR), grain), receive),
        rate=exact,
        derived=frozenset({Derived.RECEIVED}),
        promotion=promotion,
    )


def passed(quote: Quote, mid: MidRate = MID, at: datetime = NOW - SLOT) -> Price:
    """The price that a reading became."""
    return Price(quote, "wise", Origin.LIVE, Observed(at), mid, "ab12", Decimal(200))


def last(rate: str, fee: str = "2.99", mid: str = "10.75", **others: object) -> Before:
    """The last price, and what else was before."""
    return Before(last=passed(quoted(rate, fee), mid_of(mid)), **others)  # type: ignore[arg-type]


def held(
    rate: str | Decimal,
    fee: str = "2.99",
    mid: str | Decimal = "10.75",
    minutes: int = 15,
    stated_at: datetime | None = None,
) -> HeldReading:
    """So many minutes ago."""
    at = NOW - timedelta(minutes=minutes)
    return HeldReading(Decimal(rate), Money(Decimal(fee), "EUR"), Decimal(mid), at, stated_at)


def look(
    quote: Quote,
    mid: MidRate = MID,
    before: Before | None = None,
    peers: Peers = NOBODY,
    stated_at: datetime | None = None,
    limits: Limits = LIMITS,
    origin: Origin = Origin.LIVE,
) -> list[Finding]:
    return check(quote, mid, before or Before(), peers, stated_at, NOW, limits, origin)


def gates(findings: Iterable[Finding]) -> list[str]:
    """Those that hold, by name; one that only speaks has a question mark."""
    return [one.gate.value + ("" if one.holds else "?") for one in findings]


@dataclass(slots=True)
class Collector:
    """Reads one service again and again and remembers what the gates need, as collecting does."""

    last: Price | None = None
    held: tuple[HeldReading, ...] = ()
    stated_at: datetime | None = None
    said: object = None
    alike: int = 0
    alike_mid: Decimal | None = None

    def read(
        self,
        quote: Quote,
        mid: MidRate,
        now: datetime,
        stated_at: datetime | None = None,
        said: object = None,
        peers: Peers = NOBODY,
    ) -> list[Finding]:
        """`said` is what the reply said, word for word; alike if it is equal to the one before."""
        same = stated_at if stated_at is not None else said
        if same is None or same != self.said:
            self.said, self.alike, self.alike_mid = same, 0, mid.rate
        self.alike += 1
        before = Before(self.last, self.held, self.stated_at, self.alike, self.alike_mid)
        findings = check(quote, mid, before, peers, stated_at, now)
        if any(one.holds for one in findings):
            self.held += (HeldReading(quote.rate, quote.fee, mid.rate, now, stated_at),)
        else:
            self.last, self.held = passed(quote, mid, stated_at or now), ()
            self.stated_at = stated_at or self.stated_at
        return findings
