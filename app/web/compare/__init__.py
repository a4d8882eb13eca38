"""Comparing: the question, the list, the price."""
