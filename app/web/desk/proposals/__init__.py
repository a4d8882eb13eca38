"""Proposals of firms, for operators to decide."""
