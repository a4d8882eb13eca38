"""Two providers that are one firm become one: all that is kept of the one is the other's from then
on. No price is lost: every stretch of history stays and keeps its number.

What belongs to a provider or a service is found in the mapped classes themselves, so that a table
that is new moves too. Where both have a row of the same, `SAME` says which stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, RowMapping, Table, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Session

from app.db.corridors import renew
from app.db.models import Base
from app.db.price_rows import BoardRow, QuoteRow
from app.db.providers import ProviderAliasRow, ProviderRow, plain_name
from app.db.services import ServiceRow

ADD, OURS, NEWER, APART = "add", "ours", "newer", "apart"
SAME = {
    "click": (ADD, ("clicks",)),
    "shown_week": (ADD, ("shown", "places", "clicks")),
    "finding": (OURS, ()),
    "licence": (OURS, ()),
    "api_answer": (OURS, ()),
    "provider_profile": (OURS, ()),
    "licence_match": (OURS, ()),
    "board": (NEWER, ("observed_at",)),
    "shopping_task": (APART, ()),
}
"""Table -> what becomes of two rows of the same: their counts are added up, that of the provider
that stays is kept, or the newer one; or both must stay, and so the two services stay apart, the
second as a variant."""

IDENTITY = (
    *("corridor_id", "payment_instruments", "access_points", "pickup_methods"),
    *("variant", "pay_in"),
)


class NotMoved(Exception):
    """A table of which nobody has said what becomes of two rows of the same; nothing is merged."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What one provider has, and how much of it the other has too.

    services  of the one that goes; same: of those, the ones that both have, which become one
    quotes    stretches of history of the one that goes; all of them stay
    """

    names: tuple[str, ...]
    services: int
    same: int
    quotes: int
    on_board: int
    corridors: int


def overlap(session: Session, gone: int, kept: int) -> Overlap:
    """What merging would do. Nothing is changed."""
    services = list(session.scalars(select(ServiceRow).where(ServiceRow.provider_id == gone)))
    theirs = {_identity(one) for one in _services(session, kept)}
    names = select(ProviderAliasRow.name).where(ProviderAliasRow.provider_id == gone)
    return Overlap(
        names=tuple(session.scalars(names.order_by(ProviderAliasRow.name))),
        services=len(services),
        same=sum(_identity(one) in theirs for one in services),
        quotes=_count(session, QuoteRow, gone),
        on_board=_count(session, BoardRow, gone),
        corridors=len({one.corridor_id for one in services}),
    )


def merge_providers(session: Session, gone: int, kept: int) -> None:
    """All that is kept of `gone` (its number) is `kept`'s, and `gone` is no more. It goes by the
    names and the slug of the other from then on, so that sources still find it.

    Raises NotMoved if a table is not known here.
    """
    before = session.scalar(select(func.count()).select_from(QuoteRow))
    slug = session.get_one(ProviderRow, gone).slug
    corridors = {one.corridor_id for one in _services(session, gone)}
    _merge_services(session, gone, kept)
    for table, column in references("provider"):
        if table.name != "service":
            _move(session, table, column, gone, kept)
    session.execute(delete(ProviderRow).where(ProviderRow.id == gone))
    if session.get(ProviderAliasRow, plain_name(slug)) is None:
        session.add(ProviderAliasRow(name=plain_name(slug), provider_id=kept))
    renew(session, corridors)
    session.flush()
    session.expire_all()
    if session.scalar(select(func.count()).select_from(QuoteRow)) != before:
        raise NotMoved("merging would lose prices")


def _merge_services(session: Session, gone: int, kept: int) -> None:
    theirs = {_identity(one): one.id for one in _services(session, kept)}
    for service in _services(session, gone):
        same = theirs.get(_identity(service))
        if same is None or _stay_apart(session, service.id, same):
            variant = service.variant if same is None else _free_variant(session, kept, service)
            moved = update(ServiceRow).where(ServiceRow.id == service.id)
            session.execute(moved.values(provider_id=kept, variant=variant))
            continue
        for table, column in references("service"):
            _move(session, table, column, service.id, same)
        session.execute(delete(ServiceRow).where(ServiceRow.id == service.id))


def _stay_apart(session: Session, one: int, other: int) -> bool:
    """Whether both services have a row of the same, of which neither may go."""
    for table, column in references("service"):
        if SAME.get(table.name, ("",))[0] != APART:
            continue
        for others in unique_with(table, column):
            keys = [
                set(session.execute(select(*others).where(column == number)))
                for number in (one, other)
            ]
            if keys[0] & keys[1]:
                return True
    return False


def _free_variant(session: Session, provider: int, service: ServiceRow) -> int:
    """One that no service of this provider has that is like this one otherwise."""
    like = _identity(service, but="variant")
    taken = [
        one.variant for one in _services(session, provider) if _identity(one, "variant") == like
    ]
    return max(taken, default=0) + 1


def references(name: str) -> list[tuple[Table, Column[Any]]]:
    """Every column that points at the rows of a table."""
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
        if key.column.table.name == name
    ]


def unique_with(table: Table, column: Column[Any]) -> list[tuple[Column[Any], ...]]:
    """The keys that a column is a part of: the other columns of each."""
    keys = [tuple(table.primary_key.columns)]
    keys += [tuple(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [tuple(one.columns) for one in table.indexes if one.unique]
    return [tuple(one for one in key if one is not column) for key in keys if column in key]


def _move(session: Session, table: Table, column: Column[Any], old: int, new: int) -> None:
    for others in unique_with(table, column):
        if table.name not in SAME:
            raise NotMoved(f"{table.name}: two rows of the same")
        for row in session.execute(select(table).where(column == old)).mappings().all():
            _settle(session, table, column, row, new, others)
    session.execute(update(table).where(column == old).values({column.name: new}))


def _settle(
    session: Session,
    table: Table,
    column: Column[Any],
    row: RowMapping,
    new: int,
    others: tuple[Column[Any], ...],
) -> None:
    """If the provider that stays has a row of the same, make one of the two."""
    here = [one == row[one.name] for one in table.primary_key.columns]
    there = [column == new, *(one == row[one.name] for one in others)]
    found = session.execute(select(table).where(*there)).mappings().first()
    if found is None:
        return
    rule, columns = SAME[table.name]
    if rule is NEWER and row[columns[0]] > found[columns[0]]:
        session.execute(delete(table).where(*there))
        return
    if rule is ADD:
        both = {name: found[name] + row[name] for name in columns}
        session.execute(update(table).where(*there).values(both))
    session.execute(delete(table).where(*here))


def _services(session: Session, provider: int) -> list[ServiceRow]:
    rows = select(ServiceRow).where(ServiceRow.provider_id == provider).order_by(ServiceRow.id)
    return list(session.scalars(rows))


def _identity(row: ServiceRow, but: str = "") -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in IDENTITY if name != but)


def _count(session: Session, table: type[QuoteRow] | type[BoardRow], provider: int) -> int:
    rows = select(func.count()).select_from(table)
    rows = rows.join(ServiceRow, ServiceRow.id == table.service_id)
    return session.scalar(rows.where(ServiceRow.provider_id == provider)) or 0


def unknown_tables() -> Iterator[str]:
    """Tables that a merge would stop at: a test asks."""
    for name in ("provider", "service"):
        for table, column in references(name):
            if table.name != "service" and table.name not in SAME and unique_with(table, column):
                yield table.name
