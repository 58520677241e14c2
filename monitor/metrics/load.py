"""A file of figures into the store: read, kept; what cannot be used is a reject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.metrics.reading import Columns, columns_of, read_figures
from monitor.store import Store
from monitor.store import metrics as metric_store
from monitor.store.metrics import SavedFigures
from monitor.tables import read_table


@dataclass(frozen=True, slots=True)
class LoadedMetrics:
    """What became of the figures of a file, and how its columns were understood."""

    saved: SavedFigures
    columns: Columns

    @property
    def named(self) -> dict[str, str]:
        """What is read -> its column."""
        columns = self.columns
        found = {"day": columns.day, "metric": columns.name, "value": columns.value}
        found |= columns.metrics
        found |= {one: getattr(columns, one) for one in ("brand", "location", "segment")}
        return {name: column for name, column in found.items() if column}


def load_metrics(
    store: Store, path: Path, brand: str, timezone: str, now: datetime, sheet: str | None = None
) -> LoadedMetrics:
    """Stores the figures of one file, of `brand` where it names none; again changes nothing."""
    table = read_table(path, sheet)
    columns = columns_of(table)
    figures = read_figures(table, columns, brand, timezone, now)
    return LoadedMetrics(metric_store.save(store, figures, path.name, now), columns)
