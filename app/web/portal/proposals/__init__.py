"""What a firm has proposed, and what became of it."""
