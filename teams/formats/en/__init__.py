"""English for everybody: Django's is that of the United States."""
