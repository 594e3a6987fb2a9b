"""Pictures and videos: taken in from outside, kept, and given out again."""
