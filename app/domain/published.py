"""Figures as they are published: the API's and the commands' JSON, in exactly one place.

Amounts and rates are texts, so that nobody's parser makes them floats; percentages are of what
is paid, to two places, halves up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from app.domain.comparison import Comparison
from app.domain.indicators import Average, Indicators, joined
from app.domain.ladder import Answer
from app.domain.midrate import MidRate
from app.domain.money import EXACT, Money
from app.domain.provider import Provider
from app.domain.quote import Age
from app.domain.ranking import Ranked
from app.domain.reach import Reach
from app.domain.shopping import Accuracy
from app.domain.shopping_sample import Candidate, draw
from app.domain.survey import percent

Json = dict[str, object]


def amount(money: Money) -> str:
    """Rounded to the currency's minor unit."""
    return f"{money.rounded().amount:f}"


def number(value: Decimal) -> str:
    """A rate, without an exponent or needless zeros: alike whatever database it was kept in."""
    return f"{value.normalize(EXACT):f}"


def published_price(answer: Answer, provider: Provider, age: Age) -> Json:
    """One price, with the keys that the API promises."""
    price, service, cost = answer.base, answer.service, answer.cost
    return {
        "provider": provider.slug,
        "provider_name": provider.name,
        "provider_type": provider.kind.value,
        "service": price.service_id,
        "payment_instrument": joined(service.payment_instruments),
        "access_point": joined(service.access_points),
        "pickup_method": joined(service.pickup_methods),
        "pay_in": service.pay_in or None,
        "speed": service.speed.value if service.speed else "unknown",
        "coverage": service.coverage.value if service.coverage else "unknown",
        "paid": amount(answer.paid),
        "fee": amount(answer.fee),
        "rate": number(answer.rate),
        "received": amount(answer.received),
        "total_cost": amount(cost.total),
        "total_cost_percent": str(percent(cost.total_percent)),
        "fee_percent": str(percent(cost.fee_percent)),
        "margin_percent": str(percent(cost.margin_percent)),
        "exact": answer.exact,
        "origin": price.origin.value,
        "source": price.source,
        "via": price.via or None,
        "mid_rate": number(price.mid.rate),
        "observed_at": str(price.observed),
        "age": age.value,
        "promotion": _promotion(answer),
        "evidence": f"sha256:{price.evidence}",
    }


def _promotion(answer: Answer) -> Json | None:
    promotion = answer.promotion
    if promotion is None:
        return None
    return {
        "rate": number(promotion.rate),
        "fee": amount(promotion.fee),
        "received": amount(promotion.received),
        "terms": promotion.terms,
    }


@dataclass(frozen=True, slots=True)
class AskedSource:
    """One source in the ledger of a corridor.

    outcome   "answered", "held", "not_offered", "failed", "not_asked_yet" or "off"
    asked_at  aware UTC; None if it was not asked
    ways      how many services it has a price of
    why       in words, where there is none
    """

    source: str
    outcome: str
    asked_at: datetime | None
    ways: int
    why: str


def published_comparison(
    comparison: Comparison,
    mid: MidRate | None,
    asked: list[str],
    missing: dict[str, str],
    sources: Iterable[AskedSource] = (),
    reach: Reach | None = None,
) -> Json:
    """asked: sources that were asked or looked through; missing: provider -> why it has none."""
    question = comparison.question
    corridor = question.corridor
    return {
        "corridor": {
            "from": corridor.send_country,
            "send_currency": corridor.send_currency,
            "to": corridor.receive_country,
            "receive_currency": corridor.receive_currency,
        },
        "asked": {"pay" if question.pays else "receive": amount(question.asked)},
        "ranked_by": comparison.priority.value,
        "mid_rate": published_mid(mid) if mid else None,
        "results": [_ranked(result) for result in comparison.results],
        "coverage": {
            "asked": asked,
            "missing": [{"provider": slug, "why": why} for slug, why in missing.items()],
            "sources": [_asked(one) for one in sources],
            "state": reach.state.value if reach else None,
            "reason": reach.reason.value if reach and reach.reason else None,
        },
    }


def _ranked(result: Ranked) -> Json:
    return {"rank": result.rank, **published_price(result.answer, result.provider, result.age)}


def published_mid(mid: MidRate) -> Json:
    return {
        "rate": number(mid.rate),
        "sources": list(mid.sources),
        "observed_at": _moment(mid.observed_at),
    }


def _asked(one: AskedSource) -> Json:
    return {
        "source": one.source,
        "outcome": one.outcome,
        "asked_at": _moment(one.asked_at),
        "services": one.ways,
        "why": one.why or None,
    }


def _moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def published_indicators(send_country: str, period: str, found: Indicators) -> Json:
    """The World Bank's conventions: percent of the amount sent, at about USD 200 and 500."""
    return {
        "from": send_country,
        "period": period,
        "services": found.country.services,
        "firms": found.country.firms,
        "average": _means(found.country),
        "by_firm_type": {
            kind: {"services": average.services, "average": _means(average)}
            for kind, average in found.by_firm_type.items()
        },
        "corridors": [
            {
                "to": country,
                "services": average.services,
                "firms": average.firms,
                "average": _means(average),
            }
            for country, average in found.corridors.items()
        ],
    }


def _means(average: Average) -> dict[str, str | None]:
    return {
        str(point): None if mean is None else str(percent(mean))
        for point, mean in average.mean.items()
    }


def published_accuracy(found: Accuracy) -> Json:
    """How often a shown price was kept; without a share where there are too few to say."""
    low, high = found.interval or (None, None)
    return {
        "checked": found.checked,
        "kept": found.kept,
        "percent": str(percent(found.percent)) if found.percent is not None else None,
        "low": str(percent(low)) if low is not None else None,
        "high": str(percent(high)) if high is not None else None,
    }


def published_candidate(one: Candidate) -> Json:
    return {
        "service": one.service_id,
        "low": number(one.low) if one.low is not None else None,
        "high": number(one.high) if one.high is not None else None,
        "risks": sorted(risk.value for risk in one.risks),
        "visits": one.visits,
    }


def published_sample(
    quarter: str, seed: str, size: int, drawn_at: datetime, candidates: Iterable[Candidate]
) -> Json:
    """All that is needed to draw a sample again, and what was drawn."""
    known = list(candidates)
    return {
        "quarter": quarter,
        "seed": seed,
        "size": size,
        "drawn_at": _moment(drawn_at),
        "candidates": [published_candidate(one) for one in known],
        "drawn": [
            {"place": one.place, "service": one.service_id, "amount": number(one.rung)}
            for one in draw(known, seed, size)
        ],
    }
