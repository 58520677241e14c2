"""Spiders run in their own process; what they leave is stored, and each source gets a state.

The crawl appends to one spool file a source and writes a stats file when that source is done. A
finished spool is stored in one transaction together with its run and its conditional-request marks,
and only then deleted: a crash at any point loses nothing and stores nothing twice.

In the order of work: `collection` (START HERE) writes a job (`jobs`), starts the crawl process
(`process`, `secrets`) and stores what it left (`keeping`), read by `spool` and judged by `states`.
`previews` does the same and stores nothing.
"""

from monitor.collect.collection import collect
from monitor.collect.keeping import recover
from monitor.collect.previews import Preview, preview, read_saved_page, sort_out
from monitor.collect.spool import read_spool
from monitor.collect.states import judge
from monitor.collect.targets import CrawlSettings, CrawlTarget

__all__ = [
    "CrawlSettings",
    "CrawlTarget",
    "Preview",
    "collect",
    "judge",
    "preview",
    "read_saved_page",
    "read_spool",
    "recover",
    "sort_out",
]
