"""What a firm is called where it is worked on."""

from __future__ import annotations

from app.db import providers
from app.web.database import session


def name_of(slug: str) -> str:
    """Its name; its slug, if we know no firm by that."""
    known = providers.all_providers(session()).get(slug)
    return known.name if known else slug
