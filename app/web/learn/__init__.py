"""Explaining: how we work."""
