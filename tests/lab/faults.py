"""Every fault that a server can play on us, by number. docs/lab.md tells how to switch them.

`ELSEWHERE` has the numbers that are not a server's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.contract import Trouble
from tests.lab import answers, meaning, transport
from tests.lab.answers import Answer
from tests.lab.meaning import FOREIGN, HOSTILE, SPELLINGS, Bend
from tests.lab.transport import Play

T = Trouble


@dataclass(frozen=True, slots=True)
class Fault:
    """says      what the server does
    troubles  what the trouble may be called; none: the reply alone does not show it
    then      what else is right, or what must happen where no trouble is named
    variants  ways to do it; the first one is what you get without a wish
    """

    id: str
    says: str
    troubles: tuple[Trouble, ...] = ()
    then: str = ""
    variants: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFault(Fault):
    """Plays on the socket. `spares_first`: the first request of each connection goes well."""

    does: Play
    spares_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFault(Fault):
    """Answers something else."""

    does: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningFault(Fault):
    """Bends the good JSON."""

    does: Bend


TRANSPORT = (
    WireFault(
        "F02", "the body drips, a byte at a time", (T.TIMEOUT,), does=transport.dripping_body
    ),
    WireFault(
        "F03",
        "status and headers drip, a byte at a time",
        (T.TIMEOUT,),
        does=transport.dripping_head,
    ),
    WireFault(
        "F04",
        "the body never ends",
        (T.TOO_LARGE,),
        variants=("until close", "chunked"),
        does=transport.endless_body,
    ),
    WireFault("F05", "200 kB of gzip hold 200 MB", (T.TOO_LARGE,), does=transport.gzip_bomb),
    WireFault("F06", "half a gzip, no length", (T.BROKEN_REPLY,), does=transport.cut_gzip),
    WireFault("F07", "half of the promised length", (T.BROKEN_REPLY,), does=transport.short_body),
    WireFault("F08", "half a body, no length", (T.NOT_JSON,), does=transport.cut_body),
    WireFault("F09", "says gzip and is not", (T.BROKEN_REPLY,), does=transport.no_gzip),
    WireFault(
        "F10",
        "reset in the middle of the body",
        (T.CONNECTION, T.BROKEN_REPLY),
        does=transport.reset_in_body,
    ),
    WireFault(
        "F11",
        "reset before an answer; a lab that is closed is a closed port",
        (T.CONNECTION, T.BROKEN_REPLY),
        does=transport.reset_at_once,
    ),
    WireFault(
        "F14",
        "the connection ends without an answer, as after an HTTP/2 GOAWAY",
        (T.CONNECTION, T.BROKEN_REPLY),
        does=transport.silent_close,
    ),
    WireFault(
        "F15",
        "a kept connection is closed when it is used again",
        then="a second try on a fresh connection goes well",
        does=transport.silent_close,
        spares_first=True,
    ),
    WireFault("F16", "a header of 2 MB", (T.BROKEN_REPLY, T.TOO_LARGE), does=transport.huge_header),
    AnswerFault("F17", "redirects to itself", (T.REDIRECTED,), does=answers.redirect_loop),
    AnswerFault(
        "F18",
        "redirects to an address inside",
        (T.REDIRECTED, T.PRIVATE_ADDRESS),
        then="nobody asks for what is inside",
        variants=("loopback", "metadata"),
        does=answers.redirect_inside,
    ),
)

HTTP = (
    AnswerFault("F20", "429 and a wait in seconds", (T.LIMITED,), does=answers.limited_seconds),
    AnswerFault(
        "F21",
        "429 and a wait in another spelling",
        (T.LIMITED,),
        variants=("date", "date past", "old date", *answers.WAITS),
        does=answers.limited_oddly,
    ),
    AnswerFault(
        "F22",
        "503 to every second request, the first one first",
        (T.SERVER_ERROR,),
        then="or the second try goes well",
        does=answers.storm,
    ),
    AnswerFault(
        "F23",
        "403 and a page that blocks",
        (T.BLOCKED,),
        then="nobody tries to get around it",
        variants=("akamai", "cloudflare", "datadome"),
        does=answers.blocked,
    ),
    AnswerFault(
        "F24",
        "200 and a page that wants proof of a human",
        (T.BLOCKED, T.NOT_JSON),
        variants=("header", "script"),
        does=answers.challenge,
    ),
    AnswerFault("F25", "200 and a login page", (T.NOT_JSON, T.BLOCKED), does=answers.login),
    AnswerFault(
        "F26",
        "200 and a page of maintenance",
        (T.NOT_JSON,),
        variants=("as html", "as json"),
        does=answers.maintenance,
    ),
    AnswerFault(
        "F27",
        "a name in another encoding than JSON's",
        (T.SCHEMA, T.NOT_JSON),
        then="a byte order mark is let go",
        variants=("latin-1", "utf-16", "byte order mark"),
        does=answers.other_charset,
    ),
    AnswerFault(
        "F28",
        "200 and nothing in it",
        (T.EMPTY, T.NOT_JSON, T.SCHEMA),
        then="never: not offered",
        variants=("no byte", "list", "object", "null"),
        does=answers.nothing,
    ),
    AnswerFault(
        "F29",
        "everything leads to the home page",
        (T.REDIRECTED, T.NOT_JSON, T.GONE),
        variants=("moved", "soft 404"),
        does=answers.moved,
    ),
    AnswerFault(
        "F30",
        "robots.txt closes the site",
        (T.ROBOTS,),
        variants=("disallow", "server error"),
        does=answers.robots_closed,
    ),
)

MEANING = (
    MeaningFault(
        "F31",
        "a field has another name",
        (T.SCHEMA,),
        variants=("rate", "fee", "received", "amount"),
        does=meaning.renamed,
    ),
    MeaningFault(
        "F32",
        "numbers become texts and texts numbers",
        (T.SCHEMA, T.CONTRADICTION),
        variants=("text or number", "list", "object"),
        does=meaning.retyped,
    ),
    MeaningFault("F33", "a decimal comma", (T.SCHEMA,), does=meaning.decimal_comma),
    MeaningFault(
        "F34",
        "a dot between thousands",
        (T.SCHEMA, T.NOT_JSON, T.CONTRADICTION),
        "or held: identity, reference",
        does=meaning.thousands_dot,
    ),
    MeaningFault(
        "F35",
        "odd spaces and signs",
        (T.SCHEMA,),
        variants=tuple(SPELLINGS),
        does=meaning.odd_spelling,
    ),
    MeaningFault(
        "F36",
        "digits of another script, underscores, exponents",
        (T.SCHEMA, T.NOT_JSON),
        variants=(*FOREIGN, "exponent"),
        does=meaning.foreign_digits,
    ),
    MeaningFault(
        "F37",
        "no number at all",
        (T.NOT_JSON, T.SCHEMA),
        variants=("NaN", "Infinity", "1e400"),
        does=meaning.no_number,
    ),
    MeaningFault("F38", "keys that are there twice", (T.NOT_JSON,), does=meaning.doubled_keys),
    MeaningFault(
        "F39",
        "another unit",
        (T.CONTRADICTION, T.SCHEMA),
        "or held: reference, range",
        ("rate", "cents", "hundredth"),
        does=meaning.other_units,
    ),
    MeaningFault("F40", "the rate upside down", then="held: reference", does=meaning.inverted),
    MeaningFault(
        "F41",
        "another currency, or the direction reversed",
        (T.CONTRADICTION, T.SCHEMA),
        "or held: echo",
        ("code", "direction"),
        does=meaning.swapped_currency,
    ),
    MeaningFault(
        "F42",
        "a fee that cannot be",
        (T.SCHEMA, T.CONTRADICTION),
        "or held: range, identity, reference",
        ("negative", "above the amount", "zero"),
        does=meaning.odd_fee,
    ),
    MeaningFault(
        "F43",
        "an offer for new customers as if for all",
        then="held: better than mid, own history",
        does=meaning.promotional,
    ),
    MeaningFault("F44", "times of the day before", then="held: time", does=meaning.stale_times),
    AnswerFault("F45", "the same body for ever", then="held: time (frozen)", does=answers.frozen),
    MeaningFault(
        "F46",
        "the answer is about another corridor",
        (T.CONTRADICTION, T.SCHEMA),
        "or held: reference",
        does=meaning.other_corridor,
    ),
    MeaningFault(
        "F47",
        "a row twice, one of them different",
        (T.CONTRADICTION,),
        "or both held",
        does=meaning.doubled_rows,
    ),
    MeaningFault(
        "F48",
        "70 % of the rows are gone",
        (T.EMPTY, T.SCHEMA),
        "or held: completeness",
        does=meaning.missing_rows,
    ),
    MeaningFault(
        "F49",
        "limits and steps of amounts are others",
        then="the amounts are asked anew one by one",
        does=meaning.other_limits,
    ),
    MeaningFault(
        "F50",
        "scripts and more in a text",
        (T.TOO_LARGE,),
        "or shown as text",
        tuple(HOSTILE),
        does=meaning.hostile_text,
    ),
)

FAULTS = {fault.id: fault for fault in (*TRANSPORT, *HTTP, *MEANING)}

ELSEWHERE = {
    "F01": "tests/scrapers/http",  # an address that nobody answers at
    "F12": "tests/scrapers/http",  # no such name
    "F13": "tests/scrapers/http",  # certificates
    "F19": "tests/scrapers/http",  # proxies in the environment
    "F51": "tests/domain",  # a clock that is wrong
    "F52": "tests/collect",  # summer time
    "F53": "tests/db",  # locked, or an update lost
    "F54": "tests/collect",  # the database goes away
    "F55": "tests/collect",  # killed in a transaction
    "F56": "tests/db",  # disk full
    "F57": "tests/collect",  # two schedulers
    "F58": "tests/collect",  # work longer than its slot
    "F59": "tests/collect",  # slots missed under load
    "F60": "bench",  # memory grows
}
"""Those that no server can play, and where they belong."""
