"""Measurements of Refrain's own claims, each a command that prints its table."""
