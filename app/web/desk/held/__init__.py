"""Held quotes at the desk: what our checks did not believe, for a person to decide."""
