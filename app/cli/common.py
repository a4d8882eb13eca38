"""What commands share: the application's database and settings, and clear words for bad input."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import ParamSpec

import click
from flask import current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.db.engine import Database
from app.domain.amount import BadAmount, plain_amount
from app.domain.corridor import Corridor, UnknownPlace
from app.domain.countries import PAYOUT_CURRENCY
from config import Settings
from scrapers.contract import SourceError

Wanted = ParamSpec("Wanted")


def usable(command: Callable[Wanted, None]) -> Callable[Wanted, None]:
    """The command, with a sentence instead of a traceback where the database cannot be used."""

    @wraps(command)
    def guarded(*arguments: Wanted.args, **options: Wanted.kwargs) -> None:
        try:
            command(*arguments, **options)
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"the database cannot be used: {error.orig}\n"
                "Look at DATABASE_URL, and run `flask db upgrade` first."
            ) from error
        except SourceError as error:
            raise click.ClickException(f"{type(error).__name__}: {error}") from error

    return guarded


def the_database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def the_settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def an_amount(text: str, currency: str) -> Decimal:
    try:
        return plain_amount(text, currency).amount
    except BadAmount as error:
        message = f"an amount is written like 200 or 200.50, not {text[:40]!r}"
        raise click.ClickException(message) from error


def two_countries(corridor: str) -> tuple[str, str]:
    send, separator, receive = corridor.partition("-")
    if not separator:
        raise click.ClickException(f"a corridor is written like NL-MA, not {corridor[:40]!r}")
    return send, receive


def a_country(code: str) -> str:
    if not code.isascii() or code.upper() not in PAYOUT_CURRENCY:
        raise click.ClickException(f"unknown country {code[:40]!r}; codes are like NL and MA")
    return code.upper()


def a_corridor(send: str, receive: str) -> Corridor:
    """The corridor between two countries, in their main currencies."""
    countries = a_country(send), a_country(receive)
    try:
        return Corridor(
            countries[0], PAYOUT_CURRENCY[countries[0]], countries[1], PAYOUT_CURRENCY[countries[1]]
        )
    except UnknownPlace as error:
        raise click.ClickException(str(error)) from error
