"""Rollups against a full recount, after every single one of many changes, and after a kill."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support import (
    NOW,
    ROOT,
    Config,
    WordAspects,
    WordScorer,
    environment,
    make_mention,
    put,
    record,
    run_of,
    scheduled,
)

from monitor.records import AspectScore, Brand, ModelErrors, Rating, Score
from monitor.score import score_pending
from monitor.store import Store, mentions, open_store, rollups
from monitor.store import aspects as aspect_store
from monitor.store import scores as score_store
from monitor.store import sources as source_store
from monitor.store.erase import erase_author
from monitor.store.figures import TABLES

RECOUNTED = Path(__file__).parent / "recounted"
"""The views that were moved to rollups, as they were when they still read every mention."""

SOURCES = ("shop", "forum", "theirs")
TEXTS = ("good delivery", "bad delivery", "a table", "bad packaging, good delivery", "good", "bad")


def tables(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: [
            tuple(row) for row in store.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5, 6")
        ]
        for table in TABLES
    }


def assert_exact(store: Store) -> None:
    """Rollups are what a recount gives, and views what they were before there were rollups."""
    kept = tables(store)
    store.conn.execute("BEGIN")
    rollups.recount(store.conn)
    recounted = tables(store)
    store.conn.execute("ROLLBACK")
    assert kept == recounted
    for file in RECOUNTED.glob("*.sql"):
        sql = file.read_text(encoding="utf-8")
        body = sql[sql.index("CREATE VIEW") :].partition(" AS\n")[2]
        rows = [tuple(row) for row in store.rows(f"SELECT * FROM {file.stem}")]
        before = [tuple(row) for row in store.rows(body)]
        assert sorted(rows, key=repr) == sorted(before, key=repr), file.stem


class TwoAspects(WordAspects):
    """Reads a second aspect of the same stage, always in the negative."""

    def read(self, texts: Any, languages: Any, kinds: Any) -> Any:
        found = super().read(texts, languages, kinds)
        for one, text in zip(found, texts, strict=True):
            if "packaging" in text:
                one.append(replace(one[0], aspect="packaging", label="negative"))
        return found


class Changes:
    """Everything that may happen to a store, each drawn by chance; times and places vary."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.chance = random.Random(seed)
        self.revision = 1
        self.now = NOW

    def ids(self, table: str = "mentions") -> list[int]:
        return [row[0] for row in self.store.rows(f"SELECT id FROM {table}")]

    def any(self, table: str = "mentions") -> int:
        return self.chance.choice(self.ids(table) or [0])

    def collect(self) -> None:
        """New mentions, edits of known ones, and some that are just as before."""
        source = self.chance.choice(SOURCES)
        stored = source_store.find(self.store, source)
        assert stored is not None
        found = [self.mention(source) for _ in range(self.chance.randint(1, 4))]
        mentions.save(self.store, stored, found, self.now)
        mentions.touch(self.store, stored.id, [str(self.chance.randint(0, 12))], self.now)

    def mention(self, source: str) -> Any:
        pick = self.chance.choice
        moment = NOW - timedelta(hours=self.chance.randint(0, 24 * 20))
        rating = pick(
            (None, None, Rating(4.5, "1-5", "4.5"), Rating(1.0, "1-5", "1"), Rating(7, "0-10", "7"))
        )
        return make_mention(
            str(self.chance.randint(0, 12)),
            pick(TEXTS),
            source=source,
            kind=pick(("review", "post")),
            language=pick(("en", "cs", "de")),
            author=pick(("Jana", "Petr")),
            rating=rating,
            published_at=pick((moment, moment, None)),
            location=pick((None, "Brno", "Praha")),
            reply_text=pick((None, "Sorry")),
            reply_at=pick((None, moment + timedelta(minutes=self.chance.randint(1, 9999)))),
        )

    def score(self) -> None:
        score_pending(self.store, self.scorer(), TwoAspects(), lambda: self.now)

    def new_revision(self) -> None:
        self.revision += 1
        self.score()

    def scorer(self) -> Any:
        class Reviser(WordScorer):
            revision = f"words-{self.revision}"
            negative = ("bad",) if self.revision % 2 else ("bad", "table")

        return Reviser()

    def know_errors(self) -> None:
        errors = [ModelErrors("en", "", 0.8, 0.1, 9), ModelErrors("cs", "review", 0.5, 0.4, 9)]
        score_store.note_errors(self.store, f"words-{self.revision}", errors)

    def correct(self) -> None:
        verb = self.chance.choice(("INSERT OR REPLACE", "INSERT OR IGNORE"))
        self.store.conn.execute(
            f"{verb} INTO corrections (version_id, label, corrected_by, corrected_at)"
            " SELECT id, ?, 'Jana', '2026-11-18T12:00:00Z' FROM mention_versions WHERE id = ?",
            (self.chance.choice(("negative", "positive")), self.any("mention_versions")),
        )

    def correct_again(self) -> None:
        self.store.conn.execute(
            "INSERT INTO corrections (version_id, label, corrected_by, corrected_at)"
            " SELECT id, 'neutral', 'Jana', '2026-11-18T12:00:00Z' FROM mention_versions"
            " WHERE id = ? ON CONFLICT (version_id) DO UPDATE SET label = excluded.label",
            (self.any("mention_versions"),),
        )

    def withdraw_correction(self) -> None:
        self.run("DELETE FROM corrections WHERE id = ?", self.any("corrections"))

    def mark_deleted(self) -> None:
        self.run("UPDATE mentions SET deleted_at = '2026-11-18' WHERE id = ?", self.any())

    def mark_duplicate(self) -> None:
        one, other = self.any(), self.any()
        self.run("UPDATE mentions SET duplicate_of = nullif(?, id) WHERE id = ?", one, other)

    def delete(self) -> None:
        if self.chance.random() < 0.5:
            self.run("DELETE FROM mentions WHERE id = ?", self.any())

    def delete_score(self) -> None:
        self.run("DELETE FROM scores WHERE id = ?", self.any("scores"))

    def rescore_by_hand(self) -> None:
        self.run(
            "UPDATE scores SET label = 'neutral', negative = 0.3, neutral = 0.4, positive = 0.3"
            " WHERE id = ?",
            self.any("scores"),
        )

    def move_aspect(self) -> None:
        stage = self.chance.choice(("returns", None, "delivery"))
        self.run(
            "UPDATE aspects SET stage = ?, label = 'positive' WHERE id = ?",
            stage,
            self.any("aspects"),
        )

    def delete_aspect(self) -> None:
        self.run("DELETE FROM aspects WHERE id = ?", self.any("aspects"))

    def erase(self) -> None:
        if self.chance.random() < 0.15:  # else little would be left to go wrong
            erase_author(self.store, self.chance.choice(("Jana", "Petr")), None, self.now)
            self.run("DELETE FROM tombstones")

    def change_what_is_unsure(self) -> None:
        score_store.set_unsure_below(self.store, self.chance.choice((0.5, 0.92, 0.99)))

    def move(self) -> None:
        """Another zone, another first weekday, a source that is another brand's now."""
        pick = self.chance.choice
        brands = [
            Brand("Acme", "own", pick(("Europe/Prague", "Asia/Tehran")), pick((0, 1, 6))),
            Brand("Zed", "competitor", "America/New_York", pick((0, 1))),
        ]
        of = {"shop": "Acme", "forum": pick(("Acme", "Zed")), "theirs": "Zed"}
        source_store.sync(self.store, brands, [scheduled(name, of[name]) for name in SOURCES])

    def run_source(self) -> None:
        state = self.chance.choice(("ok", "blocked", "empty", "broken"))
        moment = NOW - timedelta(days=self.chance.randint(0, 20))
        record(self.store, run_of(state, moment, self.chance.choice(SOURCES)))

    def forget_run(self) -> None:
        self.run("UPDATE crawl_runs SET state = 'partial' WHERE id = ?", self.any("crawl_runs"))
        self.run("DELETE FROM crawl_runs WHERE id = ?", self.any("crawl_runs"))

    def broken_off(self) -> None:
        with pytest.raises(RuntimeError), self.store.write():
            self.collect()
            self.score()
            raise RuntimeError("something broke")

    def run(self, sql: str, *values: object) -> None:
        self.store.conn.execute(sql, values)

    def delete_version(self) -> None:
        """Together with a mention of no other version: the program always has one."""
        newest = "(SELECT max(id) FROM mention_versions v WHERE v.mention_id = mentions.id)"
        self.run("DELETE FROM mention_versions WHERE id = ?", self.any("mention_versions"))
        self.run(f"UPDATE mentions SET version_id = {newest}")
        self.run("DELETE FROM mentions WHERE version_id IS NULL")

    def correct_another(self) -> None:
        self.run(
            "UPDATE OR IGNORE corrections SET version_id = ? WHERE id = ?",
            self.any("mention_versions"),
            self.any("corrections"),
        )

    def all(self) -> list[Callable[[], None]]:
        often = [self.collect, self.score, self.mark_duplicate, self.correct]
        seldom = [
            self.new_revision, self.know_errors, self.correct_again, self.withdraw_correction,
            self.mark_deleted, self.delete, self.delete_score, self.rescore_by_hand,
            self.move_aspect, self.delete_aspect, self.erase, self.change_what_is_unsure,
            self.move, self.delete_version, self.correct_another,
            self.run_source, self.forget_run, self.broken_off,
        ]  # fmt: skip
        return [*often * 3, *seldom]


