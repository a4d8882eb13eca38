"""What a checked receipt says: the figures that stand in its sentences, and the gaps that the
script fills in where the sum is made on the reader's own device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from app.domain.corridor import Corridor
from app.domain.midrate import MidRate
from app.domain.receipt import Receipt
from app.web.calculate.rates import named_sources
from app.web.locale import exactly, money, num, rate, shown_percent


class Outcome(StrEnum):
    """Which sentence answers a receipt."""

    COSTS = "costs"
    COSTS_LESS = "costs_less"
    GAINS = "gains"
    COSTS_WHOLE = "costs_whole"
    GAINS_WHOLE = "gains_whole"
    UNKNOWN = "unknown"
    IMPLAUSIBLE = "implausible"
    FAILED = "failed"


FIGURES = (
    "paid",
    "received",
    "fee",
    "fee_percent",
    "margin",
    "margin_percent",
    "margin_gain",
    "total",
    "total_gain",
    "percent",
    "percent_gain",
    "mid",
    "mid_exactly",
    "rate",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt against the mid rate of its day; `mid` is None where that is not known.
    `corridor` is that of the list for the same amount, None where there is no such list;
    `currency` is how its address says the one that is paid out."""

    receipt: Receipt
    day: date
    mid: MidRate | None
    corridor: Corridor | None = None
    currency: str | None = None

    @property
    def outcome(self) -> Outcome:
        if self.mid is None:
            return Outcome.UNKNOWN
        if not self.receipt.is_plausible(self.mid.rate):
            return Outcome.IMPLAUSIBLE
        cost = self.receipt.cost(self.mid.rate)
        loses = cost.total.amount >= 0
        if self.receipt.fee is None:
            return Outcome.COSTS_WHOLE if loses else Outcome.GAINS_WHOLE
        if cost.margin.amount >= 0:
            return Outcome.COSTS
        return Outcome.COSTS_LESS if loses else Outcome.GAINS

    @property
    def figures(self) -> dict[str, Markup]:
        """In words of the page's language; {} where there is no mid rate to make them with."""
        if self.mid is None:
            return {}
        cost = self.receipt.cost(self.mid.rate)
        paid, received = cost.paid.currency, cost.received.currency
        texts = {
            "paid": money(cost.paid),
            "received": money(cost.received),
            "fee": money(cost.fee),
            "fee_percent": shown_percent(cost.fee_percent),
            "margin": money(cost.margin),
            "margin_percent": shown_percent(cost.margin_percent),
            "margin_gain": money(-cost.margin),
            "total": money(cost.total),
            "total_gain": money(-cost.total),
            "percent": shown_percent(cost.total_percent),
            "percent_gain": shown_percent(-cost.total_percent),
            "mid": rate(self.mid.rate),
            "mid_exactly": f"1 {paid} = {exactly(self.mid.rate)} {received}",
            "rate": f"1 {paid} = {rate(self.receipt.rate)} {received}",
        }
        return {name: num(text) for name, text in texts.items()} | {
            "sources": named_sources(self.mid)
        }


def gaps() -> dict[str, Markup]:
    """The same, for the script to fill in."""
    gap = Markup('<span class="num" data-fill="{}"></span>')
    return {name: gap.format(name) for name in FIGURES} | {
        "sources": Markup('<span data-fill="sources"></span>')
    }
