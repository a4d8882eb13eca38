"""Charts: drawn here as SVG, each with the table of its very numbers."""
