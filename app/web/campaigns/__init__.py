"""Coming by a campaign: the short address of a flyer or a radio spot."""
