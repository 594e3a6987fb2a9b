"""Pictures and videos: taken in, kept, fitted."""
