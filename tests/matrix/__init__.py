"""Every route, for everybody: who is let in, and that nobody sees or changes what is not theirs."""
