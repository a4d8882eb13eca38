"""Whom a mid rate rests on, by name and with a way to look it up."""

from __future__ import annotations

from markupsafe import Markup

from app.domain.midrate import MidRate
from app.web.labels import source, source_site
from app.web.locale import comma, mid_time

RATE_SOURCES = (
    "peg",
    "same currency",
    "ecb",
    "ecb_history",
    "nbp",
    "open_er_api",
    "floatrates",
    "fawazahmed0",
    "cme_suriname",
)
"""What a mid rate can rest on."""


def named_source(slug: str) -> Markup:
    site = source_site(slug)
    if not site:
        return Markup("{}").format(source(slug))
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(site, source(slug))


def named_sources(mid: MidRate) -> Markup:
    """Every one, and the day of the rate if it can change."""
    parts = [named_source(slug) for slug in mid.sources]
    if mid.observed_at:
        parts.append(Markup("{}").format(mid_time(mid)))
    return Markup("{}").format(comma()).join(parts)
