"""Languages: which one a page is in, and how that language writes amounts, dates and names."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_name,
)
from babel.support import Translations
from flask import Flask, Request, g, request
from flask_babel import Babel, get_translations, lazy_gettext
from markupsafe import Markup
from werkzeug.routing import BaseConverter, IntegerConverter

from app.domain.countries import PAYOUT_CURRENCY
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.published import amount
from app.domain.quote import Observed, Precision
from app.domain.survey import percent, quarter_start
from app.web.articles import with_article

LANGUAGES = {
    "nl": "Nederlands",
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "tr": "Türkçe",
    "ar": "العربية",
    "pl": "Polski",
    "fa": "فارسی",
    "so": "Soomaali",
    "ti": "ትግርኛ",
    "uk": "Українська",
}
"""Language code, as in the address of a page -> its own name for itself."""

FORMATS = {"en": "en_GB", "pt": "pt_PT"}
"""Language -> the locale whose dates and amounts it is written with, where that is another."""

UNNAMED = {"XCG": lazy_gettext("Caribbean guilders")}
"""Currencies of which CLDR does not know the name in each of our languages."""

DAYS = {"uk": "d MMMM y", "ti": "dd/MM/y"}
"""How days are written where the long form ends in a full stop, as a sentence does, or names a
month that some readers know from another calendar."""

NAMES = {("so", "NL"): "Nederland"}
"""Countries that CLDR calls otherwise than people do."""

_AFTER = "\uffff"
LETTERS = str.maketrans(
    {"ł": "l" + _AFTER, "ı": "i", "ک": "ك", "ی": "ي"}  # noqa: RUF001
    | {"ґ": "г" + _AFTER, "є": "е" + _AFTER, "і": "и" + _AFTER}  # noqa: RUF001
    | {"ї": "и" + _AFTER * 2, "й": "и" + _AFTER * 3}
    | {"پ": "ب" + _AFTER, "چ": "ج" + _AFTER, "ژ": "ز" + _AFTER, "گ": "ك" + _AFTER}
)
"""Letters of our languages that Unicode puts far from where their alphabets have them: just after
another letter, or with it."""


class LanguageConverter(BaseConverter):
    """The first part of every page's address: one of our languages, in lower case."""

    regex = "|".join(LANGUAGES)
    part_isolating = True


class NumberConverter(IntegerConverter):
    """A number that we gave out: plain digits, written in one way, that any database can hold."""

    regex = r"[1-9][0-9]{0,8}"


class AnythingConverter(BaseConverter):
    """All that is left of an address, whatever it is: for what was typed from paper."""

    regex = r"[\s\S]*"
    part_isolating = False


def setup(app: Flask) -> None:
    app.url_map.converters.update(
        lang=LanguageConverter, number=NumberConverter, anything=AnythingConverter
    )
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations;work/translations"
    Babel(app, locale_selector=language, default_locale="en", default_domain="messages;work")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _translations().ugettext(text),
        lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )

    @app.url_value_preprocessor
    def _take(_endpoint: str | None, values: dict[str, object] | None) -> None:
        g.language = values.pop("lang", None) if values else None

    app.jinja_env.globals.update(comma=comma, semicolon=semicolon)
    app.jinja_env.filters.update(
        money=money,
        short=short,
        named=named,
        rate=rate,
        percent=shown_percent,
        rounded=percent,
        country=country,
        currency=currency,
        unit=unit,
        day=day,
        observed=observed,
        minute=moment,
        mid_time=mid_time,
        exactly=exactly,
        plain=amount,
        num=num,
        strong=strong,
    )


def _translations() -> Translations:
    """Of this page's language, looked up once: a page asks for hundreds of messages."""
    if "translations" not in g:
        g.translations = get_translations()
    found: Translations = g.translations
    return found


def language() -> str:
    """Of this page: from its address, else what the visitor's browser asks for, else English."""
    chosen: str | None = g.get("language")
    return chosen or _begun() or preferred(request)


def _begun() -> str | None:
    """The language that an address begins with, even if there is no page at it."""
    first = request.path.split("/")[1]
    return first if first in LANGUAGES else None


def preferred(asked: Request) -> str:
    """The first of ours that the browser names, most wanted first; "nl-BE" is Dutch."""
    for wanted, quality in asked.accept_languages:
        code = wanted.replace("_", "-").partition("-")[0].lower()
        if code in LANGUAGES and quality > 0:
            return code
    return "en"


def locale() -> Locale:
    return _formats(language())


@cache
def _formats(code: str) -> Locale:
    return Locale.parse(FORMATS.get(code, code))


