"""Corridors at the desk: where money can be sent to, what is covered there, and what operators
decide about it."""
