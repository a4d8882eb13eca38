"""The self-check: what others ask of a comparison site, and how far this one is.

What can be counted is counted, at the moment that the page is made. An answer that depends on who
runs this copy depends on what they have set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask import current_app, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from app.db import adverts, covering, shopped
from app.db.covering import POINTS, Known
from app.domain.money import Money
from app.domain.quote import Age
from app.domain.reach import SEND_COUNTRY, SEND_CURRENCY
from app.domain.shopping import Accuracy
from app.domain.shopping_sample import SIZE
from app.web import clock
from app.web.database import session
from app.web.learn.covering import Line, lines
from app.web.locale import LANGUAGES, language, short, shown_percent

CHECKED = date(2026, 11, 21)
"""When this site was last held against what is asked."""


A_QUARTER = timedelta(days=92)


class Verdict(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NOT_OURS = "not_ours"


VERDICTS = {
    Verdict.MET: lazy_gettext("Met"),
    Verdict.PARTLY: lazy_gettext("Partly met"),
    Verdict.NOT_YET: lazy_gettext("Not yet"),
    Verdict.NOT_OURS: lazy_gettext("Not ours to do"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """asked: what is asked, in our own words; words: what we have of it; proof: where that can be
    looked at, an address, "" if there is nothing to see."""

    asked: str
    verdict: Verdict
    words: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What answers are made from, counted now."""

    known: Known
    board: list[Line]
    owner: str
    funding: str
    shopped: Accuracy
    lately: Accuracy
    adverts_on: bool

    @property
    def firms(self) -> dict[Age, int]:
        """Over all corridors: how many times a firm has a price, by its age."""
        return {age: sum(line.firms[age] for line in self.board) for age in Age}


def facts() -> Facts:
    settings = current_app.extensions["settings"]
    now = clock.now()
    return Facts(
        known=covering.known_from(session(), SEND_COUNTRY, now),
        board=lines(session(), SEND_COUNTRY, now),
        owner=settings.owner,
        funding=settings.funding,
        shopped=shopped.overall(session(), now),
        lately=shopped.overall(session(), now, A_QUARTER),
        adverts_on=adverts.now_on(session()),
    )


def _of(part: int, whole: int) -> Verdict:
    if part == 0:
        return Verdict.NOT_YET
    return Verdict.MET if part == whole else Verdict.PARTLY


def _how(anchor: str) -> str:
    return url_for("learn.how_we_work", lang=language()) + f"#{anchor}"


def _page(name: str) -> str:
    return url_for(f"learn.{name}", lang=language())


def world_bank(of: Facts) -> list[Check]:
    """The twelve minimum requirements for a price database, in their order."""
    known = of.known
    return [
        Check(
            gettext("Prices for two amounts, about 200 and 500 US dollars, on every corridor"),
            _of(known.both_points, len(of.board)),
            gettext(
                "The World Bank's own two amounts, %(low)s and %(high)s from the Netherlands, are "
                "known on %(part)s of the %(whole)s corridors that we look at.",
                low=short(Money(POINTS[0], SEND_CURRENCY)),
                high=short(Money(POINTS[1], SEND_CURRENCY)),
                part=known.both_points,
                whole=len(of.board),
            ),
            _page("coverage"),
        ),
        Check(
            gettext("The fee that the sender pays"),
            Verdict.MET,
            gettext("It stands with every price; a price without it cannot be kept."),
            _how("sum"),
        ),
        Check(
            gettext("The exchange rate that is used"),
            Verdict.MET,
            gettext(
                "It stands with every price. In prices from the survey we work it out from the "
                "margin, and say so."
            ),
            _how("survey"),
        ),
        Check(
            gettext("The total of these costs"),
            Verdict.MET,
            gettext("It stands with every price, and how it is worked out below it."),
            _how("sum"),
        ),
        Check(
            gettext("How long a transfer takes"),
            _of(known.with_speed, known.ways),
            gettext(
                "Known for %(part)s of %(whole)s ways. Of the others we say that it is unknown.",
                part=known.with_speed,
                whole=known.ways,
            ),
            _page("coverage"),
        ),
        Check(
            gettext("What kind of service it is: how you pay, and how it is paid out"),
            _of(known.with_methods, known.ways),
            gettext(
                "Known for %(part)s of %(whole)s ways. Of the others we say that it is unknown.",
                part=known.with_methods,
                whole=known.ways,
            ),
            _page("coverage"),
        ),
        Check(
            gettext("Firms that together have at least 60 percent of the market of each corridor"),
            Verdict.NOT_YET,
            gettext("We do not know how large any firm's part of the market is."),
            _page("coverage") + "#share",
        ),
        Check(
            gettext("Whoever collects the prices is independent"),
            Verdict.PARTLY,
            gettext(
                "A program reads the prices, by rules that are published. Nobody has yet declared "
                "in public which interests they have."
            ),
            _how("owner"),
        ),
        Check(
            gettext("Prices are checked by people who buy a transfer as a customer would"),
            _shopped_enough(of),
            _shopped(of),
        ),
        Check(
            gettext("No adverts"),
            Verdict.PARTLY if of.adverts_on else Verdict.MET,
            gettext("Adverts are turned on.")
            if of.adverts_on
            else gettext("Adverts are turned off."),
            url_for("adverts.index", lang=language()),
        ),
        Check(
            gettext("No subscription, and it is clear who pays"),
            Verdict.MET if of.funding else Verdict.PARTLY,
            gettext("Everything can be read without an account.") + " " + _funding(of),
            _how("owner"),
        ),
        Check(
            gettext("Links to other price databases that the World Bank approves"),
            Verdict.PARTLY,
            gettext(
                "We link to the World Bank's own. Which others are approved now, we do not know."
            ),
            _how("data"),
        ),
    ]


