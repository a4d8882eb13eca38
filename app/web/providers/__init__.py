"""Firms: who they are, what they charge where, and how their prices reach us."""
