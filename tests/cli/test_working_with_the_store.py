"""Commands on a store with something in it: what they print, and what they change."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support import NOW, ROOT, Call, Config, Site, end_backfill, put, record, review, run_of
from support import make_mention as m

from monitor.alerts.detect import detect
from monitor.config import MentionRule
from monitor.normalise.search_terms import search_text
from monitor.store import Store
from monitor.store import alerts as alert_store

RULES = "[{name: negative, when: mention, label: negative, to: [pr]}]"
NEGATIVE = MentionRule(name="negative", when="mention", label="negative", to=["pr"])


@pytest.fixture
def filled(config: Config) -> Iterator[Store]:
    """Three reviews, one of them bad with an alert; the store stays open beside the commands."""
    config.write({"shop": "http://127.0.0.1:9/"}, RULES)
    texts = {"one": "A good parcel", "two": "Parcels are bad", "three": "=cmd|'/c calc'!A1"}
    with config.runtime() as runtime:
        end_backfill(runtime.store)
        put(runtime.store, *(
            m(key, text, search_text=search_text(None, text, "en"), author=f"Author {key}")
            for key, text in texts.items()
        ))  # fmt: skip
        detect(runtime.store, [NEGATIVE], NOW)
        yield runtime.store


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["trends"],
        ["benchmark"],
        ["alerts", "list"],
        ["search", "parcel"],
        ["kinds"],
        ["check"],
        ["score"],
    ],
)
def test_what_a_script_reads_is_json_and_what_a_person_reads_is_a_table(
    call: Call, filled: Store, arguments: list[str]
) -> None:
    said = call(*arguments, "--json")
    assert said.code == 0, said.errors
    assert isinstance(said.json, list | dict)
    assert said.errors == ""
    table = call(*arguments)
    assert (table.code, table.errors) == (0, "")
    assert table.out.strip()


def test_trends_and_benchmark_are_the_views(call: Call, filled: Store) -> None:
    (week,) = call("trends", "--json", "--brand", "Acme").json
    assert (week["week"], week["mentions"], week["positive"], week["negative"]) == (
        "2026-11-16", 3, 1, 1,
    )  # fmt: skip
    assert call("benchmark", "--json").json[0]["share_of_voice"] == 1.0
    rows = list(csv.DictReader(call("trends", "--csv").out.splitlines()))
    assert rows[0]["mentions"] == "3"


@pytest.mark.parametrize("command", ["trends", "benchmark"])
def test_a_week_with_a_blind_source_is_marked_in_every_form(
    call: Call, filled: Store, command: str
) -> None:
    assert call(command, "--json").json[0]["is_partial"] == 0
    assert "partial" not in call(command).out.splitlines()[-1]
    record(filled, run_of("blocked"))
    assert call(command, "--json").json[0]["is_partial"] == 1
    assert next(csv.DictReader(call(command, "--csv").out.splitlines()))["is_partial"] == "1"
    shown = [line for line in call(command).out.splitlines() if "2026-11-16" in line]
    assert len(shown) == 1 and "partial" in shown[0]


def test_search_finds_other_forms_and_leaves_out_what_is_not_wanted(
    call: Call, filled: Store
) -> None:
    assert {row["text"] for row in call("search", "parcels", "--json").json} == {
        "A good parcel", "Parcels are bad",
    }  # fmt: skip
    assert len(call("search", "parcel -bad", "--json").json) == 1
    assert call("search", '"', "--json").json == []


def test_every_number_leads_to_the_mentions_behind_it(call: Call, filled: Store) -> None:
    put(
        filled,
        m("four", "delivery was bad, food good", location="Brno", language="cs"),
        m("last week", "bad", published_at=NOW - timedelta(days=7)),
    )
    week = ("--brand", "Acme", "--week", "2026-11-16")

    def ids(*arguments: str) -> set[int]:
        return {row["mention_id"] for row in call("search", *arguments, "--json").json}

    (counted,) = [row for row in call("trends", "--json").json if row["week"] == "2026-11-16"]
    assert len(ids(*week)) == counted["mentions"] == 4
    assert len(ids(*week, "--label", "negative")) == counted["negative"] == 2
    (aspect,) = filled.rows("SELECT * FROM aspect_weekly")
    assert len(ids(*week, "--aspect", "delivery", "--label", "negative")) == aspect["negative"] == 1
    assert ids(*week, "--stage", "delivery") == ids("--location", "Brno") == ids("--language", "cs")
    assert len(ids("--until", "2026-11-15")) == 1
    assert ids("delivery", "--since", "2026-11-16") <= ids("--aspect", "delivery")
    rows = list(csv.DictReader(call("search", *week, "--csv").out.splitlines()))
    assert {int(row["mention_id"]) for row in rows} == ids(*week)
    nothing = call("search")
    assert (nothing.code, "say what to find" in nothing.errors) == (2, True)


def test_an_alert_is_listed_acknowledged_and_resolved(call: Call, filled: Store) -> None:
    (alert,) = call("alerts", "list", "--json").json
    assert (alert["state"], alert["rule"], alert["mentions"]) == ("open", "negative", 1)
    number = str(alert["id"])
    assert call("alerts", "ack", number, "--by", "Jana", "--note", "calling them").code == 0
    (alert,) = call("alerts", "list", "--state", "acknowledged", "--json").json
    assert (alert["acknowledged_by"], alert["note"]) == ("Jana", "calling them")
    assert call("alerts", "ack", number).code == 2
    assert call("alerts", "resolve", number, "--by", "Petr").code == 0
    assert call("alerts", "list", "--json").json == []
    assert len(call("alerts", "list", "--state", "resolved", "--json").json) == 1


def test_a_silence_is_for_a_rule_or_brand_that_exists(call: Call, filled: Store) -> None:
    said = call("alerts", "silence", "--rule", "negativ", "--hours", "2")
    assert said.code == 2
    assert (
        "no rule is called 'negativ'; there are: negative, source-health, source-quiet"
        in said.errors
    )
    assert call("alerts", "silence", "--brand", "Acmee", "--hours", "2").code == 2
    assert filled.value("SELECT count(*) FROM silences") == 0
    assert call("alerts", "silence", "--rule", "negative", "--hours", "2").code == 0
    assert filled.value("SELECT rule FROM silences") == "negative"


def test_status_shows_a_silence_against_the_rhythm_of_its_source(
    call: Call, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timedelta(days=1)
    assert call("status", "--json").json["sources"][0]["silence"] is None
    for days_ago in range(60, -1, -1):
        at, gives = NOW - days_ago * day, days_ago >= 20
        if gives:
            put(filled, m(f"day {days_ago}", "good", published_at=at), at=at)
        record(filled, run_of("ok", at, items=int(gives)))
    old = "UPDATE mentions SET local_day = '2026-10-01' WHERE identity NOT LIKE 'day %'"
    filled.conn.execute(old)
    filled.conn.execute("UPDATE sources SET first_collected_at = '2026-09-19T12:00:00Z'")
    (source,) = call("status", "--json").json["sources"]
    assert (source["silence"], source["silent_days"], source["usual_days"]) == ("quiet", 19, 1.0)
    assert source["last_new_at"] == "2026-10-29T12:00:00Z"
    monkeypatch.setenv("COLUMNS", "80")
    (shown,) = [line for line in call("status").out.splitlines() if "19 d, quiet" in line]
    assert shown.split() == [
        "shop", "ok", "11-18", "12:00", "2026-10-29", "19", "d,", "quiet", "1", "0",
    ]  # fmt: skip
    record(filled, run_of("blocked", NOW + day))
    (source,) = call("status", "--json").json["sources"]
    assert (source["state"], source["silence"], source["silent_days"]) == ("blocked", "blind", None)


def test_status_shows_what_was_given_up(call: Call, filled: Store) -> None:
    (delivery,) = alert_store.due(filled, NOW)
    alert_store.mark_failed(filled, [delivery.id], "the receiver did not take the message", None)
    said = call("status", "--json").json
    assert said["counts"]["deliveries given up"] == 1
    assert said["channels"][0]["last_error"] == "the receiver did not take the message"
    assert said["counts"]["waiting for the rules"] == 0
    assert "given up" in call("status").out


def test_an_export_holds_every_view_and_no_formula(
    call: Call, filled: Store, tmp_path: Path
) -> None:
    assert call("export", "out").code == 0
    with (tmp_path / "out" / "current_scores.csv").open(encoding="utf-8", newline="") as file:
        texts = {row["text"] for row in csv.DictReader(file)}
    assert "'=cmd|'/c calc'!A1" in texts
    assert not any(text.startswith("=") for text in texts)
    # A leading underscore: what the rollups are made of, nothing that analysts count on.
    views = filled.rows("SELECT name FROM sqlite_master WHERE type = 'view' AND name NOT GLOB '_*'")
    assert {file.stem for file in (tmp_path / "out").iterdir()} == {row["name"] for row in views}


def test_a_backup_is_a_store_and_overwrites_nothing(
    call: Call, filled: Store, tmp_path: Path
) -> None:
    assert call("backup", "copy.db").code == 0
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("SELECT count(*) FROM current_scores").fetchone() == (3,)
    copy.close()
    assert call("backup", "copy.db").code == 2


def test_erasing_asks_first_and_names_nobody_by_half(call: Call, filled: Store) -> None:
    assert call("erase", "--author", "Author two", input=b"n\n").code == 1
    assert call("erase", "--author", "Author", "--yes").code == 2
    assert filled.value("SELECT count(*) FROM mentions") == 3
    assert call("erase", "--author", "Author two", "--yes").code == 0
    assert filled.value("SELECT count(*) FROM mentions") == 2


def test_a_backfill_asks_for_all_again_and_leaves_out_what_is_older(
    call: Call, config: Config, site: Site
) -> None:
    today = datetime.now(UTC)
    config.write(
        {
            "shop": site.show_reviews(
                "/shop",
                review(1, "Last week", date=(today - timedelta(days=7)).isoformat()),
                review(2, "Last year", date=(today - timedelta(days=365)).isoformat()),
            )
        }
    )
    (run,) = call("collect", "--backfill", "30", "--json").json
    assert (run["items"], run["new"]) == (2, 1)
    (run,) = call("collect", "--backfill", "400", "--json").json
    assert (run["items"], run["new"]) == (2, 1)


def test_a_dry_run_stores_nothing(call: Call, config: Config, site: Site) -> None:
    config.write({"shop": site.show_reviews("/shop", review(1, "Good"))})
    (shown,) = call("collect", "--dry-run", "--json").json
    assert (shown["state"], shown["items"], shown["first"]) == ("ok", 1, "Good")
    assert config.value("SELECT count(*) FROM mentions") == 0
    assert config.value("SELECT count(*) FROM crawl_runs") == 0


CSV = "Datum;Text;Hodnocení;Autor\n2026-11-10;Skvělý obchod;5;Jana\n;;;\n2026-11-11;Hrůza;;Petr\n"


def test_a_file_is_imported_once_and_its_bad_rows_are_told(call: Call, config: Config) -> None:
    config.write({})
    (config.folder / "reviews.csv").write_text(CSV, encoding="utf-8")
    first = call("import", "reviews.csv", "--source", "files", "--language", "cs", "--json").json
    assert (first["new"], first["scored"], first["alerts"]) == (2, 2, 0)
    again = call("import", "reviews.csv", "--source", "files", "--json").json
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    more = CSV + "2026-11-12;Katastrofa;x;Eva\n"
    (config.folder / "reviews.csv").write_text(more, encoding="utf-8")
    third = call("import", "reviews.csv", "--source", "files", "--json").json
    assert (third["new"], third["rejects"] > 0) == (1, True)
    wrong = call("import", "reviews.csv", "--source", "files", "--map", "stars=Hodnocení")
    assert (wrong.code, "write FIELD=COLUMN" in wrong.errors) == (2, True)


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_classify_answers_line_by_line(call: Call) -> None:
    texts = [
        "Отвратительный магазин, обманули и не вернули деньги",
        "Skvělé služby, moc děkuji a všem doporučuji",
        "Der Kundendienst war leider sehr langsam und unfreundlich zu uns",
        json.dumps({"text": "This is the worst shop, awful service", "kind": "review"}),
        '{"no": "text"}',
        "",
    ]
    said = call("classify", input="\n".join(texts).encode("utf-8-sig"))
    assert said.code == 0, said.errors
    rows = lines_of(said.out)
    assert [row["language"] for row in rows[:4]] == ["ru", "cs", "other", "en"]
    labels = [row["label"] for row in rows[:4]]
    assert [labels[0], labels[1], labels[3]] == ["negative", "positive", "negative"]
    assert len(rows) == 5
    assert rows[0]["text"] == texts[0]
    assert abs(sum(rows[0][name] for name in ("negative", "neutral", "positive")) - 1) < 0.001
    assert all(abs(row["negative"] + row["neutral"] + row["positive"] - 1) < 0.001 for row in rows)


def test_classify_tells_what_each_clause_is_about(call: Call) -> None:
    text = "Доставка ужасная, зато качество отличное"
    (row,) = lines_of(call("classify", input=text.encode()).out)
    found = {one["aspect"]: (one["label"], one["clause"]) for one in row["aspects"]}
    assert found["delivery"] == ("negative", "Доставка ужасная")
    assert found["quality"][0] == "positive"


def test_classify_survives_a_broken_byte_and_refuses_a_text_that_is_none(call: Call) -> None:
    said = call("classify", input="Ужасно".encode("cp1251") + b"\nGreat shop, thank you\n")
    assert (said.code, len(lines_of(said.out))) == (0, 2)
    wrong = call("classify", input=b'{"text": 5}\n')
    assert (wrong.code, wrong.errors) == (2, 'error: line 1: "text" must be a string\n')
    empty = call("classify", "--model", str(ROOT / "docs"), input=b"x\n")
    assert empty.code == 1
    assert empty.errors.startswith(f"error: model {ROOT / 'docs'}: ")
    assert "Traceback" not in empty.errors


def test_run_once_reports_what_it_did(call: Call, config: Config, site: Site) -> None:
    config.write({"shop": site.show_reviews("/shop", review(1, "A good shop and nice people"))})
    said = call("run-once", "--json")
    assert said.code == 0, said.errors
    assert said.json["runs"][0]["state"] == "ok"
    assert (said.json["scored"], said.json["alerts"], said.json["failed"]) == (1, [], 0)
