"""Reads the dates in a post's words: what they are there for, and from which day on they would be wrong."""
