"""Tests of app/collect."""
