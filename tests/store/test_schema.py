"""The file itself: brought up to date once, refusing what is wrong, shared by processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support import NOW, ROOT, put
from support import make_mention as m

from monitor.store import Store, open_store, view_scripts


def test_a_store_opened_again_is_the_same_store(tmp_path: Path) -> None:
    def shape(store: Store) -> list[tuple[str, ...]]:
        rows = store.rows("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
        return [tuple(row) for row in rows]

    first = open_store(tmp_path / "monitor.db")
    before = shape(first)
    first.close()
    second = open_store(tmp_path / "monitor.db")
    assert shape(second) == before
    applied = second.rows("SELECT name FROM _sqlite_migrations")
    assert len(applied) == len({row["name"] for row in applied}) >= 4
    second.close()


def test_a_changed_view_is_laid_anew_and_an_analysts_own_view_stays(tmp_path: Path) -> None:
    store = open_store(tmp_path / "monitor.db")
    store.conn.execute("DROP VIEW open_alerts")
    store.conn.execute("CREATE VIEW open_alerts AS SELECT 1 AS old")
    store.conn.execute("CREATE VIEW my_own AS SELECT brand FROM reputation_weekly")
    store.close()
    store = open_store(tmp_path / "monitor.db")
    assert "alert_id" in store.conn.execute("SELECT * FROM open_alerts").description[0]
    assert store.rows("SELECT * FROM my_own") == []
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO brands (name, role, timezone, week_start) VALUES ('x', 'friend', 'UTC', 1)",
        "INSERT INTO brands (name, role, timezone, week_start) VALUES ('x', 'own', 'UTC', 9)",
        "INSERT INTO brands (name, role, timezone, week_start) VALUES ('x', 'own', 'UTC', 'mon')",
        "INSERT INTO brands (name, role, timezone, week_start) VALUES ('Acme', 'own', 'UTC', 1)",
        "INSERT INTO sources (name, brand_id, kind) VALUES ('x', 99, 'feed')",
        "UPDATE mentions SET kind = 'rumour'",
        "UPDATE mentions SET reach = 'many'",
        "UPDATE mentions SET rating_value = 4",
        "UPDATE mentions SET source_id = 99",
        "UPDATE scores SET negative = 0.9, positive = 0.9",
        "UPDATE scores SET label = 'angry'",
        "UPDATE scores SET positive = 'high'",
        "INSERT INTO corrections (version_id, label, corrected_by, corrected_at)"
        " VALUES (99, 'positive', 'me', '2026-11-18T12:00:00Z')",
        "INSERT INTO deliveries (channel, created_at, next_attempt_at) VALUES ('pr', '', '')",
        "INSERT INTO alerts (key, rule, severity, title, reason, evidence, started_at, decided_at)"
        " VALUES ('k', 'r', 'awful', '', '', '{}', '', '')",
        "INSERT INTO survey_waves (survey_id, name, starts_on, ends_on) VALUES (7, 'w', '', '')",
    ],
)
def test_the_database_refuses(store: Store, statement: str) -> None:
    put(store, m("one", "good"))
    with pytest.raises(sqlite3.IntegrityError):
        store.conn.execute(statement)


def test_a_reader_cannot_write(store: Store) -> None:
    reader = open_store(store.path, read_only=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.conn.execute("DELETE FROM brands")
    reader.close()


def test_a_reader_opens_a_file_whose_name_has_signs_of_an_address(tmp_path: Path) -> None:
    path = tmp_path / "what?50% #1.db"
    open_store(path).close()
    reader = open_store(path, read_only=True)
    assert reader.value("SELECT count(*) FROM brands") == 0
    reader.close()


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as conn:
        conn.execute("UPDATE brands SET name = 'Other'")
        with store.write():  # part of the outer one
            conn.execute("UPDATE sources SET url = 'https://other.example.com/'")
        raise RuntimeError("something broke")
    assert store.value("SELECT name FROM brands") == "Acme"
    assert store.value("SELECT count(*) FROM sources WHERE url LIKE '%other%'") == 0


_WRITER = """
import sys
from monitor.store import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for number in range(150):
    with store.write() as conn:
        seen = conn.execute("SELECT invited FROM survey_waves").fetchone()[0]  # read, then write
        conn.execute("UPDATE survey_waves SET invited = ?", (seen + 1,))
"""


def test_two_processes_that_write_wait_for_each_other(store: Store) -> None:
    store.conn.execute("INSERT INTO surveys (name, brand_id) VALUES ('s', 1)")
    store.conn.execute(
        "INSERT INTO survey_waves (survey_id, name, starts_on, ends_on, invited)"
        " VALUES (1, 'w', '2026-01-01', '2026-01-02', 1)"
    )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(store.path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, errors = writer.communicate(timeout=50)
        assert writer.returncode == 0, errors
    assert store.value("SELECT invited FROM survey_waves") == 301


def test_processes_that_open_a_new_store_together_all_get_it(tmp_path: Path) -> None:
    script = (
        "import sys; print('ready', flush=True); sys.stdin.readline();"
        "from monitor.store import open_store;"
        "print(open_store(sys.argv[1]).value('SELECT count(*) FROM source_health'))"
    )
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "new.db")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    for opener in openers:
        out, errors = opener.communicate(timeout=50)
        assert (out, opener.returncode) == ("ready\n0\n", 0), errors


def test_every_view_answers_and_says_what_it_is(store: Store) -> None:
    put(store, m("one", "good"), m("two", "bad", published_at=NOW))
    scripts = view_scripts()
    assert len(scripts) >= 8
    for name, script in scripts.items():
        header = script.partition("CREATE VIEW")[0].strip().splitlines()
        assert header and all(line.startswith("--") for line in header), name
        assert f"CREATE VIEW {name} AS" in script
        store.rows(f"SELECT * FROM {name}")


def test_every_view_file_is_in_the_order(tmp_path: Path) -> None:
    folder = ROOT / "monitor" / "store" / "views"
    assert sorted(view_scripts()) == sorted(file.stem for file in folder.glob("*.sql"))
