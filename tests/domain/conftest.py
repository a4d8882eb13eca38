"""Hypothesis, the same in every run: no deadline, no chance, nothing kept between runs."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("domain", deadline=None, derandomize=True, database=None)
settings.load_profile("domain")
