"""Faults of HTTP: answers that are whole, and not what was asked for. F17, F18, F20 to F30."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.lab.tree import parse, written
from tests.lab.wire import LabReply, LabRequest, example

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Case:
    """good      what would have been answered
    count     how many requests the fault has met, this one included; from 1
    lab_url   where the lab listens
    kept      what the fault remembers between requests
    """

    request: LabRequest
    good: LabReply
    variant: str
    count: int
    now: datetime
    lab_url: str
    kept: dict[Hashable, LabReply]


Answer = Callable[[Case], LabReply]

PAGE = "<!doctype html><html><head><title>{0}</title></head><body>{1}</body></html>"
FORM = "<form method=post><input name=email><input name=password type=password></form>"
LOGIN = PAGE.format("Log in", FORM).encode()
HOME = PAGE.format("Send money online", "Welcome").encode()
LOST = PAGE.format("Page not found", "Oops").encode()
TURNSTILE = b"""<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>
<script>window._cf_chl_opt={cvId:'3',cType:'managed'};</script></body></html>"""

METADATA = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"

WAITS = {
    "negative": "-5",
    "huge": "99999999999",
    "word": "soon",
    "empty": "",
}
"""Spellings of Retry-After that are no time to wait."""

FORBIDDEN = "User-agent: *\nDisallow: /\n"


def page(body: bytes, status: int = 200, **headers: str) -> LabReply:
    return LabReply(body, status, HTML, {name.replace("_", "-"): headers[name] for name in headers})


def redirect(target: str, status: int = 302) -> LabReply:
    return LabReply(b"", status, HTML, {"Location": target})


def redirect_loop(case: Case) -> LabReply:
    return redirect(f"https://{case.request.host}{case.request.path}")


def redirect_inside(case: Case) -> LabReply:
    targets = {"loopback": f"{case.lab_url}/__lab/secret", "metadata": METADATA}
    return redirect(targets[case.variant])


def limited_seconds(case: Case) -> LabReply:
    return _limited("120")


def limited_oddly(case: Case) -> LabReply:
    soon = case.now + timedelta(minutes=2)
    dates = {
        "date": format_datetime(soon, usegmt=True),
        "date past": format_datetime(case.now - timedelta(days=1), usegmt=True),
        "old date": soon.strftime("%A, %d-%b-%y %H:%M:%S GMT"),
    }
    return _limited((dates | WAITS)[case.variant])


def storm(case: Case) -> LabReply:
    """Every second request fails, the first one first."""
    if case.count % 2:
        return LabReply(b"Service Unavailable", 503, "text/plain")
    return case.good


def blocked(case: Case) -> LabReply:
    match case.variant:
        case "cloudflare":
            body = example("generic_cloudflare_challenge_403.html")
            return page(body, 403, Server="cloudflare", cf_mitigated="challenge")
        case "datadome":
            body = example("moneygram_captcha_403.json")
            return LabReply(body, 403, headers={"X-DataDome": "protected"})
    return page(example("westernunion_akamai_403.html"), 403, Server="AkamaiGHost")


def challenge(case: Case) -> LabReply:
    if case.variant == "script":
        return page(TURNSTILE)
    body = example("generic_cloudflare_challenge_403.html")
    return page(body, Server="cloudflare", cf_mitigated="challenge")


def login(case: Case) -> LabReply:
    return page(LOGIN)


def maintenance(case: Case) -> LabReply:
    reply = page(example("generic_html_200_instead_of_json.html"))
    return replace(reply, media_type="application/json") if case.variant == "as json" else reply


def other_charset(case: Case) -> LabReply:
    """The good reply with one name more in it, in another encoding than JSON's."""
    body = case.good.body
    if case.variant == "byte order mark":
        return replace(case.good, body=b"\xef\xbb\xbf" + body)
    text = _with_a_name(body)
    if case.variant == "utf-16":
        return replace(case.good, body=text.encode("utf-16"))
    return replace(
        case.good,
        body=text.encode("latin-1", errors="replace"),
        media_type="application/json; charset=utf-8",
    )


def nothing(case: Case) -> LabReply:
    bodies = {"no byte": b"", "list": b"[]", "object": b"{}", "null": b"null"}
    return replace(case.good, body=bodies[case.variant])


def moved(case: Case) -> LabReply:
    """Everything leads to the home page, and that one is well."""
    if case.variant == "soft 404":
        return page(LOST)
    if case.request.path == "/":
        return page(HOME)
    return redirect(f"https://{case.request.host}/", 301)


def robots_closed(case: Case) -> LabReply:
    if case.variant == "server error":
        return LabReply(b"Internal Server Error", 500, "text/plain")
    return LabReply(FORBIDDEN.encode(), 200, "text/plain")


def frozen(case: Case) -> LabReply:
    """To each question what it was answered first."""
    asked = case.request
    question = (asked.method, asked.path, tuple(sorted(asked.query.items())), asked.body)
    return case.kept.setdefault(question, case.good)


def _limited(wait: str) -> LabReply:
    return LabReply(example("generic_429.txt"), 429, "text/plain", {"Retry-After": wait})


def _with_a_name(body: bytes) -> str:
    try:
        tree = parse(body)
    except ValueError:
        return body.decode() + "Soci\u00e9t\u00e9"
    first = tree[0] if isinstance(tree, list) and tree else tree
    if isinstance(first, dict):
        first["operator"] = "Soci\u00e9t\u00e9 G\u00e9n\u00e9rale"
    return written(tree)