def payment_accounts(of: Facts) -> list[Check]:
    """Article 7 of the Payment Accounts Directive: paragraphs 1, 3 a to g, and 4."""
    firms = of.firms
    return [
        Check(
            gettext("(1) Free for consumers"),
            Verdict.MET,
            gettext("Everything can be read without an account."),
            url_for("compare.home", lang=language()),
        ),
        Check(
            gettext("(3a) Independent of firms, which are all treated alike"),
            Verdict.PARTLY,
            gettext(
                "One published rule orders all firms. Whether those who run this copy have ties "
                "with a firm, they must say themselves."
            ),
            _how("order"),
        ),
        Check(
            gettext("(3b) It is clear who owns it"),
            Verdict.MET if of.owner else Verdict.NOT_YET,
            _owner(of),
            _how("owner"),
        ),
        Check(
            gettext("(3c) Clear, objective criteria"),
            Verdict.MET,
            gettext("The list of criteria is made from the program itself."),
            _how("order"),
        ),
        Check(
            gettext("(3d) Plain language"),
            Verdict.PARTLY,
            ngettext(
                "Short sentences, in %(num)s language. Who understands them was not tested yet.",
                "Short sentences, in %(num)s languages. Who understands them was not tested yet.",
                len(LANGUAGES),
            ),
            url_for("compare.home", lang=language()),
        ),
        Check(
            gettext("(3e) Correct and up to date, with the time of the last reading"),
            _of(firms[Age.FRESH], sum(firms.values())),
            gettext(
                "Each price says how old it is. Over all corridors, firms have a fresh price "
                "%(fresh)s times, an older one %(older)s times, and one that is not of today "
                "%(dated)s times.",
                fresh=firms[Age.FRESH],
                older=firms[Age.OLDER],
                dated=firms[Age.DATED],
            ),
            _page("coverage"),
        ),
        Check(
            gettext("(3f) A broad part of the market, and a clear word where it is not all of it"),
            Verdict.PARTLY,
            gettext(
                "Each list says how many firms are missing, and why. How large a part of the "
                "market it has, we do not know."
            ),
            _page("coverage"),
        ),
        Check(
            gettext("(3g) A procedure to report what is wrong"),
            Verdict.MET,
            gettext("A form for everyone, and a page on which the answer stands."),
            _page("complain"),
        ),
        Check(
            gettext("(4) It can be found which such sites there are"),
            Verdict.NOT_OURS,
            gettext("That is for the state."),
        ),
    ]


def afm() -> list[Check]:
    """The four questions of the AFM, and its two other points."""
    home = url_for("compare.home", lang=language())
    answered = gettext("Answered on the page “How we work”.")
    return [
        Check(gettext("What do you do for the consumer?"), Verdict.MET, answered, _how("who")),
        Check(gettext("What do you earn from?"), Verdict.MET, answered, _how("earn")),
        Check(
            gettext("How does the comparison come about?"),
            Verdict.MET,
            answered,
            _how("comparison"),
        ),
        Check(gettext("How complete is it?"), Verdict.MET, answered, _how("complete")),
        Check(
            gettext("Nothing is filled in for the consumer beforehand"),
            Verdict.PARTLY,
            gettext(
                "The amount, the country to send to and what counts first are yours to choose. The "
                "sending country begins with the only one that we have prices from."
            ),
            home,
        ),
        Check(
            gettext("No advice, and no mediation, without a licence"),
            Verdict.MET,
            gettext("We show prices and link to firms. We hand on nothing about you."),
            _how("who"),
        ),
    ]


def ranking() -> list[Check]:
    """What traders must disclose of a ranking."""
    return [
        Check(
            gettext("A place that was paid for is called that"),
            Verdict.MET,
            gettext("No place can be paid for."),
            _how("earn"),
        ),
        Check(
            gettext("What decides the order, and how much each part counts"),
            Verdict.MET,
            gettext("The whole rule stands in one table, and every list links to it."),
            _how("order"),
        ),
    ]


def _shopped_enough(of: Facts) -> Verdict:
    if of.lately.checked >= SIZE:
        return Verdict.MET
    return Verdict.PARTLY if of.shopped.checked else Verdict.NOT_YET


def _shopped(of: Facts) -> str:
    """How often people asked, and how often it was what we showed."""
    found = of.shopped
    if not found.checked:
        return gettext("Nobody does that yet.")
    if found.percent is None:
        return gettext(
            "In the last year people asked %(checked)s times: too few to say how often our prices "
            "are right.",
            checked=found.checked,
        )
    return gettext(
        "In the last year people asked %(checked)s times. %(share)s of our prices were right, "
        "within half a percent of what arrives.",
        checked=found.checked,
        share=shown_percent(found.percent),
    )


def _owner(of: Facts) -> str:
    if of.owner:
        return gettext("This copy of the site is run by: %(owner)s.", owner=of.owner)
    return gettext("The operator of this copy has not said who they are.")


def _funding(of: Facts) -> str:
    if of.funding:
        return gettext("It is paid for by: %(funding)s.", funding=of.funding)
    return gettext("The operator of this copy has not said who pays for it.")