def money(value: Money) -> str:
    """With its currency, rounded to the smallest unit: "EUR 4.35" as the language writes it."""
    return _money(_formats(language()), value.rounded(), decimals=True)


def short(value: Money) -> str:
    """As `money`, without decimals where there are none: for headings and ranges."""
    whole = value.amount == value.amount.to_integral_value()
    return _money(_formats(language()), value.rounded(), decimals=not whole)


@lru_cache(maxsize=20_000)
def _money(formats: Locale, value: Money, *, decimals: bool) -> str:
    """Kept: the same amounts stand on every page of a corridor, and formatting is slow."""
    pattern = formats.currency_formats["standard"].pattern
    text = format_currency(
        value.amount,
        value.currency,
        format=pattern if decimals else pattern.replace(".00", ""),
        currency_digits=decimals,
        locale=formats,
    )
    text = re.sub(r"\.\N{RIGHT-TO-LEFT MARK}?$", "", text)  # a sign's own dot looks like an end
    return re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", text)


def rate(value: Decimal) -> str:
    """An exchange rate, to six decimals at most; the exact one stands on the price's page."""
    return format_decimal(value, format="#,##0.0000##", locale=locale())


def exactly(value: Decimal) -> str:
    """Every digit that we have of a rate."""
    decimals = max(0, -int(value.as_tuple().exponent))
    return format_decimal(value, format="#,##0." + "0" * decimals, locale=locale())


def num(text: str) -> Markup:
    """Figures that stand under each other and do not break."""
    return Markup('<span class="num">{}</span>').format(text)


def strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(text)


def shown_percent(value: Decimal) -> str:
    """A number of percents, to two places: 5.15 becomes "5,15 %" in Dutch."""
    formats = locale()
    pattern = formats.percent_formats[None].pattern.replace("#,##0", "#,##0.00")
    return format_percent(percent(value) / 100, format=pattern, locale=formats)


def country(code: str) -> str:
    return NAMES.get((language(), code)) or locale().territories.get(code, code)


def named(code: str) -> str:
    """A country inside a sentence, with its article if it takes one."""
    return with_article(language(), code, country(code))


def currency(code: str) -> str:
    """A currency's name where it stands alone: "euros"."""
    dual = language() == "ar"  # where two of them have a form of their own
    return _currency(code, None if dual else 2)


def unit(code: str) -> str:
    """A currency's name as it stands after an amount, which is mostly a round one: "200 euros"."""
    return _currency(code, 200)


def _currency(code: str, count: int | None) -> str:
    name = get_currency_name(code, count=count, locale=locale())
    if name == code and code in UNNAMED:
        return str(UNNAMED[code])
    return name


def countries() -> list[tuple[str, str]]:
    """Every country that money can be sent to: code and name, sorted by name."""
    return _countries(language())


@cache
def _countries(code: str) -> list[tuple[str, str]]:
    names = _formats(code).territories
    found = [(one, NAMES.get((code, one)) or names.get(one, one)) for one in PAYOUT_CURRENCY]
    return sorted(found, key=lambda one: alphabetical(one[1]))


def alphabetical(name: str) -> tuple[str, str]:
    """By which names are sorted: without accents and capitals, "É" with the "E"."""
    bare = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    return "".join(one for one in bare if not unicodedata.combining(one)), name


def day(value: date | datetime) -> str:
    return _day(language(), value.date() if isinstance(value, datetime) else value)


@lru_cache(maxsize=5000)
def _day(code: str, value: date) -> str:
    """Kept: the same days stand all over a page."""
    return format_date(value, DAYS.get(code, "long"), locale=_formats(code))


def moment(value: datetime) -> str:
    """The day and the time in UTC, to the minute; `value` is aware UTC."""
    return f"{day(value)}{comma()}{value.astimezone(UTC):%H:%M} UTC"


def comma() -> str:
    """Between two things on one line."""
    return "، " if language() in ("ar", "fa") else ", "


def semicolon() -> str:
    return "؛ " if language() in ("ar", "fa") else "; "


def observed(value: Observed) -> str:
    """The day of a price, or its quarter where the day is not known."""
    if value.precision is Precision.QUARTER:
        return format_date(value.day, "QQQQ y", locale=locale())
    return day(value.day)


def quarter(period: str | None) -> str:
    """A survey round in words: "2025_3Q" is "3rd quarter 2025"."""
    return format_date(quarter_start(period), "QQQQ y", locale=locale()) if period else "-"


def mid_time(value: MidRate) -> str:
    return day(value.observed_at) if value.observed_at else ""
