"""Every mapped class in one import, for migrations and tests."""

from app.db import corridors, evidence, prices, providers, rates, services, surveys
from app.db.base import Base

__all__ = ["Base", "corridors", "evidence", "prices", "providers", "rates", "services", "surveys"]
