"""Which passwords are good enough: long, and not among the first that somebody would try."""

from __future__ import annotations

SHORTEST, LONGEST = 12, 200
"""Signs. No rule asks for capitals or digits: they make passwords harder to remember than to
guess (NIST SP 800-63B, OWASP ASVS 5.0 V6.2)."""
