"""Markdown becomes HTML that can do nothing but be read, whatever is written in it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from app.web.markdown import REL, cleaned, is_safe, markdown
from tests.web.attacks import ATTACKS

MADE = re.compile(
    r"</?(p|h[2-4]|ul|li|strong|em|code|pre|blockquote|table|thead|tbody|tr|t[hd])>"
    r'|<ol( start="[0-9]+")?>|</ol>|<br>|<hr>|</a>'
    rf'|<a href="(https?://[^"\s]+" rel="{REL}"|/[^/"\s][^"\s]*"|/")>'
)
"""Every tag that may be made."""


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "around",
    [
        *("{}", "# {}", "- {}", "> {}", "[{}](https://a.example/)", "[a]({})", "[a](<{}>)"),
        *("![{}]({})", "<{}>", "`{}`", "    {}", "| {} |\n| --- |\n| {} |", "[a]: {}\n\n[a]"),
        *("**{}**", "```{}\n{}\n```", '[a](https://a.example/ "{}")'),
    ],
)
def test_nothing_but_our_own_tags_comes_out(attack: str, around: str) -> None:
    html = str(markdown(around.replace("{}", attack)))
    assert "<" not in MADE.sub("", html), html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A", "<h2>A</h2>"),
        ("### A\n\n# B\n\n## C\n\n###### D", "<h2>A</h2>\n<h2>B</h2>\n<h3>C</h3>\n<h4>D</h4>"),
        ("## A\n\n#### B\n\n### C", "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>"),
        ("{{7*7}}", "<p>{{7*7}}</p>"),
        ("[a](/nl/news)", '<p><a href="/nl/news">a</a></p>'),
        (
            "[a](https://a.example/b 'c')",
            f'<p><a href="https://a.example/b" rel="{REL}">a</a></p>',
        ),
        ("![a map](https://a.example/b.png)", "<p>a map</p>"),
        (
            "| | a |\n| --- | --- |\n| b | |",
            "<table> <thead> <tr> <td></td> <th>a</th> </tr> </thead>"
            " <tbody> <tr> <td>b</td> <td></td> </tr> </tbody> </table>".replace(" ", "\n"),
        ),
        ("a\\\nb", "<p>a<br>\nb</p>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    ],
)
def test_what_is_made_of_what(text: str, html: str) -> None:
    assert str(markdown(text)).strip() == html


def test_headings_never_skip_a_level() -> None:
    for levels in ((1, 3, 6), (6, 1, 4, 2, 5), (2, 2, 4, 4, 3), (4, 3, 2, 1)):
        html = str(markdown("\n\n".join(f"{'#' * level} x" for level in levels)))
        made = [1, *map(int, re.findall(r"<h([2-4])>", html))]
        assert len(made) == len(levels) + 1
        assert all(after <= before + 1 for before, after in pairwise(made))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "https:evil.example",
        "https:///evil.example",
        "https://good.example@evil.example/",
        "https://evil.example\\@good.example/",
        "http://localhost/",
        "mailto:a@b.example",
        "news",
        "#main",
        "",
        "https://a.example/\u202e",
        "https://\u0430.example/",
    ],
)
def test_a_link_leads_to_the_web_or_to_our_own_pages(address: str) -> None:
    assert not is_safe(address)


BARE = re.compile(MADE.pattern + "|<a>")
"""As `MADE`, with links that lead nowhere any more."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_second_lock_holds_alone(attack: str) -> None:
    for html in (attack, f'<a href="{attack}" rel="opener">x</a>', f"<p {attack}>x</p>"):
        assert "<" not in BARE.sub("", str(cleaned(html)))


@pytest.mark.parametrize("address", ["//evil.example/", "http://a@evil.example/", "mailto:a@b.c"])
def test_the_second_lock_looks_at_links_too(address: str) -> None:
    assert str(cleaned(f'<a href="{address}">x</a>')) == "<a>x</a>"
