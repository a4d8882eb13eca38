"""Asking: the only place where sources meet the database."""
