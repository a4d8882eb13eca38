"""Colleagues: who of a firm has an account."""
