"""The first page of the portal: what waits for the firm."""
