"""History: what sending cost on a corridor, and what one service charged, over time."""
