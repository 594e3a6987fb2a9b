"""Links in posts: where they stand in a text, what became of the pages behind them. Plain Python."""
