"""What a provider says of itself, proposed and approved: its name, website, contact and words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.profiles import Profile, keep_profile, names_of_others, profile_of
from app.domain.proposal import Care, Proposal, canonical
from app.domain.spoofing import looks_like


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`alike` is the name of another provider that the new name could be taken for, or ""."""

    old: Profile
    new: Profile
    alike: str
    care: Care


def profile_payload(provider: str, profile: Profile) -> str:
    said = {lang: text for lang, text in profile.descriptions.items() if text}
    facts = {"name": profile.name, "website": profile.website, "contact": profile.contact}
    return canonical({"provider": provider, **facts, "descriptions": said})


def read_profile(payload: str) -> Profile:
    found = json.loads(payload)
    return Profile(found["name"], found["website"], found["contact"], found["descriptions"])


def review(session: Session, proposal: Proposal) -> Reviewed:
    new = read_profile(proposal.payload)
    old = profile_of(session, proposal.provider) or Profile("", "")
    alike = ""
    if new.name != old.name:
        alike = looks_like(new.name, names_of_others(session, proposal.provider)) or ""
    reasons = []
    if new.website != old.website:
        reasons.append(f"the website changes to {new.website or 'none'}")
    if alike:
        reasons.append(f"the name could be taken for {alike}")
    return Reviewed(old, new, alike, Care(tuple(reasons), words=bool(alike)))


def publish(session: Session, provider: str, profile: Profile, now: datetime) -> None:
    keep_profile(session, provider, profile, now)
