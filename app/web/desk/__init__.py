"""The desk: where operators run the site. One folder a subject."""
