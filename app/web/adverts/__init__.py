"""Adverts: the few places where one may stand, and the page that says who paid."""
