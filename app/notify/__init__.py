"""Telling: mail that is queued in the database goes out from here, and nowhere else."""
