"""What counting promises, kept: errors against a known truth, privacy, small numbers."""
