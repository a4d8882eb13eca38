"""Mystery shopping: draw what to ask, ask as a customer, and hold it against what we showed."""
