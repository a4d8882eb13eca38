"""Calculating: a receipt, a year of sending, sending together."""
