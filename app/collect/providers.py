"""The firms that we know by hand, from data/providers.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlalchemy.orm import Session

from app.db import providers
from app.db.providers import plain_name, slug_of
from app.domain.provider import Provider, ProviderKind
from app.domain.survey import SurveyRow


def listed_providers(path: Path) -> list[tuple[Provider, list[str]]]:
    """Each provider in the file, with the other names it goes by."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        (
            Provider(
                slug, facts["name"], ProviderKind(facts["kind"]), website=facts.get("website")
            ),
            facts.get("names", []),
        )
        for slug, facts in listed.items()
    ]


def load_providers(session: Session, path: Path) -> int:
    """Add those that are not there yet; how many that were. What is there is left as it is."""
    known = providers.ids_by_slug(session)
    new = [one for one in listed_providers(path) if one[0].slug not in known]
    for provider, names in new:
        providers.add_provider(session, provider, names)
    return len(new)


def known_providers(path: Path) -> dict[str, Provider]:
    """By every name they go by, in its plain form."""
    return {
        plain_name(name): provider
        for provider, names in listed_providers(path)
        for name in (provider.name, *names)
    }


def provider_of(row: SurveyRow, known: dict[str, Provider]) -> Provider:
    """Whose row it is; a firm that nobody knows gets a slug made from its name."""
    unknown = Provider(slug_of(row.firm), row.firm, row.firm_types[0])
    return known.get(plain_name(row.firm), unknown)
