"""Parsers from bytes to raw items, without network and without Scrapy.

Each takes the body as it came and gives `(items, rejects)`: what could be read, and what could
not, with its cause and place. None of them raises on bad input.
"""
