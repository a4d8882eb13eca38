"""Schedulers as they are, against a clock that a test moves, and sources without a network."""
