"""A mail has one recipient and one line of subject, whatever others write into it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail import LONGEST_SUBJECT, SECRET, BadMail, Mail, MailKind

ANNA = "anna@example.org"
LINE_ENDS = ["\r", "\n", "\r\n", "\v", "\f", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\0"]


def mail(to: str = ANNA, subject: str = "Hello", text: str = "Words.") -> Mail:
    return Mail(to, subject, text, MailKind.NOTICE)


@pytest.mark.parametrize("end", LINE_ENDS)
def test_no_line_ends_in_an_address_or_a_subject(end: str) -> None:
    for place in (0, 3, 99):
        text = f"{ANNA[:place]}{end}Bcc: eve@example.net{end}{ANNA[place:]}"
        with pytest.raises(BadMail):
            mail(to=text)
        with pytest.raises(BadMail):
            mail(subject=text)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@example.org",
        "anna@example",
        "anna@example..org",
        f"{ANNA},eve@example.net",
        f"{ANNA}, eve@example.net",
        f"{ANNA};eve@example.net",
        "eve,anna@example.org",
        "eve;anna@example.org",
        f"{ANNA} eve@example.net",
        f"Anna <{ANNA}>",
        f"<{ANNA}>",
        f'"{ANNA}"',
        f"{ANNA}%0aBcc:eve@example.net",
        f"{ANNA}%0d%0abcc",
        "anna%0a@example.org",
        "anna%0D@example.org",
        "@relay.example.net:anna@example.org",
        "anna@example.org@example.net",
        "eve!anna@example.org\u202e",
        f"{'a' * 250}@example.org",
        "friends: anna@example.org;",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(BadMail):
        mail(to=address)


@pytest.mark.parametrize(
    "address",
    [
        ANNA,
        "o'brien%x@example.org",
        "a.b+c@sub.example.org",
        "josé@voorbeeld.example",
        "o-k_1@xn--e1afmkfd.example",
    ],
)
def test_one_address_is_taken(address: str) -> None:
    assert mail(to=address).to == address


@pytest.mark.parametrize("subject", ["", " ", "a" * (LONGEST_SUBJECT + 1), "a\u202eb", "a\tb"])
def test_a_subject_is_one_line_that_can_be_read(subject: str) -> None:
    with pytest.raises(BadMail):
        mail(subject=subject)
    assert mail(subject="Prijzen van Ria & co: 100%0a bevestigd?").subject


@given(st.text(max_size=60))
def test_whatever_is_written_ends_no_line_of_a_head(text: str) -> None:
    """Either it is refused, or it is one line with one address."""
    for field in ("to", "subject"):
        try:
            kept = mail(**{field: text})
        except BadMail:
            continue
        assert len(kept.subject.splitlines()) == len(kept.to.splitlines()) == 1
        assert kept.to.count("@") == 1


def test_a_text_keeps_its_lines_and_loses_what_no_page_could_show() -> None:
    assert mail(text="One\r\ntwo\rthree\0\u202e\n").text == "One\ntwo\nthree\n"


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="holiday"):
        Mail(ANNA, "Hello", "", "holiday")  # type: ignore[arg-type]
    assert all(kind.is_secret == (kind in SECRET) for kind in MailKind)
    assert {"invitation", "reset"} <= SECRET
