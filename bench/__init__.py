"""Measurements, as ratios in one run against a named limit: `make bench`."""
