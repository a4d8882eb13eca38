"""Campaigns at the desk: short addresses for flyers and radio, what they cost and what came."""
