"""What each gate looks at, in words; and what stood in the way of a decision."""

from __future__ import annotations

import re

from flask_babel import gettext, lazy_gettext

from app.domain.gates import Gate
from app.review.held import Doubt

GATES = {
    Gate.REFERENCE: lazy_gettext("far from the mid-market rate"),
    Gate.BETTER_THAN_MID: lazy_gettext("better than the mid-market rate"),
    Gate.OWN_HISTORY: lazy_gettext("moved, while the mid-market rate did not"),
    Gate.PEERS: lazy_gettext("far from what all others ask"),
    Gate.TIME: lazy_gettext("its time cannot be right"),
    Gate.FROZEN: lazy_gettext("the same reply for too long"),
    Gate.PROMOTION: lazy_gettext("a promotion taken for a price"),
    Gate.MID_AS_PRICE: lazy_gettext("the mid-market rate itself"),
    Gate.ZERO_FEE: lazy_gettext("no fee and no margin"),
    Gate.DUPLICATES: lazy_gettext("two prices for one thing"),
    Gate.COMPLETENESS: lazy_gettext("far fewer prices than usual"),
    Gate.DISAGREEMENT: lazy_gettext("another source says something else"),
}


def gate(name: str) -> str:
    return str(GATES[Gate(name)]) if name in set(Gate) else name


LEFT = (
    ("This reading is no longer kept.", lazy_gettext("This reading is no longer kept.")),
    ("This reading was released already.", lazy_gettext("This reading was released already.")),
    ("This reading was refused already.", lazy_gettext("This reading was refused already.")),
    (
        "A later reading was published since then.",
        lazy_gettext("A later reading was published since then."),
    ),
    (
        "Too little was kept of this reading to publish it.",
        lazy_gettext("Too little was kept of this reading to publish it."),
    ),
    (
        "Somebody else decided at the same time.",
        lazy_gettext("Somebody else decided at the same time."),
    ),
)
"""What a decision answers when it leaves a reading as it is, and the same for the page."""

DOUBTS = {
    Doubt.CHANGE: lazy_gettext(
        "What arrives differs by more than two percent from what is shown: a second operator must agree "
        "before it is shown."
    ),
    Doubt.NOTHING: lazy_gettext(
        "Nothing is shown to compare it with: a second operator must agree before it is shown."
    ),
    Doubt.FAR: lazy_gettext(
        "Its rate is very far from the mid-market rate: a second operator must agree before it is "
        "shown."
    ),
}
"""Why one operator alone does not release a reading."""

NEWER = re.compile(r"A newer reading of the same is held: number (\d+)\.")
BEFORE = re.compile(r"The price of (\S+) goes before it, and would stay\.")


def hindrance(said: str) -> str:
    """Why a reading was, or would be, left as it is, in the operator's language."""
    for known, words in LEFT:
        if said == known:
            return str(words)
    if newer := NEWER.fullmatch(said):
        return gettext("A newer reading of the same is held: number %(number)s.", number=newer[1])
    if before := BEFORE.fullmatch(said):
        return gettext("The price of %(source)s goes before it, and would stay.", source=before[1])
    return said
