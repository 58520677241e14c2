"""The Monitor: what people say about a brand, collected, scored, stored, alerted on, summed up."""

__version__ = "0.1.0"
