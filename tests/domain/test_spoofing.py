"""Names that pass for others are found, and no honest name is refused."""

from __future__ import annotations

import tomllib

import pytest

from app.domain.spoofing import Forged, alike, forged, looks_like, skeleton
from config import ROOT

LISTED = ["Wise", "Western Union", "Ria", "WorldRemit", "Taptap Send", "ABN AMRO", "MoneyGram"]
HONEST = [
    "Suri-Change B.V.",
    "Geldmaker & Zoon",
    "Đồng Á Bank",
    "Česká spořitelna",
    "شركة الصرافة العربية",
    "مُحَوِّل",
    "شرکت می‌فرستیم",
    "نامه‌رسان",
    "בנק לאומי",
    "שָׁלוֹם",
    "பணம் அனுப்பு",
    "क्‍ष बैंक",
    "ශ්‍රී ලංකා බැංකුව",
    "ገንዘብ ላኪ",
    "Приватбанк",
    "Дія",
    "Ελληνική Τράπεζα",
    "Հայբանկ",
    "中国银行",
    "งธนาคาร",
    "Wisent",
    "Riad Transfer",
    "Union West",
    "3R Money",
]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_name_in_any_script_passes(name: str) -> None:
    assert forged(name) is None
    assert looks_like(name, LISTED) is None


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("Wіse", "Wise"),
        ("Ԝise", "Wise"),
        ("W1se", "Wise"),
        ("WISE", "Wise"),
        ("W i s e", "Wise"),
        ("Wise.", "Wise"),
        ("Ｗｉｓｅ", "Wise"),
        ("𝐖𝐢𝐬𝐞", "Wise"),
        ("Wisé", "Wise"),
        ("Wlse", "Wise"),
        ("VVise", "Wise"),
        ("Rіа", "Ria"),
        ("Ρia", None),
        ("Wеstеrn Uniоn", "Western Union"),
        ("Westem Union", "Western Union"),
        ("W0rldRemit", "WorldRemit"),
        ("АВN АМRО", "ABN AMRO"),
        ("ΜοneyGram", "MoneyGram"),
    ],
)
def test_a_look_alike_is_found(name: str, like: str | None) -> None:
    assert looks_like(name, LISTED) == like


@pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f")
def test_signs_that_turn_words_round_are_refused(sign: str) -> None:
    assert forged(f"Wise{sign}knab") is Forged.TURNS


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", Forged.EMPTY),
        (" -- ", Forged.EMPTY),
        ("\u3164", Forged.HIDDEN),
        ("x" * 5000, Forged.TOO_LONG),
        ("Wi\u200bse", Forged.HIDDEN),
        ("Wi\u200cse", Forged.HIDDEN),
        ("\u200dWise", Forged.HIDDEN),
        ("Wi\u00adse", Forged.HIDDEN),
        ("Wi\ufeffse", Forged.HIDDEN),
        ("W\u0301\u0301\u0301\u0301ise", Forged.MARKS),
        ("Wi\nse", Forged.CONTROL),
        ("Wi\0se", Forged.CONTROL),
        ("Wi\u2028se", Forged.CONTROL),
        ("Wi\ue000se", Forged.CONTROL),
    ],
)
def test_what_no_honest_name_has(name: str, why: Forged | None) -> None:
    assert forged(name) is why


def test_names_that_differ_to_the_eye_have_different_skeletons() -> None:
    assert len({skeleton(name) for name in [*LISTED, *HONEST]}) == len(LISTED) + len(HONEST)


def test_firms_with_a_name_alike_are_found_both() -> None:
    names = {"wise": ["Wise", "TransferWise"], "new": ["W1se"], "ria": ["Ria"]}
    assert alike(names) == {"wise": {"new"}, "new": {"wise"}}


def test_a_firm_is_not_like_itself() -> None:
    assert alike({"moneygram": ["MoneyGram", "Money Gram"]}) == {}


def test_none_of_the_firms_that_ship_is_flagged() -> None:
    listed = tomllib.loads((ROOT / "data" / "providers.toml").read_text(encoding="utf-8"))
    names = {slug: [one["name"], *one.get("names", [])] for slug, one in listed.items()}
    assert len(names) > 30
    assert alike(names) == {}
