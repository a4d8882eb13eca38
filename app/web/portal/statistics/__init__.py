"""How a firm is seen: times shown, its place, readers who went on, a week at a time."""
