"""The open API: JSON for programs."""
