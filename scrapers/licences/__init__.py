"""Registers of licences, one module each."""
