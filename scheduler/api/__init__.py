"""The REST API: everything that the dashboard can do."""