@pytest.mark.parametrize("seed", range(6))
def test_rollups_are_exact_after_every_change(store: Store, seed: int) -> None:
    changes = Changes(store, seed)
    changes.move()
    most = 0
    for number in range(150):
        change = changes.chance.choice(changes.all())
        change()
        try:
            assert_exact(store)
        except AssertionError as error:
            raise AssertionError(f"after change {number}, {change.__name__}: {error}") from error
        most = max(most, sum(len(rows) for rows in tables(store).values()))
    assert most > 8  # there was something to count


def filled(store: Store, size: int = 60) -> None:
    """A store with something of everything."""
    changes = Changes(store, seed=7)
    changes.move()
    for _ in range(size):
        changes.collect()
    changes.score()
    for change in (changes.know_errors, changes.correct_again, changes.run_source):
        change()
    changes.mark_duplicate()


def test_rebuilding_gives_identical_tables(config: Config) -> None:
    config.write({"shop": "https://shop.example.com/"})
    config.run("status")
    store = open_store(config.database)
    put(store, *(make_mention(str(i), TEXTS[i % 6], stars=1 + i % 5) for i in range(40)))
    kept = tables(store)
    for table in TABLES:
        store.conn.execute(f"UPDATE {table} SET mentions = mentions + 1")
    assert tables(store) != kept
    done = config.run("rebuild")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("counted 40 mentions: rollup_days ")
    assert tables(store) == kept
    assert_exact(store)
    store.close()


