"""Keys for the programs of a firm."""
