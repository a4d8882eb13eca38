"""A firm's profile: honest names in any script, no name that passes for another's, no odd link."""

from __future__ import annotations

import pytest

from app.db.profiles import profile_of
from app.domain.account import Role
from app.domain.proposal import State
from app.web.locale import LANGUAGES
from tests.web.portal.firm import FIRM, count, decide, find, hidden, staff
from tests.work import SignedIn, Workplace

NAME = "Profee"


def send(browser: SignedIn, **facts: str) -> int:
    """What a good form with these facts is answered with."""
    version = hidden(browser.get("/portal/profile"), "version")
    data = {"name": NAME, "website": "", "contact": "", "version": version} | facts
    return browser.post("/portal/profile", data=data).status_code


def test_an_approved_profile_is_shown_in_the_language_it_was_written_in(work: Workplace) -> None:
    browser = staff(work)
    said = {"about_nl": "Wij sturen geld.", "about_ar": "نرسل المال", "contact": "020 123 45 67"}
    assert send(browser, **said) == 303
    assert "Wij sturen geld." not in work.client().get(f"/nl/provider/{FIRM}").text
    assert decide(work.by(Role.EDITOR), 1, words="Fine.").status_code == 303
    if find(work, 1).state is State.PROPOSED:
        decide(work.by(Role.EDITOR), 1, words="Fine.")
    page = work.client().get(f"/nl/provider/{FIRM}").text
    assert "Wij sturen geld." in page
    assert "020 123 45 67" in page
    assert "نرسل المال" in work.client().get(f"/ar/provider/{FIRM}").text
    assert "Wij sturen geld." not in work.client().get(f"/en/provider/{FIRM}").text


def test_every_language_of_the_site_has_its_field(work: Workplace) -> None:
    page = staff(work).get("/portal/profile").text
    assert all(f'name="about_{lang}"' in page for lang in LANGUAGES)


@pytest.mark.parametrize(
    "name", ["شركة الصرافة", "شرکت می‌فرستیم", "பணம் அனுப்பு", "ገንዘብ ላኪ", "שָׁלוֹם", "Đồng Á"]
)
def test_an_honest_name_is_proposed(work: Workplace, name: str) -> None:
    assert send(staff(work), name=name) == 303


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"name": "x" * 5000},
        {"name": "Suri\u202eegnahC"},
        {"name": "Suri\u2066Change"},
        {"name": "Suri\u200bChange"},
        {"name": "W\u0301\u0301\u0301\u0301"},
        {"website": "http://example.com/"},
        {"website": "javascript:alert(1)"},
        {"website": "https://user:pw@example.com/"},
        {"website": "https://ex\u0430mple.com/"},
        {"website": "https://example.com:8443/"},
        {"website": "https://127.0.0.1/"},
        {"website": "https://localhost/"},
        {"website": "//example.com"},
        {"website": "https://example.com/" + "x" * 200},
        {"contact": "x\u202ey"},
        {"about_nl": "x" * 2001},
        {"about_nl": "links\u202eom"},
    ],
)
def test_what_no_honest_profile_has_is_refused(work: Workplace, facts: dict[str, str]) -> None:
    assert send(staff(work), **facts) == 422
    assert count(work) == 0


def test_a_look_alike_is_held_with_words_for_two(work: Workplace) -> None:
    assert send(staff(work), name="W\u0456se") == 303
    page = work.by(Role.EDITOR).get("/desk/proposals/1").text
    assert "could be taken for" in page
    assert decide(work.by(Role.EDITOR), 1).status_code == 422
    decide(work.by(Role.EDITOR), 1, words="It is theirs.")
    with work.database.reading() as session:
        known = profile_of(session, FIRM)
    assert known is not None
    assert known.name != "W\u0456se"


def test_a_new_website_takes_two(work: Workplace) -> None:
    send(staff(work), website="https://www.suri-change.example/")
    assert decide(work.by(Role.EDITOR), 1).status_code == 303
    assert find(work, 1).state is State.PROPOSED
    assert decide(work.by(Role.EDITOR), 1).status_code == 303
    assert find(work, 1).state is State.APPROVED


def test_what_waits_is_changed_and_not_made_twice(work: Workplace) -> None:
    browser = staff(work)
    assert (send(browser, contact="one"), send(browser, contact="two")) == (303, 303)
    assert (count(work), find(work, 1).version) == (1, 2)


def test_of_two_who_edit_the_second_sees_both(work: Workplace) -> None:
    browser, colleague = staff(work), staff(work)
    form = {
        "name": NAME,
        "website": "",
        "version": hidden(browser.get("/portal/profile"), "version"),
    }
    assert colleague.post("/portal/profile", data=form | {"contact": "theirs"}).status_code == 303
    clash = browser.post("/portal/profile", data=form | {"contact": "mine"})
    assert clash.status_code == 409
    assert "theirs" in clash.text
    assert "mine" in clash.text
    again = form | {"contact": "mine", "version": hidden(clash, "version")}
    assert browser.post("/portal/profile", data=again).status_code == 303


def test_no_form_takes_more_than_its_own_fields(work: Workplace) -> None:
    more = {"provider": "wise", "provider_id": "1", "approved": "1", "status": "active"}
    assert send(staff(work), licence="found", role="administrator", **more) == 303
    one = find(work, 1)
    assert (one.provider, one.state) == (FIRM, State.PROPOSED)
    assert "administrator" not in one.payload