def test_a_store_from_before_there_were_rollups_is_counted_when_it_is_opened(store: Store) -> None:
    filled(store)
    kept = tables(store)
    for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'view'"):
        store.conn.execute(f"DROP VIEW {name}")
    for name in rollups.triggers():
        store.conn.execute(f"DROP TRIGGER {name}")
    for table in (*TABLES, "rollup_state"):
        store.conn.execute(f"DROP TABLE {table}")
    store.conn.execute("DROP INDEX sources_by_brand")
    store.conn.execute("DELETE FROM _sqlite_migrations WHERE name = '0010_rollups'")
    again = open_store(store.path)
    assert tables(again) == kept
    assert_exact(again)
    again.close()


def test_another_definition_of_the_counts_counts_anew(store: Store) -> None:
    filled(store)
    kept = tables(store)
    store.conn.execute("UPDATE rollup_state SET made_by = 'an older release'")
    store.conn.execute("DROP TRIGGER rollup_mention_new")
    store.conn.execute("UPDATE rollup_days SET mentions = 99")
    again = open_store(store.path)
    assert tables(again) == kept
    assert rollups.are_made(again.conn)
    again.close()


def test_a_correction_moved_to_another_mention_counts_there(store: Store) -> None:
    put(store, make_mention("one", "bad"))
    put(store, make_mention("other", "bad", published_at=NOW - timedelta(days=9)))
    store.conn.execute(
        "INSERT INTO corrections (version_id, label, corrected_by, corrected_at)"
        " VALUES (1, 'positive', 'Jana', '2026-11-18T12:00:00Z')"
    )
    store.conn.execute("UPDATE corrections SET version_id = 2")
    assert_exact(store)
    weeks = store.rows("SELECT positive FROM reputation_weekly ORDER BY week")
    assert [row[0] for row in weeks] == [1, 0]


