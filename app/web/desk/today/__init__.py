"""Today: what needs a person, in one list, each with what to do about it."""
