"""A firm's prices: what is shown of them, and how it proposes others."""
