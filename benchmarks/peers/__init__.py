"""What a Django user would otherwise pick, doing the same work without any guard: load a row, send it, note it."""
