"""Who has an account: inviting, changing, disabling."""
