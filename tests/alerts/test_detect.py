"""Decisions in the store: each once, silenced ones kept, nothing lost by a crash."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from support import NOW, end_backfill, put, record, run_of
from support import make_mention as m

from monitor.alerts.detect import detect, detect_sources
from monitor.config import MentionRule, WaveRule
from monitor.errors import UsageError
from monitor.store import Store
from monitor.store import alerts as alert_store
from monitor.store.erase import erase_author

NEGATIVE = MentionRule(name="negative", when="mention", label="negative", to=["pr", "chat"])
WAVE = WaveRule(name="wave", when="wave", severity="critical", to=["pr", "chat"])
DAY = timedelta(days=1)


def titles(store: Store) -> list[tuple[Any, ...]]:
    rows = store.rows("SELECT rule, state, mentions, pending FROM open_alerts ORDER BY alert_id")
    return [tuple(row) for row in rows]


def test_a_negative_review_is_one_alert_with_a_delivery_a_channel(store: Store) -> None:
    end_backfill(store)
    put(store, m("bad one", "bad"), m("good one", "good"))
    assert len(detect(store, [NEGATIVE], NOW)) == 1
    assert detect(store, [NEGATIVE], NOW) == []
    assert titles(store) == [("negative", "open", 1, 2)]
    assert store.value("SELECT count(*) FROM scores WHERE judged_at IS NULL") == 0


def test_a_first_collection_raises_no_alarm_and_leaves_nothing_waiting(store: Store) -> None:
    put(store, *(m(f"old {i}", "bad") for i in range(9)))
    assert detect(store, [NEGATIVE, WAVE], NOW) == []
    end_backfill(store)
    put(store, m("news", "bad"))
    assert len(detect(store, [NEGATIVE], NOW)) == 1
    assert store.value("SELECT count(*) FROM scores WHERE judged_at IS NULL") == 0


def test_a_review_from_last_year_that_is_found_today_raises_no_alarm(store: Store) -> None:
    end_backfill(store)
    put(store, m("old", "bad", published_at=NOW - timedelta(days=365)))
    assert detect(store, [NEGATIVE, WAVE], NOW) == []


def test_a_review_edited_from_praise_to_anger_is_an_alert(store: Store) -> None:
    end_backfill(store)
    put(store, m("it", "good"))
    assert detect(store, [NEGATIVE], NOW) == []
    put(store, m("it", "bad"))
    assert len(detect(store, [NEGATIVE], NOW)) == 1


def test_an_old_review_is_news_when_its_author_turns_and_not_when_its_page_is_rewritten(
    store: Store,
) -> None:
    long_ago = NOW - timedelta(days=300)
    put(store, *(m(f"m{i}", text, published_at=long_ago) for i, text in enumerate(["good", "bad"])))
    end_backfill(store)
    detect(store, [NEGATIVE], NOW)
    put(
        store,
        m("m0", "bad", published_at=long_ago),
        m("m1", "bad, read more", published_at=long_ago),
    )
    assert len(detect(store, [NEGATIVE, WAVE], NOW)) == 1
    row = store.rows("SELECT m.identity, a.started_at FROM alerts a"
                     " JOIN alert_mentions am ON am.alert_id = a.id"
                     " JOIN mentions m ON m.id = am.mention_id")  # fmt: skip
    assert [tuple(one) for one in row] == [("m0", "2026-11-18T12:00:00Z")]


def test_a_near_duplicate_raises_no_second_alert(store: Store) -> None:
    end_backfill(store)
    ids = put(store, m("first", "bad"), m("copy", "bad"))
    store.conn.execute(
        "UPDATE mentions SET duplicate_of = ? WHERE id = ?", (ids["first"], ids["copy"])
    )
    assert len(detect(store, [NEGATIVE], NOW)) == 1


def test_an_alert_of_a_new_mention_is_not_mistaken_for_that_of_an_erased_one(store: Store) -> None:
    end_backfill(store)
    put(store, m("hers", "bad", author="k7", url="https://shop.example.com/reviews/1"))
    detect(store, [NEGATIVE], NOW)
    erase_author(store, "k7", None, NOW)
    put(store, m("his", "bad", author="k8"))
    assert len(detect(store, [NEGATIVE], NOW)) == 1
    evidence = store.rows("SELECT evidence FROM alerts ORDER BY id")
    assert "reviews/1" not in evidence[0]["evidence"]


def quiet_past(store: Store, until: datetime) -> None:
    put(store, *(m(f"past {i}", "bad", published_at=until - i * 9 * DAY) for i in range(1, 8)))
    end_backfill(store)


def burst(prefix: str, count: int, end: datetime) -> list[Any]:
    hours = timedelta(hours=1)
    return [m(f"{prefix} {i}", "bad", published_at=end - i * hours) for i in range(count)]


def test_a_wave_is_one_alert_and_its_mentions_are_none_of_their_own(store: Store) -> None:
    quiet_past(store, NOW - DAY)
    put(store, *burst("wave", 6, NOW))
    detect(store, [NEGATIVE, WAVE], NOW)
    assert titles(store) == [("wave", "open", 6, 2)]


def test_a_wave_that_goes_on_for_a_week_is_told_once(store: Store) -> None:
    quiet_past(store, NOW - DAY)
    for day in range(7):
        put(store, *burst(f"day {day}", 6, NOW + day * DAY))
        detect(store, [NEGATIVE, WAVE], NOW + day * DAY)
    assert titles(store) == [("wave", "open", 42, 2)]


def test_single_reviews_are_told_while_the_wave_rule_is_silenced(store: Store) -> None:
    quiet_past(store, NOW - DAY)
    alert_store.silence(store, "wave", None, NOW + DAY, "me", None, NOW)
    put(store, *burst("wave", 5, NOW))
    detect(store, [NEGATIVE, WAVE], NOW)
    put(store, *burst("more", 1, NOW + timedelta(minutes=5)))
    detect(store, [NEGATIVE, WAVE], NOW + timedelta(minutes=5))
    assert titles(store) == [("wave", "silenced", 6, 0)] + [("negative", "open", 1, 2)] * 6


def test_a_silence_keeps_alerts_without_sending_and_ends(store: Store) -> None:
    end_backfill(store)
    alert_store.silence(store, None, "Acme", NOW + timedelta(hours=2), "me", "launch day", NOW)
    put(store, m("first", "bad"))
    detect(store, [NEGATIVE], NOW)
    later = NOW + timedelta(hours=3)
    put(store, m("second", "bad", published_at=later))
    detect(store, [NEGATIVE], later)
    assert titles(store) == [("negative", "silenced", 1, 0), ("negative", "open", 1, 2)]
    assert [delivery.alert_id for delivery in alert_store.due(store, later)] == [2, 2]


def test_alerts_move_forward_only(store: Store) -> None:
    end_backfill(store)
    put(store, m("it", "bad"))
    (alert,) = detect(store, [NEGATIVE], NOW)
    alert_store.acknowledge(store, alert, "Jana", "looking", NOW)
    with pytest.raises(UsageError, match="is acknowledged already"):
        alert_store.acknowledge(store, alert, "Petr", None, NOW)
    alert_store.resolve(store, alert, "Petr", None, NOW)
    with pytest.raises(UsageError, match="is resolved already"):
        alert_store.resolve(store, alert, "Petr", None, NOW)
    with pytest.raises(UsageError, match="no alert 99"):
        alert_store.resolve(store, 99, "Petr", None, NOW)
    row = store.rows("SELECT * FROM alerts")[0]
    assert (row["acknowledged_by"], row["resolved_by"], row["note"]) == ("Jana", "Petr", "looking")
    assert titles(store) == []


def test_the_operator_hears_once_when_a_source_goes_blind(store: Store) -> None:
    record(store, run_of("ok", items=3))
    assert detect_sources(store, ["ops"], NOW) == []
    told = []
    for hour in range(1, 5):
        record(store, run_of("blocked" if hour < 3 else "broken", NOW + timedelta(hours=hour)))
        told += detect_sources(store, ["ops"], NOW)
    assert len(told) == 1
    record(store, run_of("ok", NOW + timedelta(hours=6), items=3))
    assert detect_sources(store, ["ops"], NOW) == []
    record(store, run_of("unreachable", NOW + timedelta(hours=7)))
    assert len(detect_sources(store, ["ops"], NOW)) == 1


def source_alerts(store: Store) -> list[tuple[str, str | None, str | None]]:
    sql = "SELECT state, resolved_at, resolved_by FROM alerts WHERE rule = 'source-health'"
    return [tuple(row) for row in store.rows(sql + " ORDER BY id")]


@pytest.mark.parametrize("answer", ["ok", "unchanged", "empty", "partial"])
def test_an_alert_of_a_blind_source_is_over_when_it_answers_again(
    store: Store, answer: str
) -> None:
    for hour, state in enumerate(("blocked", "broken", "unreachable")):
        record(store, run_of(state, NOW + timedelta(hours=hour)))
        record(store, run_of("blocked", NOW + timedelta(hours=hour), source="forum"))
        detect_sources(store, ["ops"], NOW + timedelta(hours=hour))
    assert source_alerts(store) == [("open", None, None)] * 2
    alert_store.acknowledge(store, 2, "Jana", None, NOW)
    record(store, run_of(answer, NOW + timedelta(hours=4)))
    assert detect_sources(store, ["ops"], NOW + timedelta(hours=5)) == []
    assert source_alerts(store) == [
        ("resolved", "2026-11-18T17:00:00Z", "monitor"),
        ("acknowledged", None, None),
    ]
    assert store.value("SELECT note FROM alerts WHERE id = 1").startswith("it answers again")

    detect_sources(store, ["ops"], NOW + timedelta(hours=9))  # resolved once, at its time
    assert source_alerts(store)[0][1] == "2026-11-18T17:00:00Z"
    record(store, run_of("blocked", NOW + timedelta(hours=10)))
    assert len(detect_sources(store, ["ops"], NOW + timedelta(hours=10))) == 1
    assert [state for state, *_ in source_alerts(store)] == ["resolved", "acknowledged", "open"]


def test_an_alert_that_somebody_resolved_is_not_opened_again_while_it_lasts(store: Store) -> None:
    record(store, run_of("blocked"))
    (alert,) = detect_sources(store, ["ops"], NOW)
    alert_store.resolve(store, alert, "Petr", "we know", NOW)
    record(store, run_of("blocked", NOW + timedelta(hours=1)))
    assert detect_sources(store, ["ops"], NOW + timedelta(hours=1)) == []
    record(store, run_of("ok", NOW + timedelta(hours=2), items=1))
    detect_sources(store, ["ops"], NOW + timedelta(hours=2))
    assert source_alerts(store) == [("resolved", "2026-11-18T12:00:00Z", "Petr")]


def test_a_blind_source_is_told_although_the_run_that_found_it_was_killed(store: Store) -> None:
    record(store, run_of("blocked"))  # and nobody judged it: the process died here
    record(store, run_of("blocked", NOW + timedelta(hours=1)))
    assert len(detect_sources(store, ["ops"], NOW)) == 1


def test_a_source_that_is_switched_off_is_not_missed(store: Store) -> None:
    record(store, run_of("blocked"))
    store.conn.execute("UPDATE sources SET enabled = 0")
    assert detect_sources(store, ["ops"], NOW) == []


def test_a_blind_source_that_is_switched_off_is_no_open_alert(store: Store) -> None:
    record(store, run_of("blocked"))
    assert len(detect_sources(store, ["ops"], NOW)) == 1
    store.conn.execute("UPDATE sources SET enabled = 0")
    detect_sources(store, ["ops"], NOW)
    assert [state for state, *_ in source_alerts(store)] == ["resolved"]


def test_the_first_complete_collection_ends_the_back_fill(store: Store) -> None:
    sql = "SELECT first_collected_at FROM sources WHERE name = 'shop'"
    record(store, run_of("broken"))
    record(store, run_of("partial", items=5))
    assert store.value(sql) is None
    record(store, run_of("ok", items=5))
    assert store.value(sql) == "2026-11-18T12:00:00Z"


def test_a_source_that_is_never_read_to_its_end_gives_news_from_the_third_time(
    store: Store,
) -> None:
    for number, is_backfill in enumerate((1, 1, 0)):
        put(store, m(f"m{number}", "bad"))
        record(store, run_of("partial", NOW + timedelta(hours=number), items=1))
        sql = f"SELECT is_backfill FROM mentions WHERE identity = 'm{number}'"
        assert store.value(sql) == is_backfill
