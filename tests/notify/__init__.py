"""Tests of app/notify."""
