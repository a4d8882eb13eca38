"""Names that could be taken for each other are found, honest ones are not."""

from __future__ import annotations

import tomllib

import pytest

from app.domain.lookalike import alike, skeleton
from config import ROOT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wise", "W\u0456s\u0435"),  # two Cyrillic letters
        ("Wise", "WISE."),
        ("Wise", "W1se"),
        ("Remitly", "Rernitly"),
        ("Ria", "R\u00eda"),
        ("MoneyGram", "Money Gram"),
        ("MoneyGram", "M0ney-Gram"),
        ("PayPal", "\u0420\u0430y\u0420\u0430l"),
        ("Xoom", "\u03a7oom"),
        ("Western Union", "VVestern Union"),
        ("Paysend", "Pays\u200bend"),
        ("Paysend", "Ｐａｙｓｅｎｄ"),  # noqa: RUF001
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Ria", "Rio"), ("Wise", "Wizer"), ("ING", "ABN")])
def test_other_names_have_another(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


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
