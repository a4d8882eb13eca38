"""What we write ourselves, and what firms offer, for readers."""
