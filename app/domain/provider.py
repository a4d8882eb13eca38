"""Providers: the firms that send money."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProviderKind(StrEnum):
    BANK = "bank"
    MTO = "mto"
    POST_OFFICE = "post_office"
    MOBILE_OPERATOR = "mobile_operator"
    NON_BANK_FI = "non_bank_fi"
    OTHER = "other"


class ProviderStatus(StrEnum):
    """Closed and unlicensed providers are listed as such and never offered."""

    ACTIVE = "active"
    CLOSED = "closed"
    UNLICENSED = "unlicensed"


class Licence(StrEnum):
    """What a register of licences says; UNCHECKED until a register was asked."""

    FOUND = "found"
    UNCHECKED = "unchecked"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Provider:
    """A firm. `slug` never changes, `name` may; `website` is None where we know of none."""

    slug: str
    name: str
    kind: ProviderKind
    status: ProviderStatus = ProviderStatus.ACTIVE
    licence: Licence = Licence.UNCHECKED
    website: str | None = None
