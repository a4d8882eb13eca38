"""Reports of readers: answered in public words, and what the firm says to them."""
