"""The dashboard's pages that show or change when things go out."""
