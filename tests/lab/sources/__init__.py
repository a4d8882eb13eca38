"""How each endpoint answers, one module each, named like its source."""
