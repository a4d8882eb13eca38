"""Asking the same thing at another address of the same source."""

from __future__ import annotations

from scrapers.contract import Http, Refused, Reply, Unreachable


def first_of(http: Http, first: str, *others: str) -> Reply:
    """The reply of the first address that gives one.

    If none does, raises what the last one raised, saying what each of them said. An answer
    that cannot be read is an answer: no other address is asked then.
    """
    try:
        return http.get(first)
    except (Unreachable, Refused) as error:
        if not others:
            raise
        try:
            return first_of(http, *others)
        except (Unreachable, Refused) as later:
            raise type(later)(f"{error}; {later}", later.trouble, later.wait) from error
