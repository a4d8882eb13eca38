"""The addresses of lists and prices. A question lives in its address and nowhere else.

A list is of two countries: /send/nl/am. It is about the main currency that is paid out there, and
about another one with ?currency=USD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask import Blueprint, url_for

from app.domain.choices import Choice
from app.domain.comparison import Question
from app.domain.corridor import Corridor
from app.domain.ladder import Answer
from app.domain.money import Money
from app.domain.published import amount
from app.domain.ranking import Priority
from app.web.locale import language

SUGGESTED = Decimal(200)
"""The amount that a list is offered for where nobody has said one yet."""


def plainly(money: Money) -> str:
    """An amount as addresses write it, which every language reads alike: "200", "200.50"."""
    whole, _mark, part = amount(money).partition(".")
    return f"{whole}.{part[:2]}" if part.strip("0") else whole


@dataclass(frozen=True, slots=True)
class ListState:
    """All that the address of a ranked list says. `currency` is the one paid out, where that is
    not the main one; `first` is what the visitor asked to count first, None if nothing yet."""

    question: Question
    first: Priority | None = None
    currency: str | None = None
    choices: tuple[Choice, ...] = ()

    def address(self, **changes: object) -> str:
        """Of this list with something else in it: `first=...`, `choices=...`, `question=...`."""
        state = replace(self, **changes)  # type: ignore[arg-type]
        corridor = state.question.corridor
        return country_address(
            corridor.send_country, corridor.receive_country, dict(state.parameters)
        )

    def asking(self, asked: Money) -> str:
        """The address of this list for another amount."""
        return self.address(question=replace(self.question, asked=asked))

    def without(self, *choices: Choice) -> str:
        return self.address(choices=tuple(one for one in self.choices if one not in choices))

    @property
    def parameters(self) -> dict[str, str | Sequence[str] | None]:
        side = "pay" if self.question.pays else "receive"
        return {
            side: plainly(self.question.asked),
            "first": self.first,
            "currency": self.currency,
            "by": [str(choice) for choice in self.choices],
        }


def list_address(
    corridor: Corridor,
    asked: Money,
    *,
    pays: bool = True,
    first: str | None = None,
    currency: str | None = None,
) -> str:
    """Of the ranked list for "I pay `asked`", or for "they receive `asked`". `currency` is the
    one paid out, where that is not the main one."""
    side = "pay" if pays else "receive"
    query = {side: plainly(asked), "first": first, "currency": currency}
    return country_address(corridor.send_country, corridor.receive_country, query)


def country_address(
    send: str, receive: str, query: Mapping[str, str | Sequence[str] | None]
) -> str:
    return url_for(
        "compare.results",
        lang=language(),
        send_country=send.lower(),
        receive_country=receive.lower(),
        **query,  # type: ignore[arg-type]
    )


def price_address(answer: Answer, question: Question | None = None) -> str:
    """Of all figures of an answer. One that is not just what was quoted carries the question."""
    asked = {}
    if question is not None and not (answer.exact and answer.paid == answer.base.quote.paid):
        asked = {"pay" if question.pays else "receive": plainly(question.asked)}
    return url_for(
        "compare.price",
        lang=language(),
        quote_id=answer.base.id,
        **asked,  # type: ignore[arg-type]
    )


def suggested(corridor: Corridor) -> Money:
    return Money(SUGGESTED, corridor.send_currency)


def setup(blueprint: Blueprint) -> None:
    @blueprint.app_context_processor
    def _addresses() -> dict[str, object]:
        return {
            "country_address": country_address,
            "list_address": list_address,
            "price_address": price_address,
            "suggested": suggested,
        }
