"""Replies that come with the project."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scrapers.contract import Http, RateSource, Unreachable, Unreadable
from scrapers.rates import ecb_history, fawazahmed0
from scrapers.shipped import ShippedReplies

INDEX = '[[reply]]\nurl = "https://example.test/"\nfile = "gone.json"\nmedia_type = "text/plain"\n'


SHIPPED: tuple[RateSource, ...] = (ecb_history, fawazahmed0)


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: str(source.SLUG))
def test_a_rate_source_can_read_its_shipped_reply(root: Path, source: RateSource) -> None:
    http: Http = ShippedReplies(root / "data")
    assert source.fetch(http)


def test_nothing_that_is_asked_with_more_than_an_address_is_shipped(root: Path) -> None:
    http: Http = ShippedReplies(root / "data")
    with pytest.raises(Unreachable, match=r"no reply for https://.*csv\?day=1 is shipped"):
        http.get(ecb_history.URL, params={"day": "1"})
    with pytest.raises(Unreachable, match=r"no reply to a POST to https://.*csv is shipped"):
        http.post(ecb_history.URL)


def test_index_is_complete(root: Path) -> None:
    index = tomllib.loads((root / "data/replies.toml").read_text())
    for entry in index["reply"]:
        assert set(entry) == {"url", "file", "media_type", "fetched_on"}
        assert (root / "data" / entry["file"]).read_bytes()


def test_bytes_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "replies.toml").write_text(INDEX)
    (tmp_path / "gone.json").write_bytes(b"\xff\r\n")
    reply = ShippedReplies(tmp_path).get("https://example.test/")
    assert (reply.body, reply.media_type) == (b"\xff\r\n", "text/plain")


def test_parameters_are_part_of_the_address(tmp_path: Path) -> None:
    (tmp_path / "replies.toml").write_text(INDEX.replace(".test/", ".test/?a=b%20c"))
    (tmp_path / "gone.json").write_bytes(b"1")
    http: Http = ShippedReplies(tmp_path)
    reply = http.get("https://example.test/", params={"a": "b c"}, headers={"x": "y"}, also=(404,))
    assert (reply.url, reply.body) == ("https://example.test/?a=b%20c", b"1")
    with pytest.raises(Unreachable, match=r"no reply for https://example\.test/ is shipped"):
        http.get("https://example.test/")


def test_nothing_is_posted(root: Path) -> None:
    http: Http = ShippedReplies(root / "data")
    with pytest.raises(Unreachable, match="no reply to a POST to https://example"):
        http.post("https://example.test/", json={"a": 1})


def test_unknown_address(root: Path) -> None:
    with pytest.raises(Unreachable, match=r"no reply for https://example\.test/ is shipped"):
        ShippedReplies(root / "data").get("https://example.test/")


def test_missing_file(tmp_path: Path) -> None:
    (tmp_path / "replies.toml").write_text(INDEX)
    with pytest.raises(Unreachable, match=r"gone\.json cannot be read: No such file"):
        ShippedReplies(tmp_path).get("https://example.test/")


def test_missing_index(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"replies\.toml cannot be read"):
        ShippedReplies(tmp_path).get("https://example.test/")


def test_broken_index(tmp_path: Path) -> None:
    (tmp_path / "replies.toml").write_text("[[reply]\n")
    with pytest.raises(Unreadable, match=r"replies\.toml is not TOML"):
        ShippedReplies(tmp_path).get("https://example.test/")
