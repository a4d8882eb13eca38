"""What a firm says of itself."""
