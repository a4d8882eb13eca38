"""What the portal, the desk and the way in share: who is signed in, what they may do, tables."""
