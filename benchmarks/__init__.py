"""How fast Refrain is, and how well it tells wear from luck: commands that print what the documents claim."""
