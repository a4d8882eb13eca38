"""Tests mirror the code: tests/domain for app/domain, tests/web for app/web, and so on."""
