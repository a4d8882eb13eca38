"""Replies that come with the project, so that it works where there is no network."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from scrapers.client.evidence import with_params
from scrapers.contract import Reply, Unreachable, Unreadable

INDEX = "replies.toml"


@dataclass(frozen=True, slots=True)
class ShippedReplies:
    """An Http that answers from the files listed in `folder`/replies.toml, and nothing else."""

    folder: Path

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
        also: Container[int] = (),  # noqa: ARG002
    ) -> Reply:
        """Raises Unreachable if no reply for `url` is shipped, or its file is gone."""
        url = with_params(url, params)
        for entry in self._index():
            if entry.get("url") == url:
                return Reply(url, self._bytes(str(entry["file"])), str(entry["media_type"]))
        raise Unreachable(f"no reply for {url} is shipped with the project")

    def post(
        self,
        url: str,
        *,
        json: object = None,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
        also: Container[int] = (),  # noqa: ARG002
    ) -> Reply:
        raise Unreachable(f"no reply to a POST to {url} is shipped with the project")

    def _index(self) -> list[dict[str, object]]:
        try:
            found = tomllib.loads(self._bytes(INDEX).decode())
        except ValueError as error:
            raise Unreadable(f"{self.folder / INDEX} is not TOML: {error}") from error
        replies: list[dict[str, object]] = found.get("reply", [])
        return replies

    def _bytes(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise Unreachable(f"{self.folder / name} cannot be read: {error.strerror}") from error
