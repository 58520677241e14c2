"""The recipe of the deep tier, in steps that each fit a short loan of a GPU; see README.md."""
