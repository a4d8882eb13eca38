"""Texts at the desk: written, translated, looked at, let go and brought back."""
