"""Counting how many the site serves, without cookies or knowing who: see docs/traffic.md."""
