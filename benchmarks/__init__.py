"""How fast Refrain is, and beside what; `python3 dev.py bench` runs it, docs/performance.md tells the results."""
