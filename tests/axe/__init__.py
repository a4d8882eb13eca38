"""Every page of the site, looked at by axe and measured, in a real browser."""
