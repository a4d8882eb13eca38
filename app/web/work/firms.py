"""What a firm is called where it is worked on."""

from __future__ import annotations

from app.db import providers
from app.web.database import session


def names() -> dict[str, str]:
    """By slug."""
    return {slug: one.name for slug, one in providers.all_providers(session()).items()}


def name_of(slug: str) -> str:
    """Its name; its slug, if we know no firm by that."""
    return names().get(slug, slug)
