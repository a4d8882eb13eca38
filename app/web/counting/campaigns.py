"""Which codes of campaigns are ours: any other in an address is not counted."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import column, inspect, select, table
from sqlalchemy.orm import Session


def known_campaigns(session: Session) -> Collection[str]:
    """Their codes."""
    if not inspect(session.connection()).has_table("campaign"):
        return ()
    return list(session.scalars(select(column("code")).select_from(table("campaign"))))
