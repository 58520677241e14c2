"""The queries behind digest and dashboard, at 1 million mentions and at 10 million.

    python benchmarks/store_size.py [--mentions SMALL LARGE] [--repeats N] [--folder DIR]

Both stores are made in a temporary folder (about 1.2 kB a mention) and deleted afterwards. Each
query is a function that a page or the digest calls, for several brands and weeks in turn. p50 and
p95 are wall-clock time; the ratio is of the medians of processor time, because other work on the
machine shares the clock. Then one mention is collected and scored in each store, the rollups are
held against a full recount, and against the counts of every mention one by one.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from made_store import BRANDS, DAYS, NOW, REVISION, SOURCES, START, make_store

from monitor.digest import facts
from monitor.digest.build import build
from monitor.records import LANGUAGES, Mention, Rating, Score, Week
from monitor.store import Store, mentions, open_store, rollups, scores, themes
from monitor.store import sources as source_store
from monitor.store.figures import TABLES
from monitor.store.times import week_of
from monitor.web.queries import collecting, reputation
from monitor.web.queries import mentions as listing
from monitor.web.queries.mentions import MentionFilter, Position

LIMIT = 1.5
BYTES_A_MENTION = 1500
MOST_BYTES = 25e9
LEAST_MS = 1.0
"""Queries that take less in both stores count for nothing: the clock's own noise is as large."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentions", type=int, nargs=2, default=(1_000_000, 10_000_000))
    parser.add_argument("--repeats", type=int, default=24)
    parser.add_argument("--folder", type=Path, help="where to make the stores")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        need = BYTES_A_MENTION * sum(asked.mentions)
        free = shutil.disk_usage(name).free
        if need > min(free / 2, MOST_BYTES):
            sys.exit(f"needs {need / 1e9:.0f} GB in {name}, {free / 1e9:.0f} GB are free")
        found = [measure(Path(name) / f"{size}.db", size, asked.repeats) for size in asked.mentions]
    report(asked.mentions, *found)


def measure(path: Path, size: int, repeats: int) -> dict[str, tuple[float, float, float]]:
    """Query -> p50 and p95 of the wall clock and median processor time, in milliseconds."""
    with told(f"{size:,} mentions made"):
        store = make_store(path, size)
    with told("rollups counted"), store.write() as conn:
        rollups.lay(conn)
        rollups.recount(conn)
    print(f"{path.stat().st_size / 1e9:.1f} GB; rollup rows: {rows_of(store)}")
    times = {"one review collected and scored": timed(lambda i: collect_one(store, i), repeats)}
    check(store)
    store.close()
    store = open_store(path, read_only=True)
    for name, query in queries(store).items():
        times[name] = timed(query, repeats)
        print(f"  {name}: {times[name][0]:.1f} ms", flush=True)
    store.close()
    path.unlink()
    return times


def queries(store: Store) -> dict[str, Callable[[int], object]]:
    """What digest and dashboard ask, each for the i-th brand, week or source in turn."""

    def brand(i: int) -> str:
        return BRANDS[i % len(BRANDS)].name

    def week(i: int) -> Week:
        one = BRANDS[i % len(BRANDS)]
        return week_of(START.date() + timedelta(days=DAYS - 4 - 7 * (i % 30)), one.week_start)

    def filtered(**more: object) -> Callable[[int], MentionFilter]:
        return lambda i: MentionFilter(brand=brand(i), week=week(i).start, **more)  # type: ignore[arg-type]

    def source(i: int) -> MentionFilter:
        return MentionFilter(source=SOURCES[i % 12].name)

    def middle(i: int) -> Position:
        return Position((NOW - timedelta(days=3 + 10 * (i % 30))).strftime("%FT%TZ"), 10**9)

    def lists(
        wanted: Callable[[int], MentionFilter], place: Callable[[int], Position | None]
    ) -> Callable[[int], object]:
        return lambda i: (
            listing.count(store, wanted(i)),
            listing.listed(store, wanted(i), place(i), 26),
        )

    def nowhere(i: int) -> None:
        return None

    def last(i: int) -> date:
        return week(i).start

    every = MentionFilter()
    fixed = (
        "trends", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY brand ORDER BY week"
        " DESC) AS age FROM reputation_weekly) WHERE age <= 12",
        "benchmark", "SELECT * FROM benchmark_weekly WHERE week >= (SELECT min(week) FROM (SELECT"
        " DISTINCT week FROM rollup_days WHERE mentions + runs > 0 ORDER BY week DESC LIMIT 4))",
    )  # fmt: skip
    views = ("source_weekly", "language_weekly", "location_weekly", "aspect_weekly",
             "stage_weekly", "response_weekly")  # fmt: skip
    return {
        "digest: all of it": lambda i: build(store, brand(i), week(i), LANGUAGES[i % 4], NOW),
        "digest: day counts": lambda i: facts.day_counts(
            store, [b.name for b in BRANDS], week(i).start - timedelta(days=77), week(i).end
        ),
        "digest: quotes": lambda i: facts.candidates(store, brand(i), week(i), "negative"),
        "digest: texts for themes": lambda i: themes.read(
            store,
            themes.Period(brand(i), week(i).start, week(i).end - timedelta(days=1)),
            facts.TEXTS,
        ),
        "digest: unanswered": lambda i: facts.unanswered(store, brand(i), week(i)),
        "overview: 12 weeks": lambda i: reputation.weeks(store, BRANDS[i % 3], last(i), 12),
        "trends page: 52 weeks": lambda i: reputation.weeks(store, BRANDS[i % 3], last(i), 52),
        "overview: ratings": lambda i: reputation.ratings(store, brand(i), last(i)),
        "overview: source states": lambda i: reputation.source_states(store, brand(i)),
        "overview: newest negatives": lambda i: listing.listed(
            store, filtered(label="negative")(i), None, 3
        ),
        "sources: health": lambda i: collecting.health(store, None),
        "mentions: all": lists(lambda i: every, nowhere),
        "mentions: a later page": lists(lambda i: every, middle),
        "mentions: brand and week": lists(filtered(), nowhere),
        "mentions: brand, week, label": lists(filtered(label="negative"), nowhere),
        "mentions: brand, week, language": lists(filtered(language="fa"), nowhere),
        "mentions: a source": lists(source, nowhere),
        "mentions: a source, a later page": lists(source, middle),
        "mentions: one": lambda i: listing.one(store, 1 + i * 1009),
        **{
            f"monitor {name}": lambda i, sql=sql: store.rows(sql)  # type: ignore[misc]
            for name, sql in zip(fixed[::2], fixed[1::2], strict=True)
        },
        **{
            f"view {view}, a brand's 12 weeks": lambda i, view=view: store.rows(  # type: ignore[misc]
                f"SELECT * FROM {view} WHERE brand = ? AND week BETWEEN ? AND ?",
                (brand(i), (last(i) - timedelta(days=77)).isoformat(), last(i).isoformat()),
            )
            for view in views
        },
        SEARCH.format("one in 100,000"): lists(lambda i: MentionFilter(query="zebra"), nowhere),
    }