def test_rows_restored_in_another_order_count_as_well(store: Store) -> None:
    """A dump read back by sqlite3, which has foreign keys off, may bring a version first."""
    filled(store)
    kept = tables(store)
    names = ("mentions", "mention_versions", "scores", "aspects", "corrections")
    rows = {name: [tuple(row) for row in store.rows(f"SELECT * FROM {name}")] for name in names}
    store.conn.execute("DELETE FROM mentions")
    assert all(row[-2:] == (0, 0) for row in tables(store)["rollup_days"])
    store.conn.execute("PRAGMA foreign_keys = OFF")
    for name in reversed(names):
        for row in rows[name]:
            store.conn.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
    assert tables(store) == kept
    assert_exact(store)


_WRITER = """
import sys
sys.path[:0] = [sys.argv[2]]
from support import make_mention, put
from monitor.store import open_store
store = open_store(sys.argv[1])
number = 0
while True:
    number += 1
    with store.write():
        names = [f"{number} {i}" for i in range(30)]
        put(store, *(make_mention(name, "bad delivery", location="Brno") for name in names))
        print("half", flush=True)
    print("whole", flush=True)
"""


@pytest.mark.parametrize("lines", [1, 2, 7, 10])
def test_a_write_that_is_killed_leaves_the_counts_as_its_rows_are(store: Store, lines: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(store.path), str(ROOT / "tests")],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    for _ in range(lines):
        assert writer.stdout.readline() in ("half\n", "whole\n")
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    assert int(str(store.value("SELECT count(*) FROM mentions"))) >= 30 * (lines // 2)
    assert_exact(store)


def steps(store: Store, change: Callable[[], object]) -> int:
    """How much work SQLite had with a change, in hundreds of its own steps; no clock is asked."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    store.conn.set_progress_handler(count, 100)
    change()
    store.conn.set_progress_handler(None, 0)
    return counted


def test_a_change_is_as_much_work_in_a_large_store(store: Store) -> None:
    def work(name: str) -> int:
        changes = Changes(store, seed=1)
        one = make_mention(name, "bad delivery, good packaging", location="Brno")

        shop = source_store.find(store, "shop")
        assert shop is not None

        def all_of_it() -> None:
            mentions.save(store, shop, [one], NOW)
            mention_id = store.value("SELECT max(id) FROM mentions")
            version = int(str(store.value("SELECT max(id) FROM mention_versions")))
            score_store.save(store, "words-1", [Score(version, 0.9, 0.05, 0.05)], NOW)
            found = [AspectScore(version, "delivery", "delivery", "negative", 0.9, "bad")]
            aspect_store.save(store, "aspects", found, [version])
            changes.run("UPDATE mentions SET deleted_at = 'x' WHERE id = ?", mention_id)
            changes.run("UPDATE mentions SET deleted_at = NULL WHERE id = ?", mention_id)
            changes.run("DELETE FROM aspects WHERE id = (SELECT max(id) FROM aspects)")
            changes.run("DELETE FROM scores WHERE id = (SELECT max(id) FROM scores)")
            changes.run("DELETE FROM mentions WHERE id = ?", mention_id)

        return steps(store, all_of_it)

    put(store, *(make_mention(f"few {i}", "bad delivery", location="Brno") for i in range(20)))
    small = work("one")
    days = [NOW - timedelta(days=i % 90) for i in range(2000)]
    many = [make_mention(f"many {i}", TEXTS[i % 6], published_at=day) for i, day in enumerate(days)]
    put(store, *many)
    assert work("another") < 1.5 * small, small


def test_no_trigger_goes_through_a_table(store: Store) -> None:
    """A change must not cost more in a large store: no plan may scan what grows with mentions."""
    grows = r"SCAN (m|v|a|c|sc|r|rollup_\w+|mentions|mention_versions|scores|aspects)\b"
    checked = 0
    for name, sql in rollups.triggers().items():
        if name in ("rollup_unsure_moved", "rollup_week_moved", "rollup_source_moved"):
            continue  # changes of the configuration
        for statement in sql.partition("BEGIN\n")[2].removesuffix("END").split(";\n")[:-1]:
            plan = store.rows(
                "EXPLAIN QUERY PLAN " + re.sub(r"\b(old|new)\.\w+", "?1", statement), (1,)
            )
            assert not [row[3] for row in plan if re.match(grows, row[3])], (name, statement)
            checked += 1
    assert checked > 50
