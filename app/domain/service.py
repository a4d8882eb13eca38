"""Services: one way in which a provider sends money on a corridor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.corridor import Corridor


class PaymentInstrument(StrEnum):
    """How the sender pays."""

    CASH = "cash"
    BANK_ACCOUNT_TRANSFER = "bank_account_transfer"
    DEBIT_CARD = "debit_card"
    CREDIT_CARD = "credit_card"
    MOBILE_MONEY = "mobile_money"


class AccessPoint(StrEnum):
    """Where the service is bought."""

    INTERNET = "internet"
    MOBILE_APP = "mobile_app"
    AGENT = "agent"
    BANK_BRANCH = "bank_branch"
    CALL_CENTRE = "call_centre"
    POST_OFFICE = "post_office"


class PickupMethod(StrEnum):
    """How the receiver gets the money."""

    CASH = "cash"
    BANK_ACCOUNT = "bank_account"
    MOBILE_WALLET = "mobile_wallet"
    CARD = "card"
    HOME_DELIVERY = "home_delivery"


class Speed(StrEnum):
    """Time until the receiver can have the money, in the World Bank's bands, fastest first."""

    LESS_THAN_ONE_HOUR = "less_than_one_hour"
    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    TWO_DAYS = "two_days"
    THREE_TO_FIVE_DAYS = "three_to_five_days"
    SIX_DAYS_OR_MORE = "six_days_or_more"


SPEED_ORDER = {speed: place for place, speed in enumerate(Speed)}


class Coverage(StrEnum):
    """Reach of the pay-out network."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Service:
    """What a sender can choose.

    provider             the provider's slug, which never changes
    payment_instruments, access_points, pickup_methods
                         usually one each; several where one price holds for all of them,
                         and empty where the source does not say
    pay_in               the name of the way to pay, where one instrument has several at prices of
                         their own: "iDEAL"; "" for nearly all
    variant              tells apart services that a source lists twice without saying how
                         they differ; 1 for nearly all
    speed, coverage      None is unknown. They may change; the service stays the same
    """

    provider: str
    corridor: Corridor
    payment_instruments: tuple[PaymentInstrument, ...]
    access_points: tuple[AccessPoint, ...]
    pickup_methods: tuple[PickupMethod, ...]
    variant: int = 1
    pay_in: str = ""
    speed: Speed | None = None
    coverage: Coverage | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two services the same one, whatever their speed and reach are today."""
        return (
            self.provider,
            self.corridor,
            self.payment_instruments,
            self.access_points,
            self.pickup_methods,
            self.variant,
            self.pay_in,
        )
