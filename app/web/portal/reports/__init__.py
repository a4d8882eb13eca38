"""Reports about the prices of a firm, as its staff sees them."""
