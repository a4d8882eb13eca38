"""What is true: prices, ladders, rankings. Standard library only; no I/O and no clock."""
