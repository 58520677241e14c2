"""Training and judging of the embedded models; nothing here is needed to score."""
