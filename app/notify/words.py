"""The words of mails in the language of their reader, outside any request.

The messages are those of the portal and the desk, the catalogue "work". English needs none.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).parents[1] / "web" / "work" / "translations"
DOMAIN = "work"
LOCALES = {"nl": "nl_NL", "en": "en_GB"}


class Words:
    """Of one language; for one that mails are not written in, of English."""

    def __init__(self, language: str, folder: Path = FOLDER) -> None:
        self._locale = Locale.parse(LOCALES.get(language, LOCALES["en"]))
        wanted = [language] if language in LOCALES else []
        self._found: NullTranslations = Translations.load(folder, wanted, DOMAIN)

    def gettext(self, text: str, **facts: object) -> str:
        return self._filled(self._found.ugettext(text), facts)

    def ngettext(self, one: str, many: str, num: int, **facts: object) -> str:
        return self._filled(self._found.ungettext(one, many, num), facts | {"num": num})

    def _filled(self, text: str, facts: dict[str, object]) -> str:
        return text % facts if facts else text

    def day(self, day: date) -> str:
        """Like "20 November 2026"."""
        return str(format_date(day, "long", self._locale))

    def moment(self, at: datetime) -> str:
        """With hours and minutes, in UTC and saying so."""
        return f"{format_datetime(at, 'd MMMM y HH:mm', locale=self._locale)} UTC"


@cache
def words_of(language: str) -> Words:
    return Words(language)
