# ruff: noqa: RUF001  the letters and figures of these languages look like others
"""Every language of the site is whole: its catalogue, its figures and names, and its pages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.numbers import get_currency_name
from flask import Flask
from flask.testing import FlaskClient

from app.domain.amount import BadAmount
from app.domain.money import Money
from app.factory import create_app
from app.web import ages, amounts, locale
from app.web.locale import LANGUAGES
from config import ROOT
from tests.checked_page import Page, faults
from tests.conftest import NOW
from tests.messages import catalogues
from tests.web.browsing import PAGES, SELDOM
from tests.web.reading import Reader, plain

TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]
NUMBERS = range(201)
UNDIVIDED = ("fa", "tr")
"""Languages whose nouns stay as they are after any number, so that one form is enough."""

SCRIPTS = ("ar", "fa", "ti", "uk")
"""Languages that are not written in Latin letters; they too write "CFA" as it is."""

languages = pytest.mark.parametrize("lang", LANGUAGES)
translated = pytest.mark.parametrize("lang", TRANSLATED)


def catalogue(lang: str) -> Catalog:
    found: Catalog = catalogues().read(catalogues().path_of(lang, "messages"))
    return found


@pytest.fixture(scope="module")
def app(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site with the catalogues as they are written, compiled or not."""
    folder = tmp_path_factory.mktemp("catalogues")
    for lang in TRANSLATED:
        target = folder / lang / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True)
        with target.open("wb") as file:
            write_mo(file, catalogue(lang))
    made = create_app(app.extensions["settings"])
    made.extensions["babel"].translation_directories[:] = [str(folder)]
    made.extensions["clock"] = lambda: NOW
    yield made
    made.extensions["database"].engine.dispose()


def corridors() -> list[tuple[str, str]]:
    """Country and currency of every corridor of data/corridors.toml."""
    listed = tomllib.loads((ROOT / "data" / "corridors.toml").read_text(encoding="utf-8"))
    return [
        (code, currency)
        for code, facts in listed.items()
        if isinstance(facts, dict)
        for currency in facts.get("currencies", ())
    ]


# ---- catalogues ----


@translated
def test_a_catalogue_is_whole_and_nothing_in_it_is_still_english(
    messages: Catalog, lang: str
) -> None:
    have = catalogue(lang)
    assert str(have.locale) == lang
    assert catalogues().faults(messages, have) == []
    assert [str(wrong) for _message, wrongs in have.check() for wrong in wrongs] == []


def test_no_message_has_a_percent_sign_of_its_own(messages: Catalog) -> None:
    assert catalogues().stray_signs(messages) == []


def test_what_stays_english_is_a_short_list_and_all_of_it_is_needed() -> None:
    for key, known in catalogues().SAME.items():
        for lang in known:
            found = catalogue(lang).get(key)
            assert found is not None
            assert key in catalogues().texts(found.string), (key, lang)
    assert len(catalogues().SAME) < 30


def form_of(have: Catalog, number: int) -> int:
    """Which form of a message a number takes, as gettext finds it from the head of the file."""
    rule = re.sub(r"\s+", " ", have.plural_expr).replace("&&", " and ").replace("||", " or ")
    return int(eval(conditional(rule), {"__builtins__": {}}, {"n": number}))  # noqa: S307


def conditional(rule: str) -> str:
    """a ? b : c of the head of a catalogue, as Python says it."""
    rule = rule.strip()
    while rule.startswith("(") and closes(rule) == len(rule) - 1:
        rule = rule[1:-1].strip()
    asked, mark, rest = rule.partition("?")
    if not mark:
        return rule
    yes, _colon, no = rest.partition(":")
    return f"({yes} if {asked} else {conditional(no)})"


def closes(rule: str) -> int:
    depth = 0
    for place, sign in enumerate(rule):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return place
    return -1


@translated
def test_each_number_takes_the_form_that_its_language_gives_it(lang: str) -> None:
    """CLDR says which numbers go together; no two that it keeps apart share a form of ours.

    None may go with many: Tigrinya counts it with one, where some texts say "one" in a word.
    """
    have, rule = catalogue(lang), Locale.parse(locale.FORMATS.get(lang, lang)).plural_form
    assert {form_of(have, number) for number in NUMBERS} == set(range(have.num_plurals))
    forms: dict[int, set[str]] = {}
    for number in NUMBERS[1:]:
        forms.setdefault(form_of(have, number), set()).add(rule(number))
    if lang in UNDIVIDED:
        assert have.num_plurals == 1
    else:
        assert all(len(kinds) == 1 for kinds in forms.values()), forms


