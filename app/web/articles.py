"""Countries that take an article inside a sentence: "from the Netherlands". CLDR has names only."""

from __future__ import annotations

_ENGLISH = "AE BS CC CD CF CG DO FK FO GB GM IM KM KY MH MP MV NL PH SB SC TC UM US VA VG VI"
_DUTCH = "AE BS CC CF DO FK FO KM KY MH MP MV PH SB SC TC US VG VI"

ARTICLES: dict[str, dict[str, str]] = {
    "en": dict.fromkeys(_ENGLISH.split(), "the"),
    "nl": dict.fromkeys(_DUTCH.split(), "de") | {"GB": "het", "IM": "het"},
}
"""Language -> country -> the article before its name."""


def with_article(language: str, code: str, name: str) -> str:
    article = ARTICLES.get(language, {}).get(code)
    return f"{article} {name}" if article else name
