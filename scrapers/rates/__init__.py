"""Mid-rate sources, one module each."""
