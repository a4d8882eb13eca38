"""The notes on the money of countries: read once, when the site starts."""

from __future__ import annotations

import tomllib

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from app.domain.country_notes import CountryNote, CountryNotes, country_notes


def setup(blueprint: Blueprint) -> None:
    """The site does not start with a list that cannot be read: raises OSError or ValueError."""

    @blueprint.record
    def _read(state: BlueprintSetupState) -> None:
        file = state.app.extensions["settings"].data / "countries.toml"
        listed = tomllib.loads(file.read_text(encoding="utf-8"))
        state.app.extensions["country_notes"] = country_notes(listed)


def notes_of(country: str) -> tuple[CountryNote, ...]:
    notes: CountryNotes = current_app.extensions["country_notes"]
    return notes.get(country, ())
