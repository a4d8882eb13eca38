"""Showing: pages and API. Reads the database; never the network."""
