"""What is said of a firm's licence: what a register said, of whom, and when it was asked."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from flask_babel import gettext

from app.db.licences import LicenceRow
from app.domain.licence import LicenceResult
from app.domain.provider import Provider, ProviderKind
from app.web.locale import country, day, named


def licence_lines(provider: Provider, found: Iterable[LicenceRow], send_country: str) -> list[str]:
    """One sentence for each code that was looked up, or one that says that none was."""
    lines = [line for row in found if (line := _line(row, send_country))]
    if lines:
        return lines
    if provider.kind is ProviderKind.BANK:
        return [gettext("Not checked yet: banks are in another register, which we do not read.")]
    return [gettext("Not checked yet.")]


def _line(row: LicenceRow, send_country: str) -> str:
    """ "" where the code turned out to be of somebody else: that says nothing of this firm."""
    checked = day(row.checked_at)
    if row.result == LicenceResult.FOUND:
        said = gettext(
            "Licence found in the register of the European Banking Authority: %(holder)s, "
            "%(country)s, %(code)s, checked on %(day)s.",
            holder=row.holder,
            country=country(row.country) if row.country else gettext("country unknown"),
            code=row.code,
            day=checked,
        )
        if send_country in row.countries.split():
            return said
        none = gettext(
            "It is not listed there for sending money from %(country)s.",
            country=named(send_country),
        )
        return f"{said} {none}"
    if row.result == LicenceResult.WITHDRAWN:
        return gettext(
            "The register of the European Banking Authority says that the licence of %(holder)s "
            "(%(code)s) was withdrawn on %(withdrawn)s. Checked on %(day)s.",
            holder=row.holder,
            code=row.code,
            withdrawn=day(row.withdrawn_on) if row.withdrawn_on else gettext("an unknown day"),
            day=checked,
        )
    if row.result == LicenceResult.NOT_FOUND:
        return gettext(
            "Not found in the register of the European Banking Authority: %(code)s, checked on "
            "%(day)s.",
            code=row.code,
            day=checked,
        )
    return ""


def setup(app: Flask) -> None:
    app.jinja_env.globals["licence_lines"] = licence_lines
