"""The peers' one table."""
