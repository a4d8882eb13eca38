"""The check of every page finds each fault that it is there for."""

from __future__ import annotations

import pytest

from tests.checked_page import faults

GOOD = """<!doctype html>
<html lang="nl" dir="ltr">
<head><title>Prijzen · Huiswaarts</title>
<link rel="stylesheet" href="/static/site.css"><link rel="icon" href="/static/mark.svg">
<link rel="canonical" href="https://huiswaarts.example/nl/"></head>
<body><a href="#main">Naar de inhoud</a>
<section id="main" aria-labelledby="top"><h1 id="top">Prijzen</h1>
<form><label for="amount">Bedrag</label><input id="amount" name="amount">
<input type="hidden" name="kept"></form>
<a href="https://elsewhere.example" rel="noreferrer">Elders</a>
<svg width="10"><rect width="5%"/></svg></section></body></html>
"""

PLANTED = [
    ("<!doctype html>", "", "no doctype"),
    ('lang="nl"', "", "lang is None"),
    ('lang="nl"', 'lang="en"', "lang is 'en'"),
    (' dir="ltr"', "", "no direction"),
    ("Prijzen · Huiswaarts", " · Huiswaarts", "no title"),
    ("<title>Prijzen · Huiswaarts</title>", "", "no title"),
    ("h1", "h2", "0 h1 headings"),
    ("<form>", "<form><h1>Weer</h1>", "2 h1 headings"),
    ("<form>", '<form id="main">', "id 'main' stands 2 times"),
    ('href="#main"', 'href="#"', "link to nothing: '#'"),
    ('href="#main"', 'href=""', "link to nothing: ''"),
    ('href="#main"', 'href="#gone"', "link to '#gone', which is not on the page"),
    ('"top"><h1', '"gone"><h1', "aria-labelledby names 'gone', which is not on the page"),
    (' rel="noreferrer"', "", "https://elsewhere.example would be told where the reader came from"),
    ('for="amount"', 'for="other"', "field 'amount' has no label"),
    ("<form>", "<form><script>1</script>", "a script in the page itself"),
    ("<form>", '<form><script src="https://cdn.example/a.js"></script>', "https://cdn.example"),
    ("<form>", "<form><style>p {}</style>", "a style element"),
    ("<form>", '<form style="color: red">', "style on <form>"),
    ("<form>", '<form onsubmit="go()">', "onsubmit on <form>"),
    ('<svg width="10">', '<img src="//cdn.example/x.png"><svg>', "//cdn.example/x.png is loaded"),
    ("/static/site.css", "https://cdn.example/a.css", "https://cdn.example/a.css is loaded"),
    ("/static/mark.svg", "http://cdn.example/a.svg", "http://cdn.example/a.svg is loaded"),
    ("Bedrag", "Bedrag %(amount)s", "'%(' is left over"),
    ("Bedrag", "Bedrag {{ amount }}", "'{{' is left over"),
]


def test_a_good_page_has_no_faults() -> None:
    assert faults(GOOD, "nl") == []


@pytest.mark.parametrize(("right", "wrong", "fault"), PLANTED, ids=[one[2] for one in PLANTED])
def test_each_planted_fault_is_found(right: str, wrong: str, fault: str) -> None:
    assert right in GOOD
    found = faults(GOOD.replace(right, wrong), "nl")
    assert any(one.startswith(fault) for one in found), found


def test_a_page_may_be_in_any_language_where_its_address_names_none() -> None:
    assert faults(GOOD.replace('lang="nl"', 'lang="fy"')) == []


def test_what_is_no_page_at_all_is_a_fault_and_not_a_crash() -> None:
    assert "no doctype" in faults("")
