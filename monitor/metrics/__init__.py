"""Figures of the company's own systems, a day each: replies, complaints, orders, who left."""
