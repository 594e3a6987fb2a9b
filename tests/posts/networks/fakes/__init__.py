"""Strict stand-ins for networks that no server can be had of: never laxer than the real one, as its documents say."""
