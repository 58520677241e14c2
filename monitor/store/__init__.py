"""The SQLite store: one writer, many readers, nothing lost.

`open_store` gives a `Store`; each module beside it keeps one family of tables. All writes are
idempotent: the same spool file, survey or decision written twice changes nothing.
"""

from monitor.store.connection import Store, open_store, view_scripts

__all__ = ["Store", "open_store", "view_scripts"]
