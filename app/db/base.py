"""The mapped classes' base, and the column types that keep numbers exact and times in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import DateTime, Dialect, MetaData, Numeric, String, types
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class ExactDecimal(types.TypeDecorator[Decimal]):
    """A decimal that comes back digit for digit.

    NUMERIC without a precision on PostgreSQL. Text on SQLite, whose own NUMERIC is a binary
    float; trailing zeros are cut so that equal numbers are equal texts. Not for sorting or
    sums in SQL: the domain does those.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(asdecimal=True))
        return dialect.type_descriptor(String(60))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise TypeError(f"only finite Decimals are stored, not {value!r}")
        if dialect.name == "postgresql":
            return value
        text = f"{value or Decimal(0):f}"  # minus zero is zero
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class UtcDateTime(types.TypeDecorator[datetime]):
    """An aware time in UTC, in and out. A naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"a time needs its zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Word = TypeVar("Word", bound=StrEnum)


class Words(types.TypeDecorator[tuple[Word, ...]], Generic[Word]):
    """Several values of one enum, stored as "cash+debit_card"; an empty tuple as ""."""

    impl = String(120)
    cache_ok = True

    def __init__(self, kind: type[Word]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: tuple[Word, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else "+".join(self.kind(word) for word in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Word, ...] | None:
        if value is None:
            return None
        return tuple(self.kind(word) for word in value.split("+") if word)


class Base(DeclarativeBase):
    """Every constraint gets a name, so that a migration can drop it on any database."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {Decimal: ExactDecimal(), datetime: UtcDateTime()}


def word(kind: type[StrEnum]) -> types.Enum:
    """One value of an enum, stored as its text."""
    return types.Enum(
        kind,
        native_enum=False,
        length=40,
        validate_strings=True,
        values_callable=lambda enum: [member.value for member in enum],
    )


Item = TypeVar("Item")


def batched(items: Iterable[Item], size: int = 1000) -> Iterator[list[Item]]:
    """In lists of at most `size`, which is well under what a statement may carry."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
