"""Sources at the desk: how each does, what it said, its switch, and the wish to ask it now."""
