"""Mails, for administrators: what is to be sent, was, or could not be."""
