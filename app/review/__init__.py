"""Reviewing: what people decide becomes prices. The database and the domain only, no network."""
