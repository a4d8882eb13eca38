"""Adverts at the desk: made by one person, let through by another, off until somebody says why."""
