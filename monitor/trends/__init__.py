"""How measures move: intervals, comparisons and the words for them; pure functions."""
