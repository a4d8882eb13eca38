"""Countries that take an article inside a sentence: "from the Netherlands". CLDR has names only."""

from __future__ import annotations

_ENGLISH = "AE BS CC CD CF CG DO FK FO GB GM IM KM KY MH MP MV NL PH SB SC TC UM US VA VG VI"
_DUTCH = "AE BS CC CF DO FK FO KM KY MH MP MV PH SB SC TC US VG VI"

_ELIDED = "l\N{RIGHT SINGLE QUOTATION MARK}"
"""Stands against the name, without a space."""

_FRENCH = {
    "le": "BD BF BI BJ BN BR BT BW BZ CA CD CG CL CM CR CV DK EH GA GB GH GL GT GY HN JP KE KG KH "
    "KW KZ LA LB LI LK LR LS LU MA ME ML MM MW MX MZ NE NG NI NP PA PE PK PT PY QA RW SD SN SR SS "
    "SV TD TG TJ TL TM VE VN VU XK YE ZW",
    "la": "BA BB BE BG BO BY CF CH CI CN CO CZ DM DO FI FM FR GD GE GF GM GN GP GQ GR GW HK HR HU "
    "JM JO KP KR LT LV LY MD MK MN MO MQ MR MY NA NC NO NZ PF PG PL RO RS RU SE SI SK SL SO SY TH "
    "TN TR TZ ZM",
    _ELIDED: "AF AL AM AO AR AT AU AZ CX DE DZ EC EE EG ER ES ET ID IE IM IN IQ IR IS IT NF SA "
    "SZ UA UG UY UZ VA ZA",
    "les": "AE AS AX BM BQ BS CC CK FJ FK FO KM KY MH MP MV NL PH PN PS PW SB SC TC TO TV US VG VI "
    "WS",
}
_SPANISH = {
    "la": "CD CF CX DO HK IM IN MO NF VA",
    "las": "AX BM BS CC CK FK FO KM KY MH MP MV PN SB SC TC VG VI",
    "los": "AE NL PS US",
}
_PORTUGUESE = {
    "o": "AF AZ BD BF BH BI BJ BN BR BT BW BZ CA CD CG CL DJ EC EG EH GA GB GH HT IQ IR JP KE KG "
    "KH KW KZ LA LB LI LK LS LU MC ME ML MW MX NE NP PA PE PK PY QA RW SD SN SR SS SZ TD TG TJ TM "
    "UG UY UZ VN XK YE ZW",
    "a": "AL AM AR AS AT AU BA BE BG BO BY CF CH CI CN CO CR CX CZ DE DK DM DO DZ EE ER ES ET FI "
    "FM FR GE GF GL GM GN GQ GR GT GW GY HR HU ID IE IM IN IS IT JM JO KP KR LR LT LV LY MD MK MN "
    "MQ MR MU MY NA NC NF NG NI NO NZ PF PG PL RE RO RS RU SA SE SI SK SL SO SY TH TN TR TZ UA VA "
    "VE ZA ZM",
    "os": "AE BQ CM NL PS US",
    "as": "BM BS CC CK FK FO HN KM KY MH MP MV PH PN SB SC TC VG VI",
}


def _by_country(articles: dict[str, str]) -> dict[str, str]:
    return {code: article for article, codes in articles.items() for code in codes.split()}


ARTICLES: dict[str, dict[str, str]] = {
    "en": dict.fromkeys(_ENGLISH.split(), "the"),
    "nl": dict.fromkeys(_DUTCH.split(), "de") | {"GB": "het", "IM": "het"},
    "fr": _by_country(_FRENCH),
    "es": _by_country(_SPANISH),
    "pt": _by_country(_PORTUGUESE),
}
"""Language -> country -> the article before its name."""


def with_article(language: str, code: str, name: str) -> str:
    article = ARTICLES.get(language, {}).get(code)
    if not article:
        return name
    return f"{article}{name}" if article == _ELIDED else f"{article} {name}"
