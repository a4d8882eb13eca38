"""What each gate looks at, in words; and what stood in the way of a decision."""

from __future__ import annotations

from flask_babel import lazy_gettext

from app.domain.gates import Gate

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
