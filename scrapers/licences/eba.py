"""European Banking Authority: its register of payment and electronic money institutions. See
docs/sources/eba.md.

Nine in ten of its records are agents of firms, most of them people with their home address.
They are dropped as they are read, and of a firm only what a licence says is kept.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import date, timedelta
from pathlib import Path

from app.domain.licence import REMITTANCE, LicenceEntry
from scrapers.archive import check_sum, objects
from scrapers.contract import Budget, Downloads, Stance, Terms, Unreadable
from scrapers.fields import Field, fields
from scrapers.strict import an_object, day_at

SLUG = "eba"
SITE = "https://euclid.eba.europa.eu/register/pir/search"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "published for everybody to download, by law")
BUDGET = Budget(per_hour=4, gap=10, interval=timedelta(days=7))

HOME = "https://euclid.eba.europa.eu/register/"
URL = f"{HOME}api/filemetadata"
MOST = 100 * 10**6
"""Bytes of the archive; it has 20 million."""

ENTITIES = "item.item"
"""The file is a list of two lists: a disclaimer, and the entities."""

HOLDERS = {"PSD_PI", "PSD_EPI", "PSD_EMI", "PSD_EEMI", "PSD_EXC", "PSD_ENL"}
"""Kinds of entity with a licence of their own. The others are agents (PSD_AG), branches
(PSD_BR), and those that only read accounts (PSD_AISP)."""

FACTS = {"ENT_NAM", "ENT_NAM_COM", "ENT_COU_RES", "ENT_AUT"}
"""Legal name, trading names, country and days of authorisation. Nothing else is read."""

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
PATH = re.compile(r"[\w/.-]+\.zip", re.ASCII)


def fetch(http: Downloads, folder: Path, wanted: Container[str]) -> Iterator[LicenceEntry]:
    """Every holder that may remit money in some country, and those whose code is in `wanted`.
    Raises SourceError, also in mid-stream."""
    about = fields(http.get(URL))
    said, sha256 = about["golden_copy_path_context"], about["sha256_hash"].text().lower()
    place = about["latest_version_relative_zip_path"].text()
    url = f"{said.text()}{place}"
    if not said.text().startswith(HOME) or not PATH.fullmatch(place) or ".." in url:
        raise Unreadable(f"{URL}: the register is said to be at {url[:100]!r}")
    if not SHA256.fullmatch(sha256):
        raise Unreadable(f"{URL}: sha256_hash is {sha256[:80]!r}")
    archive = folder / "eba.zip"
    http.download(url, archive, most=MOST)
    check_sum(archive, sha256, url)
    return _entries(archive, url, wanted)


def _entries(archive: Path, url: str, wanted: Container[str]) -> Iterator[LicenceEntry]:
    found = 0
    for number, value in enumerate(objects(archive, ENTITIES, url)):
        entity = Field(value, f"{url}, record {number}")
        if entity.get("disclaimer") is not None or entity["EntityType"].text() not in HOLDERS:
            continue
        entry = _entry(entity)
        if entry.remits_in or entry.code in wanted:
            found += 1
            yield entry
    if not found:
        raise Unreadable(f"{url}: not one firm that may remit money ({REMITTANCE}) is in it")


def _entry(entity: Field) -> LicenceEntry:
    facts = _gathered(entity["Properties"], FACTS)
    services = _gathered(entity.get("Services"))
    if not facts.get("ENT_NAM"):
        raise Unreadable(f"{entity.path}: a firm without a name (ENT_NAM)")
    authorised_on, withdrawn_on = _days(facts.get("ENT_AUT", []), entity.path)
    return LicenceEntry(
        register=SLUG,
        code=entity["EntityCode"].text(),
        kind=entity["EntityType"].text(),
        names=tuple(dict.fromkeys([*facts["ENT_NAM"], *facts.get("ENT_NAM_COM", [])])),
        country=(facts.get("ENT_COU_RES") or [""])[0],
        services={country: frozenset(may) for country, may in services.items()},
        authorised_on=authorised_on,
        withdrawn_on=withdrawn_on,
    )


def _gathered(pairs: Field | None, wanted: Container[str] | None = None) -> dict[str, list[str]]:
    """A list of objects with one key each, whose values are a text or a list of them."""
    found: dict[str, list[str]] = {}
    for pair in pairs.each() if pairs else ():
        for key in an_object(pair.value, pair.path):
            value = pair.get(key) if wanted is None or key in wanted else None
            if value is not None:
                found.setdefault(key, []).extend(_texts(value))
    return found


def _texts(value: Field) -> list[str]:
    if isinstance(value.value, list):
        return [one.text() for one in value.each()]
    return [value.text()]


def _days(said: list[str], where: str) -> tuple[date | None, date | None]:
    """The newest authorisation, and its withdrawal. The days take turns: authorised,
    withdrawn, authorised anew, and so on."""
    days = sorted(day_at(one, 0, f"{where}, ENT_AUT").date() for one in said)
    if not days:
        return None, None
    return (days[-1], None) if len(days) % 2 else (days[-2], days[-1])
