"""Prices at the portal: from a form or a file to a page of the site, and not by itself."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest

from app.db import stamps
from app.domain.account import Role
from app.domain.price_csv import MOST_BYTES
from app.domain.proposal import State
from app.domain.submitted import MOST_LINES
from tests.web.portal.firm import (
    FIRM,
    NL_MA,
    OTHER,
    count,
    decide,
    file_of,
    find,
    hidden,
    propose,
    row,
    shown,
    staff,
    upload,
)
from tests.work import Workplace

PAGES = ["/portal/", *(f"/portal/{one}" for one in ("prices", "proposals", "profile", "keys"))]
PAGES += ["/portal/prices/upload", "/portal/prices/enter"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("firm", [FIRM, "wise", "ing"])
def test_every_page_opens_for_every_firm(work: Workplace, path: str, firm: str) -> None:
    assert staff(work, firm).get(path).status_code == 200


def test_a_firm_updates_a_price_and_sees_it_live_after_approval_with_its_stamp(
    work: Workplace,
) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    number = propose(browser, row(), row(paid="500.00"))
    assert (find(work, number).state, shown(work)) == (State.PROPOSED, [])
    work.later(minutes=5)
    assert decide(operator, number).status_code == 303
    live = sorted(shown(work), key=lambda one: one.rung)
    assert [(one.source, one.quote.rate) for one in live] == [("submitted", Decimal("10.6"))] * 2
    page = work.client().get(f"/en/price/{live[0].id}").text
    assert "told us by the firm itself" in page
    assert "Verified by the provider" not in page
    work.later(days=1)
    browser = staff(work)
    own = browser.get("/portal/prices")
    marks = re.findall(r'name="price" value="([^"]+)"', own.text)
    assert browser.post("/portal/prices/confirm", data={"price": marks}).status_code == 303
    day = "21 November 2026"
    for path in (f"/en/price/{live[0].id}", "/en/send/nl/ma?pay=200", f"/en/provider/{FIRM}"):
        assert f"Verified by the provider on {day}" in work.client().get(path).text, path
    assert "20 November 2026" in work.client().get(f"/en/price/{live[0].id}").text


def test_another_price_has_no_stamp(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    decide(operator, propose(browser))
    own = browser.get("/portal/prices")
    marks = re.findall(r'name="price" value="([^"]+)"', own.text)
    browser.post("/portal/prices/confirm", data={"price": marks})
    work.later(minutes=20)
    decide(operator, propose(browser, row(rate="10.55")))
    (live,) = shown(work)
    assert "Verified" not in work.client().get(f"/en/price/{live.id}").text
    said = browser.post("/portal/prices/confirm", data={"price": marks}, follow_redirects=True)
    assert "Some prices changed since" in said.text
    with work.database.reading() as session:
        assert stamps.stamps_of(session, [live]) == {}


def test_nothing_is_kept_by_a_preview(work: Workplace) -> None:
    browser = staff(work)
    assert upload(browser, file_of(row())).status_code == 200
    assert upload(browser, file_of(row() | {"rate": "x"})).status_code == 422
    assert (count(work), shown(work)) == (0, [])


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"../{number}.csv", b"0" * 10_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There are no prices in this file"),
        (zip_bomb(), "no text file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no text file"),
        (b"\xd0\xcf\x11\xe0workbook", "no text file"),
        (file_of(row(pay_in="\u00e9")).encode("latin-1"), "CSV UTF-8"),
        (file_of(*[row()] * (MOST_LINES + 1)).encode(), f"at most {MOST_LINES}"),
        (b"name,price\r\n", "take them out: name, price"),
        (b"paid,fee\r\n", "missing: from, send_currency"),
        (b"provider," + file_of(row()).encode(), "take them out: provider"),
        (b'"' + file_of(row()).encode(), "quote in it is not closed"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    work: Workplace, data: bytes, words: str
) -> None:
    answer = upload(staff(work), data)
    assert answer.status_code == 422
    assert words in answer.text
    assert count(work) == 0


def test_a_file_that_is_too_large_is_refused(work: Workplace) -> None:
    browser = staff(work)
    assert upload(browser, b"x" * (MOST_BYTES + 1)).status_code == 422
    assert upload(browser, b"x" * (MOST_BYTES * 3)).status_code == 413
    assert browser.post("/portal/keys", data={"name": "x" * 70_000}).status_code == 413


def test_nobody_who_is_not_signed_in_has_a_large_form_read(work: Workplace) -> None:
    assert upload(work.client(), b"x" * 1_000_000).status_code == 401


def test_every_fault_of_a_file_is_told_with_row_and_column(work: Workplace) -> None:
    answer = upload(staff(work), file_of(row(), row(pay_in="a") | {"rate": "=1+1"}, row(to="XX")))
    assert answer.status_code == 422
    for place in ('<td class="num">3</td><td><code>rate</code>', '<td class="num">4</td>'):
        assert place in answer.text
    assert 'name="lines"' not in answer.text


def test_what_comes_back_from_a_preview_is_read_as_strictly(work: Workplace) -> None:
    browser = staff(work)
    for lines in ("", "x", file_of(row() | {"rate": "9x"}), file_of(row(received="1.00"))):
        assert browser.post("/portal/prices/propose", data={"lines": lines}).status_code == 422
    assert count(work) == 0


def test_a_preview_says_what_differs_and_what_the_gates_see(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    decide(operator, propose(browser))
    page = upload(browser, file_of(row(rate="10.00"))).text
    assert "more than 2%" in page
    assert "Two of us will read this" in page
    page = upload(browser, file_of(row(rate="5.00"))).text
    assert "more than 10 % is held" in page


def test_a_form_of_one_service_at_several_amounts(work: Workplace) -> None:
    browser = staff(work)
    given = row()
    data = {name: given[name] for name in ("from", "send_currency", "to", "receive_currency")}
    data |= {"payment_instrument": "cash", "access_point": "agent", "pickup_method": "cash"}
    rows = [row(), row(paid="500.00"), {"paid": "900", "fee": "", "rate": "", "received": ""}]
    for name in ("paid", "fee", "rate", "received"):
        data[name] = [one[name] for one in rows]  # type: ignore[assignment]
    data |= {"speed": ["next_day", "next_day", ""], "coverage": ["", "", ""]}  # type: ignore[dict-item]
    preview = browser.post("/portal/prices/preview", data=data)
    assert preview.status_code == 200, preview.text
    answer = browser.post("/portal/prices/propose", data={"lines": hidden(preview, "lines")})
    assert answer.status_code == 303
    assert find(work, 1).payload.count('"payment_instrument":"cash"') == 2


def test_a_form_with_mistakes_comes_back_with_all_that_was_typed(work: Workplace) -> None:
    browser = staff(work)
    answer = browser.post("/portal/prices/preview", data=row(received="77.77"))
    assert answer.status_code == 422
    assert "Row 1, Received" in answer.text
    assert 'value="77.77"' in answer.text
    assert browser.post("/portal/prices/preview", data={}).status_code == 422


def test_the_form_of_an_own_service_is_filled_in_and_of_anothers_there_is_none(
    work: Workplace,
) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    decide(operator, propose(browser))
    (live,) = shown(work)
    address = f"/portal/prices/enter?service={live.service_id}"
    assert f'value="{live.quote.received.amount}"' in browser.get(address).text
    assert staff(work, OTHER).get(address).status_code == 404
    assert browser.get("/portal/prices/enter?service=99999").status_code == 404


def test_what_is_shown_comes_back_as_a_file(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    decide(operator, propose(browser, row(), row(paid="500.00")))
    file = browser.get("/portal/prices/shown.csv")
    assert upload(browser, file.data).status_code == 200


def test_nobody_confirms_the_prices_of_another_firm(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    decide(operator, propose(browser))
    marks = re.findall(r'name="price" value="([^"]+)"', browser.get("/portal/prices").text)
    staff(work, OTHER).post("/portal/prices/confirm", data={"price": marks})
    with work.database.reading() as session:
        assert stamps.stamps_of(session, shown(work)) == {}


def test_a_firm_with_thousands_of_prices_confirms_them_all(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    rows = [row(pay_in=f"way {number}") for number in range(2000)]
    number = propose(browser, *rows)
    assert decide(operator, number).status_code == 303
    marks = re.findall(r'name="price" value="([^"]+)"', browser.get("/portal/prices").text)
    assert browser.post("/portal/prices/confirm", data={"price": marks}).status_code == 303
    with work.database.reading() as session:
        assert len(stamps.stamps_of(session, shown(work))) == 2000


MORE = {"approved": "1", "provider_id": "1", "provider": OTHER, "role": "administrator"}
MORE |= {"state": "approved", "decided_by": "1", "first_by": "1", "made_by": "1", "sha256": "0"}


def test_no_form_takes_more_than_its_own_fields(work: Workplace) -> None:
    browser = staff(work)
    preview = upload(browser, file_of(row()), **MORE)
    sent = {"lines": hidden(preview, "lines")} | MORE
    answer = browser.post("/portal/prices/propose", data=sent)
    one = find(work, int(answer.location.rpartition("/")[2]))
    assert (one.provider, one.state, one.first_by, one.decided_by) == (
        (FIRM, State.PROPOSED, None, None)
    )
    assert shown(work, OTHER) == shown(work, OTHER, NL_MA)
    assert f'"{OTHER}"' not in one.payload


def test_a_reminder_waits_on_the_first_page(work: Workplace) -> None:
    browser, operator = staff(work), work.by(Role.EDITOR)
    decide(operator, propose(browser))
    assert "were not confirmed or renewed" not in browser.get("/portal/").text
    work.now += timedelta(days=31)
    browser = staff(work)
    assert "were not confirmed or renewed" in browser.get("/portal/").text


KP = {"to": "KP", "receive_currency": "KPW", "rate": "10", "fee": "0"}


@pytest.mark.parametrize("other", [KP, {"from": "DE"}])
def test_a_country_that_we_do_not_show_cannot_be_proposed(
    work: Workplace, other: dict[str, str]
) -> None:
    browser = staff(work)
    preview = upload(browser, file_of(row(**other)))
    assert "we do not show this country" in preview.text
    assert "Propose this price" not in preview.text
    lines = file_of(row(**other))
    answer = browser.post("/portal/prices/propose", data={"lines": lines})
    assert answer.status_code == 422
    assert "we do not show this country" in answer.text
    assert count(work) == 0


def test_rates_that_are_too_old_are_said_in_words(work: Workplace) -> None:
    browser = staff(work)
    work.now += timedelta(days=30)
    browser = work.by(Role.PROVIDER, provider=FIRM)
    page = upload(browser, file_of(row())).text
    assert "The mid-market rates of EUR/MAD are too old" in page
    assert "a rate of the last 7 days" in page
    assert "One of us will read this." not in page
    number = propose(browser, row())
    desk = work.by(Role.EDITOR).get(f"/desk/proposals/{number}").text
    assert "The mid-market rates of EUR/MAD are too old" in desk
    assert "+00:00" not in page + desk


@pytest.mark.parametrize("firm", [OTHER, "wise", "western-union", "moneygram"])
def test_what_is_shown_is_sent_back_unchanged(work: Workplace, firm: str) -> None:
    browser = staff(work, firm)
    file = browser.get("/portal/prices/shown.csv").text
    answer = upload(browser, file)
    assert answer.status_code == 200, re.findall(r"<td.*?</td>", answer.text)[:12]
    assert "<h1>What would change</h1>" in answer.text


def test_services_that_are_alike_in_all_else_are_told_apart(work: Workplace) -> None:
    browser = staff(work)
    twins = file_of(row(), row(variant="2", fee="4.10"))
    number = propose(browser, row(), row(variant="2", fee="4.10"))
    decide(work.by(Role.EDITOR), number)
    found = shown(work)
    assert sorted(price.quote.service.variant for price in found) == [1, 2]
    file = browser.get("/portal/prices/shown.csv").text
    assert upload(browser, file).status_code == 200
    assert file.count("\n") == twins.count("\n")
    twin = next(price for price in found if price.quote.service.variant == 2)
    page = browser.get(f"/portal/prices/enter?service={twin.service_id}")
    assert hidden(page, "variant") == "2"
    assert upload(browser, file_of(row(variant="x"))).status_code == 422


def test_the_same_prices_again_lead_to_the_proposal_that_waits(work: Workplace) -> None:
    browser = staff(work)
    number = propose(browser, row())
    assert propose(browser, row()) == number
    assert "wait for us already" in browser.get(f"/portal/proposals/{number}").text
    assert count(work) == 1