@translated
def test_every_form_formats_with_every_number(lang: str) -> None:
    have, counted = catalogue(lang), 0
    for message in have:
        forms = catalogues().texts(message.string)
        if not message.pluralizable or not all(forms):
            continue
        counted += 1
        assert len(forms) == have.num_plurals
        names = dict.fromkeys(re.findall(r"%\((\w+)\)s", " ".join(message.id)), "x")
        for number in NUMBERS:
            text = forms[form_of(have, number)] % (names | {"num": str(number)})
            assert str(number) in text or alone(have, message, number), f"{number}: {text!r}"
    assert counted


def alone(have: Catalog, message: Message, number: int) -> bool:
    """Whether a number has a form to itself, so that a word can say it: "one way". French has
    one form for none and one, of which none cannot be where the English singular has no figure."""
    others = {other for other in NUMBERS if form_of(have, other) == form_of(have, number)}
    return others == {number} or (others == {0, 1} and "%(num)s" not in message.id[0])


# ---- figures and names ----

EURO, DIRHAM = Money(Decimal("1234.50"), "EUR"), Money(Decimal(2000), "MAD")
THEN = datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
WRITTEN = {
    "nl": "€ 1.234,50 | MAD 2.000 | 5,15% | 20 november 2026 | 3e kwartaal 2025 | "
    "12 minuten geleden | 5 uur geleden | 15 minuten",
    "en": "€1,234.50 | MAD 2,000 | 5.15% | 20 November 2026 | 3rd quarter 2025 | "
    "12 minutes ago | 5 hours ago | 15 minutes",
    "fr": "1 234,50 € | 2 000 MAD | 5,15 % | 20 novembre 2026 | 3e trimestre 2025 | "
    "il y a 12 minutes | il y a 5 heures | 15 minutes",
    "es": "1.234,50 € | 2.000 MAD | 5,15 % | 20 de noviembre de 2026 | 3.er trimestre 2025 | "
    "hace 12 minutos | hace 5 horas | 15 minutos",
    "pt": "1 234,50 € | 2 000 MAD | 5,15% | 20 de novembro de 2026 | 3.º trimestre 2025 | "
    "há 12 minutos | há 5 horas | 15 minutos",
    "tr": "€1.234,50 | MAD 2.000 | %5,15 | 20 Kasım 2026 | 3. çeyrek 2025 | "
    "12 dakika önce | 5 saat önce | 15 dakika",
    "ar": "\u200f1,234.50 € | \u200f2,000 د.م | 5.15% | 20 نوفمبر 2026 | "
    "الربع الثالث 2025 | قبل 12 دقيقة | قبل 5 ساعات | 15 دقيقة",
    "pl": "1 234,50 € | 2 000 MAD | 5,15% | 20 listopada 2026 | III kwartał 2025 | "
    "12 minut temu | 5 godzin temu | 15 minut",
    "fa": "\u200e€ 1,234.50 | \u200eMAD 2,000 | 5.15% | 20 نوامبر 2026 | "
    "سه\u200cماههٔ سوم 2025 | 12 دقیقه پیش | 5 ساعت پیش | 15 دقیقه",
    "so": "€1,234.50 | MAD 2,000 | 5.15% | Noofeembar 20, 2026 | Rubaca 3aad 2025 | "
    "12 daqiiqadood kahor | 5 saacadood kahor | 15 daqiiqo",
    "ti": "€1,234.50 | MAD 2,000 | 5.15% | 20/11/2026 | 3ይ ርብዒ 2025 | "
    "ቅድሚ 12 ደቒቕ | ቅድሚ 5 ሰዓት | 15 ደቒቓታት",
    "uk": "1 234,50 EUR | 2 000 MAD | 5,15% | 20 листопада 2026 | 3-й квартал 2025 | "
    "12 хвилин тому | 5 годин тому | 15 хвилин",
}
"""Money with and without cents, a share, a day, a quarter, how long ago, and how long; read by
people of these languages, from CLDR."""


