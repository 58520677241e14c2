"""One module per kind of source; the spider's `name` is the kind that a configuration names.

To add a kind: subclass `spiders.base.SourceSpider`, set `name`, yield RawItem and Reject records
from the callbacks and ask for pages only with `ask` (it counts pages and handles failures). What
turns bytes into items goes to `spiders.parse`, where it can be tried without a network.

Scrapy imports every module here when it looks for spiders: keep runners and helpers elsewhere.
"""
