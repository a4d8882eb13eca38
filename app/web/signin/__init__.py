"""The way in: password, second factor, invitations, and one's own account."""
