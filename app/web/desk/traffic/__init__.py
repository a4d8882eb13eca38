"""How many the site served."""
