"""A stand-in for every endpoint that sources ask, strict about what it is asked."""
