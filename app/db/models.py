"""Every mapped class in one import, for migrations and tests."""

from app.db import (
    asked,
    corridors,
    evidence,
    findings,
    held,
    licences,
    price_rows,
    providers,
    rates,
    reach,
    runs,
    services,
    sources,
    surveys,
    visits,
)
from app.db.base import Base

__all__ = [
    "Base",
    "asked",
    "corridors",
    "evidence",
    "findings",
    "held",
    "licences",
    "price_rows",
    "providers",
    "rates",
    "reach",
    "runs",
    "services",
    "sources",
    "surveys",
    "visits",
]
