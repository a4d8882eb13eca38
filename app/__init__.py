"""Huiswaarts. Empty on purpose: importing app.domain must load neither Flask nor SQLAlchemy."""
