"""Firms at the desk: what they are called, whether they are open, their licences, and which of them
are one."""
