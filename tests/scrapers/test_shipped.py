"""Replies that come with the project."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scrapers import RATES
from scrapers.contract import Http, RateSource, Unreachable, Unreadable
from scrapers.shipped import ShippedReplies

INDEX = '[[reply]]\nurl = "https://example.test/"\nfile = "gone.json"\nmedia_type = "text/plain"\n'


@pytest.mark.parametrize("source", RATES, ids=lambda source: str(source.SLUG))
def test_every_rate_source_has_a_reply_that_it_can_read(root: Path, source: RateSource) -> None:
    http: Http = ShippedReplies(root / "data")
    reply = http.get(source.URL)
    assert reply.url == source.URL
    assert source.read(reply)


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
