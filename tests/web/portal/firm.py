"""A firm at the portal in tests: its staff, a coherent file, and what the pages carry."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

from werkzeug.test import TestResponse

from app.db import prices, proposals, rates
from app.domain.account import Role
from app.domain.corridor import Corridor
from app.domain.midrate import MidReading
from app.domain.proposal import Proposal
from app.domain.quote import Price
from app.domain.submitted import NAMES
from tests.domain.test_submitted import GOOD
from tests.work import SignedIn, Workplace

FIRM, OTHER = "profee", "ria"
NL_MA = Corridor("NL", "EUR", "MA", "MAD")


def row(
    rate: str = "10.60", paid: str = "200.00", fee: str = "3.10", **other: str
) -> dict[str, str]:
    """One coherent line, near the mid rate of `market`; `other` may spoil it."""
    received = (Decimal(paid) - Decimal(fee)) * Decimal(rate)
    facts = {"paid": paid, "fee": fee, "rate": rate, "received": f"{received:.2f}"}
    return GOOD | facts | other


def file_of(*rows: dict[str, str]) -> str:
    lines = [NAMES, *([one[name] for name in NAMES] for one in rows)]
    return "".join(",".join(line) + "\r\n" for line in lines)


def market(work: Workplace) -> None:
    """The mid rate of now: that of the shipped data is too old to weigh a price of today."""
    reading = MidReading("ecb", "ecb", "MAD", Decimal("10.9"), work.now)
    with work.database.writing() as session:
        rates.add_readings(session, "ecb", [reading])


def staff(work: Workplace, firm: str = FIRM) -> SignedIn:
    market(work)
    return work.by(Role.PROVIDER, provider=firm)


def upload(browser: SignedIn, data: str | bytes, **other: str) -> TestResponse:
    """Written here and not by the test client, which leaves a large one in an open file."""
    body = data.encode() if isinstance(data, str) else data
    part = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    parts = [part % (name.encode(), b"", value.encode()) for name, value in other.items()]
    parts.append(part % (b"file", b'; filename="prices.csv"', body))
    sent = b"".join(parts) + b"--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    return browser.post("/portal/prices/preview", data=sent, content_type=kind)


def hidden(page: TestResponse, name: str) -> str:
    """The value of a field that a page carries."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page.text)
    assert found, f"no {name} on the page"
    return unescape(found[1])


def propose(browser: SignedIn, *rows: dict[str, str], **other: str) -> int:
    """Through preview and "propose"; the number of the proposal."""
    preview = upload(browser, file_of(*(rows or [row()])))
    assert preview.status_code == 200, preview.text
    answer = browser.post(
        "/portal/prices/propose", data={"lines": hidden(preview, "lines")} | other
    )
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def find(work: Workplace, number: int) -> Proposal:
    with work.database.reading() as session:
        found = proposals.find_proposal(session, number)
    assert found is not None
    return found


def count(work: Workplace) -> int:
    """Proposals of any firm."""
    with work.database.reading() as session:
        return session.query(proposals.ProposalRow).count()


def shown(work: Workplace, firm: str = FIRM, corridor: Corridor = NL_MA) -> list[Price]:
    with work.database.reading() as session:
        found = prices.newest(session, corridor)
    return [one for one in found if one.quote.service.provider == firm]


def decide(
    browser: SignedIn, number: int, deed: str = "approve", words: str = "", sha256: str = ""
) -> TestResponse:
    """As the desk's page sends it."""
    read = sha256 or hidden(browser.get(f"/desk/proposals/{number}"), "sha256")
    data = {"sha256": read, "words": words}
    return browser.post(f"/desk/proposals/{number}/{deed}", data=data)
