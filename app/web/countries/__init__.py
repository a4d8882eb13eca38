"""Countries that money is sent to, and other ways to get it there."""
