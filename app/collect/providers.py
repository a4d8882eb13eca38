"""The firms that we know by hand, from data/providers.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlalchemy.orm import Session

from app.db import providers
from app.db.engine import take_turn
from app.db.providers import plain_name, slug_of
from app.domain.provider import Provider, ProviderKind
from app.domain.survey import SurveyRow
from scrapers.contract import Unreadable


def listed_providers(path: Path) -> list[tuple[Provider, list[str]]]:
    """Each provider in the file, with the other names it goes by. Raises Unreadable."""
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path.name} cannot be read: {error}") from error
    try:
        return [(_provider(slug, facts), facts.get("names", [])) for slug, facts in listed.items()]
    except (KeyError, TypeError, ValueError) as error:
        reason = "every provider needs a name and a known kind"
        raise Unreadable(f"{path.name}: {reason}, see {error}") from error


def _provider(slug: str, facts: dict[str, str]) -> Provider:
    return Provider(slug, facts["name"], ProviderKind(facts["kind"]), website=facts.get("website"))


def load_providers(session: Session, path: Path) -> int:
    """Add those that are not there yet; how many that were. What is there is left as it is, and
    goes by its new names too.

    A firm that a source named before it was listed here keeps the slug that it was given then.
    Raises Unreadable.
    """
    take_turn(session)
    slugs, names = providers.ids_by_slug(session), providers.ids_by_name(session)
    added = 0
    for provider, others in listed_providers(path):
        plain = sorted({plain_name(name) for name in (provider.name, *others)})
        owner = slugs.get(provider.slug) or next((names[one] for one in plain if one in names), 0)
        if owner:
            providers.add_names(session, owner, [one for one in plain if one not in names])
        else:
            owner = providers.add_provider(session, provider, others)
            added += 1
        names |= {one: names.get(one, owner) for one in plain}
    return added


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
