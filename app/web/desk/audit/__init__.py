"""The log of what was done."""