@languages
def test_figures_and_times_are_written_as_the_language_does(app: Flask, lang: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        app.extensions["clock"] = lambda: THEN
        told = [
            locale.money(EURO),
            locale.short(DIRHAM),
            locale.shown_percent(Decimal("5.15")),
            locale.day(THEN),
            locale.quarter("2025_3Q"),
            ages.ago(THEN - timedelta(minutes=12)),
            ages.ago(THEN - timedelta(hours=5)),
            ages.span(15),
        ]
        app.extensions["clock"] = lambda: NOW
    assert plain(" | ".join(told)) == WRITTEN[lang]


@languages
def test_every_country_and_currency_has_a_name_in_the_language(app: Flask, lang: str) -> None:
    listed = corridors()
    assert len(listed) > 60
    with app.test_request_context(f"/{lang}/"):
        for code, currency in listed:
            names = [locale.country(code), locale.named(code)]
            names += [locale.currency(currency), locale.unit(currency)]
            for name in names:
                assert name
                assert name != code
                assert currency not in name
                if lang in SCRIPTS:
                    assert not re.search("[A-Za-z]", name.replace("CFA", "")), name


def test_the_names_of_our_own_are_needed(app: Flask) -> None:
    """A fallback that CLDR has made needless must go."""
    for currency in locale.UNNAMED:
        found = [get_currency_name(currency, locale=Locale(lang)) for lang in LANGUAGES]
        assert currency in found
        for lang in LANGUAGES:
            with app.test_request_context(f"/{lang}/"):
                assert currency not in locale.currency(currency)
    for (lang, code), name in locale.NAMES.items():
        assert Locale(lang).territories[code] != name
        with app.test_request_context(f"/{lang}/"):
            assert locale.country(code) == name
            assert (code, name) in locale.countries()


ALPHABETS = {
    "nl": ["België", "Egypte", "Ethiopië", "Oekraïne", "Zweden"],
    "fr": ["Albanie", "Égypte", "Espagne", "États-Unis", "Éthiopie", "Zambie"],
    "es": ["Egipto", "Emiratos Árabes Unidos", "Etiopía", "México", "Níger", "Turquía"],
    "pl": ["Łotwa", "Maroko", "Meksyk"],
    "tr": ["Irak", "İran", "İspanya", "Kanada"],
    "uk": ["Еритрея", "Ефіопія", "Єгипет", "Ізраїль", "Ірак", "Йорданія", "Кенія", "Японія"],
    "ar": ["إثيوبيا", "الجزائر", "المغرب", "باكستان", "تركيا", "هولندا"],
    "fa": ["آلمان", "ایران", "پاکستان", "ترکیه", "چین", "غنا", "کنیا", "هند"],
}


@pytest.mark.parametrize("lang", ALPHABETS)
def test_names_stand_in_the_order_of_their_alphabet(app: Flask, lang: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        names = [name for _code, name in locale.countries()]
    listed = [name for name in names if name in ALPHABETS[lang]]
    assert listed == [name for name in ALPHABETS[lang] if name in names]
    assert len(listed) > 2
    assert names == sorted(names, key=locale.alphabetical)


# ---- amounts that people type ----

THIN, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
COMMA, DOT = ["1000,50", "1 000,50", f"1{THIN}000,50", f"1{HARD}000,5"], ["1000.50", "1'000.50"]
TYPED = {
    **{lang: [*COMMA, "1.000,50", "1000.50"] for lang in ("nl", "es", "tr")},
    **{lang: [*COMMA, "1000.50"] for lang in ("fr", "pt", "pl", "uk")},
    **{lang: [*DOT, "1,000.50", "1000,50"] for lang in ("en", "ar", "fa", "so", "ti")},
}
NATIVE = ["١٠٠٠٫٥٠", "١٬٠٠٠٫٥٠", "۱۰۰۰٫۵۰", "۱٬۰۰۰٫۵", "١٠٠٠,٥٠", "1٬000٫50"]
TWO_MEANINGS = ["١٬٠٠", "١٫٠٠٠", "٫٥", "٢٠0", "٢۰٠", "٢٠٠٫٥٫٥", "२००", "200٫001", "٢٠٠-"]


@languages
def test_an_amount_is_read_as_people_of_the_language_type_it(app: Flask, lang: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        for text in [*TYPED[lang], *NATIVE]:
            assert amounts.typed_amount(text, "EUR") == Money(Decimal("1000.50"), "EUR"), text
        assert amounts.typed_amount("٢٠٠ €", "EUR") == Money(Decimal(200), "EUR")
        for text in TWO_MEANINGS:
            with pytest.raises(BadAmount):
                amounts.typed_amount(text, "EUR")
        example = amounts.example_amount()
        assert amounts.typed_amount(example, "EUR") == Money(Decimal("1000.50"), "EUR")


@pytest.mark.parametrize("lang", ["ar", "fa", "nl"])
def test_figures_of_arabic_and_persian_ask_the_same_question(app: Flask, lang: str) -> None:
    client = app.test_client()
    for text in ("٢٠٠", "۲۰۰"):
        query = {"side": "pay", "amount": text, "from": "NL", "to": "MA"}
        answer = client.get(f"/{lang}/send", query_string=query)
        assert answer.location == f"/{lang}/send/nl/ma?pay=200"
        answer = client.get(f"/{lang}/send/nl/ma", query_string={"pay": text})
        assert answer.status_code == 200
        links = [link for link in Reader(answer.text).links if link.startswith("/en/send/")]
        assert links == ["/en/send/nl/ma?pay=200"]


# ---- pages ----

KINDS = {kind: address for kind, address in {**PAGES, **SELDOM}.items() if "{lang}" in address}


def asked_in_all(client: FlaskClient, address: str) -> dict[str, Any]:
    return {lang: client.get(address.format(lang=lang)) for lang in LANGUAGES}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_there_in_every_language_and_leads_to_all_others(app: Flask, kind: str) -> None:
    answers = asked_in_all(app.test_client(), KINDS[kind])
    assert len({answer.status_code for answer in answers.values()}) == 1
    assert answers["nl"].status_code < 500
    alternates = []
    for lang, answer in answers.items():
        assert faults(answer.text, lang) == []
        page = Page(answer.text)
        (root,) = page.all("html")
        assert root["dir"] == Locale(lang).text_direction
        menu = [one for one in page.all("a") if "hreflang" in one and one["href"][0] == "/"]
        assert [one["hreflang"] for one in menu] == list(LANGUAGES)
        for one in menu:
            assert one["lang"] == one["hreflang"]
            assert_same_question(one["href"], one["lang"], KINDS[kind].format(lang=lang), lang)
        hidden = any(one.get("content") == "noindex" for one in page.all("meta"))
        if answer.status_code == 200 and not hidden:
            links = [one for one in page.all("link") if one.get("rel") == "alternate"]
            told = {one["hreflang"]: one["href"] for one in links if "hreflang" in one}
            assert set(told) - {"x-default"} == set(LANGUAGES)
            (canonical,) = (one["href"] for one in page.all("link") if one["rel"] == "canonical")
            assert told[lang] == canonical
            alternates.append(told)
    assert all(told == alternates[0] for told in alternates), "the links are not mutual"


def assert_same_question(link: str, there: str, address: str, here: str) -> None:
    """A link to another language asks what was asked here; what cannot be asked keeps its text."""
    if address.endswith("/nothing"):
        assert link == f"/{there}/"
        return
    wanted, found = urlsplit(address), urlsplit(link)
    assert found.path == wanted.path.replace(f"/{here}/", f"/{there}/", 1)
    assert found.query == wanted.query


def test_the_head_of_a_catalogue_is_understood() -> None:
    """That form_of counts as gettext does, in the one language with six forms."""
    have = Catalog(locale="ar")
    counted = [form_of(have, number) for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103)]
    assert counted == [0, 1, 2, 3, 3, 5, 5, 4, 4, 3]


SPOILT = {
    "still English": ("Fee of %(name)s", "Fee of %(name)s"),
    "placeholders differ": ("Fee of %(name)s", "Tarief van"),
    "not translated": ("Fee of %(name)s", ""),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_what_is_wrong_with_a_translation_is_found(fault: str, tmp_path: Path) -> None:
    key, text = SPOILT[fault]
    wanted, have = Catalog(locale="nl"), Catalog(locale="nl")
    wanted.add(key)
    have.add(key, text)
    (found,) = catalogues().faults(wanted, have)
    assert found.startswith(fault)


def test_the_same_word_in_two_languages_is_let_be_where_it_is_known() -> None:
    for lang, allowed in (("nl", True), ("fr", False)):
        wanted, have = Catalog(locale=lang), Catalog(locale=lang)
        wanted.add("bank")
        have.add("bank", "bank")
        assert (catalogues().faults(wanted, have) == []) == allowed
        wanted, have = Catalog(locale=lang), Catalog(locale=lang)
        wanted.add("%(a)s: %(b)s")
        have.add("%(a)s: %(b)s", "%(a)s: %(b)s")
        assert catalogues().faults(wanted, have) == []
    stray = Catalog()
    stray.add("at least 60 % of %(name)s")
    stray.add("%(percent)s and 5 %% of it")
    assert len(catalogues().stray_signs(stray)) == 1
