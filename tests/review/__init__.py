"""Tests of what people decide."""