SEARCH = "search: a word in {} mentions"
"""Grows with what it finds, so it is shown and not counted."""


def collect_one(store: Store, number: int) -> None:
    """One more review of a source: stored, scored, and with it every count."""
    stored = source_store.find(store, SOURCES[0].name)
    assert stored is not None
    mention = Mention(
        source=stored.name, identity=f"new {number}", raw_digest=str(number), kind="review",
        url=None, title=None, text="a good parcel", language="en", language_confidence=1.0,
        author=None, rating=Rating(4.0, "1-5", "4"), published_at=NOW - timedelta(days=number),
        edited_at=None, fetched_at=NOW, fingerprint=None, search_text="good parcel",
    )  # fmt: skip
    with store.write():
        mentions.save(store, stored, [mention], NOW)
        version = int(str(store.value("SELECT max(id) FROM mention_versions")))
        scores.save(store, REVISION, [Score(version, 0.1, 0.1, 0.8)], NOW)


def timed(query: Callable[[int], object], repeats: int) -> tuple[float, float, float]:
    wall, busy = [], []
    for i in range(repeats + 3):
        began, worked = time.perf_counter(), time.process_time()
        query(i)
        busy.append(1000 * (time.process_time() - worked))
        wall.append(1000 * (time.perf_counter() - began))
    wall, busy = wall[3:], busy[3:]  # the first ones compile statements and fill the cache
    p95 = statistics.quantiles(wall, n=20, method="inclusive")[-1]
    return statistics.median(wall), p95, statistics.median(busy)


def check(store: Store) -> None:
    """Ends with an error unless the rollups are what the mentions themselves add up to."""
    ordered = {table: f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5, 6" for table in TABLES}
    with told("recounted in full"), store.write() as conn:
        kept = {table: conn.execute(sql).fetchall() for table, sql in ordered.items()}
        rollups.recount(conn)
        for table, sql in ordered.items():
            if kept[table] != conn.execute(sql).fetchall():
                sys.exit(f"{table} is not what a recount gives")
    with told("counted mention by mention"):
        labels = "sum(label IS 'negative'), sum(label IS 'neutral'), sum(label IS 'positive')"
        by_one = store.rows(
            f"SELECT brand, week, count(*), {labels} FROM current_scores"
            " WHERE duplicate_of IS NULL GROUP BY 1, 2 ORDER BY 1, 2"
        )
    by_view = store.rows(
        "SELECT brand, week, mentions, negative, neutral, positive FROM reputation_weekly"
        " WHERE mentions > 0 ORDER BY 1, 2"
    )
    if [tuple(row) for row in by_one] != [tuple(row) for row in by_view]:
        sys.exit("reputation_weekly is not what the mentions add up to")
    print(f"rollups exact: {len(by_one)} weeks, {sum(row[2] for row in by_one):,} mentions counted")


def rows_of(store: Store) -> str:
    return ", ".join(
        f"{table} {store.value(f'SELECT count(*) FROM {table}'):,}" for table in TABLES
    )


@contextmanager
def told(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what} in {time.perf_counter() - began:.0f} s", flush=True)


def report(
    sizes: tuple[int, int],
    small: dict[str, tuple[float, float, float]],
    large: dict[str, tuple[float, float, float]],
) -> None:
    print(f"\nmilliseconds{'':23}{sizes[0]:>12,} mentions  {sizes[1]:>12,} mentions")
    print(f"{'':36}{'p50':>10}{'p95':>10}  {'p50':>10}{'p95':>10}   ratio")
    worst = 0.0
    for name, (p50, p95, busy) in small.items():
        ratio = large[name][2] / busy
        counts = not name.startswith(SEARCH[:6]) and max(busy, large[name][2]) >= LEAST_MS
        worst = max(worst, ratio) if counts else worst
        shown = f"{ratio:.2f}" if counts else f"({ratio:.2f})"
        print(
            f"{name:36}{p50:10.1f}{p95:10.1f}  {large[name][0]:10.1f}{large[name][1]:10.1f}"
            f"   {shown}"
        )
    print("in brackets: under a millisecond, or growing with what is found; not counted below")
    print(f"ratio: {worst:.2f}")
    if worst > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
