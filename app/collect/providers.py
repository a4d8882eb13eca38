"""The firms that we know by hand, from data/providers.toml."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.orm import Session

from app.collect.toml_file import Entry, entries
from app.db import providers
from app.db.engine import take_turn
from app.db.providers import plain_name, slug_of
from app.domain.provider import Provider, ProviderKind, ProviderStatus
from app.domain.survey import SurveyRow

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def listed_providers(path: Path) -> list[tuple[Provider, list[str]]]:
    """Each provider in the file, with the other names it goes by. Raises Unreadable, which names
    file and entry."""
    return [(_provider(entry), entry.texts("names")) for entry in entries(path)]


def _provider(entry: Entry) -> Provider:
    entry.only("name", "kind", "website", "names", "status", "since", "source")
    if not SLUG.fullmatch(entry.key):
        raise entry.wrong("a slug has small letters, digits and single hyphens")
    if "status" in entry.facts:  # nobody is called closed without saying since when and who says so
        entry.day("since")
        entry.address("source")
    elif {"since", "source"} & entry.facts.keys():
        raise entry.wrong("since and source belong to a status")
    return Provider(
        slug=entry.key,
        name=entry.text("name"),
        kind=entry.word("kind", ProviderKind),
        status=entry.word("status", ProviderStatus)
        if "status" in entry.facts
        else ProviderStatus.ACTIVE,
        website=entry.address("website") if "website" in entry.facts else None,
    )


def load_providers(session: Session, path: Path) -> int:
    """Add those that are not there yet; how many that were. What is there is left as it is, and
    goes by its new names too; but a firm that the file now calls closed or unlicensed becomes so,
    unless an operator decided about it.

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
            if provider.status is not ProviderStatus.ACTIVE:
                providers.set_status(session, owner, provider.status)
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
