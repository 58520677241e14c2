"""The views' figures against figures worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support import NOW, put, record, run_of, scheduled
from support import make_mention as m

from monitor.records import Brand, ModelErrors
from monitor.store import Store, mentions
from monitor.store import scores as score_store
from monitor.store import sources as source_store
from monitor.surveys.measures import nps
from monitor.trends.compare import net_share


def one(store: Store, sql: str) -> dict[str, object]:
    (row,) = store.rows(sql)
    return {key: row[key] for key in row.keys()}  # noqa: SIM118 (sqlite3.Row)


def labelled(store: Store, positive: int, neutral: int, negative: int) -> None:
    words = ["good"] * positive + ["table"] * neutral + ["bad"] * negative
    put(store, *(m(f"m{i}", word, stars=1 + i % 5) for i, word in enumerate(words)))


def test_net_sentiment_with_its_interval(store: Store) -> None:
    labelled(store, positive=5, neutral=3, negative=2)
    week = one(store, "SELECT * FROM reputation_weekly")
    # 100 (5 - 2) / 10 = 30. Adjusted: p = 5.75/13, q = 2.75/13, p - q = 0.23077,
    # sd = sqrt((p + q - (p - q)^2) / 13) = 0.21494, times 1.96 = 0.42128.
    assert (week["mentions"], week["scored"], week["net_sentiment"]) == (10, 10, 30.0)
    assert (week["net_sentiment_low"], week["net_sentiment_high"]) == (-19.05, 65.2)
    assert (week["ratings_1_5"], week["mean_rating_1_5"]) == (10, 3.0)
    day = one(store, "SELECT * FROM reputation_daily")
    assert (day["negative"], day["neutral"], day["positive"]) == (2, 3, 5)
    assert day["net_sentiment"] == 30.0


@pytest.mark.parametrize("counts", [(5, 3, 2), (1, 0, 0), (40, 0, 0), (0, 9, 0), (0, 2, 31)])
def test_views_and_reports_have_the_same_interval(store: Store, counts: tuple[int, ...]) -> None:
    positive, neutral, negative = counts
    labelled(store, positive, neutral, negative)
    week = one(store, "SELECT * FROM reputation_weekly")
    measure = net_share(negative, neutral, positive)
    assert week["net_sentiment"] == round(measure.value, 2)
    assert week["net_sentiment_low"] == pytest.approx(measure.low, abs=0.006)
    assert week["net_sentiment_high"] == pytest.approx(measure.high, abs=0.006)


def test_a_week_without_any_score_has_no_net_sentiment(store: Store) -> None:
    put(store, m("de", "das ist schlecht", language="de"))
    week = one(store, "SELECT * FROM reputation_weekly")
    assert (week["mentions"], week["scored"], week["net_sentiment"]) == (1, 0, None)
    assert week["net_sentiment_low"] is week["net_sentiment_high"] is None


def test_ratings_of_other_scales_are_not_averaged_in(store: Store) -> None:
    from monitor.records import Rating

    put(store, m("stars", stars=5), m("points", rating=Rating(2, "0-10", "2")))
    week = one(store, "SELECT * FROM reputation_weekly")
    assert (week["mentions"], week["ratings_1_5"], week["mean_rating_1_5"]) == (2, 1, 5.0)


SUNDAY_NIGHT = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "week_start", "moment", "week"),
    [
        ("Europe/Prague", 1, SUNDAY_NIGHT, "2026-11-16"),  # Monday there already
        ("Europe/Prague", 1, SUNDAY_NIGHT - timedelta(hours=1), "2026-11-09"),
        ("Asia/Tehran", 6, SUNDAY_NIGHT, "2026-11-14"),
        ("Asia/Tehran", 6, datetime(2026, 11, 13, 20, 29, tzinfo=UTC), "2026-11-07"),  # 23:59
        ("Asia/Tehran", 6, datetime(2026, 11, 13, 20, 30, tzinfo=UTC), "2026-11-14"),  # 00:00
        ("America/New_York", 0, SUNDAY_NIGHT, "2026-11-15"),
        ("America/New_York", 0, datetime(2026, 11, 15, 4, 59, tzinfo=UTC), "2026-11-08"),
        ("America/New_York", 1, SUNDAY_NIGHT, "2026-11-09"),  # still Sunday there
    ],
)
def test_weeks_begin_where_and_when_the_brand_says(
    store: Store, zone: str, week_start: int, moment: datetime, week: str
) -> None:
    brand = Brand("Acme", "own", zone, week_start)
    source_store.sync(store, [brand], [scheduled("shop", "Acme")])
    put(store, m("it", published_at=moment))
    assert one(store, "SELECT week FROM reputation_weekly")["week"] == week


def test_a_persons_correction_wins_over_the_model(store: Store) -> None:
    put(store, m("it", "bad"))
    version = store.value("SELECT version_id FROM mentions")
    store.conn.execute(
        "INSERT INTO corrections (version_id, label, corrected_by, corrected_at)"
        " VALUES (?, 'positive', 'Jana', '2026-11-18T12:00:00Z')",
        (version,),
    )
    row = one(store, "SELECT label, label_by, confidence, negative FROM current_scores")
    assert row == {"label": "positive", "label_by": "person", "confidence": 1.0, "negative": 0.97}
    assert one(store, "SELECT positive, negative FROM reputation_weekly") == {
        "positive": 1,
        "negative": 0,
    }


def test_a_deleted_mention_counts_nowhere_and_one_seen_again_does(store: Store) -> None:
    put(store, m("it", "bad"))
    store.conn.execute("UPDATE mentions SET deleted_at = '2026-11-18T13:00:00Z'")
    for view in ("current_scores", "reputation_daily", "reputation_weekly", "response_times"):
        assert store.rows(f"SELECT * FROM {view}") == [], view
    stored = source_store.find(store, "shop")
    assert stored is not None
    mentions.touch(store, stored.id, ["it"], NOW)
    assert len(store.rows("SELECT * FROM current_scores")) == 1


def test_share_of_voice(store: Store) -> None:
    brands = [Brand("Acme", "own", "UTC", 1), Brand("Zed", "competitor", "UTC", 1)]
    source_store.sync(store, brands, [scheduled("shop", "Acme"), scheduled("theirs", "Zed")])
    week = timedelta(days=7)
    put(store, m("a", "good"), m("b", "bad"), m("c"), m("old", published_at=NOW - week))
    put(store, m("d", "bad", source="theirs"), source="theirs")
    rows = store.rows(
        "SELECT week, brand, mentions, share_of_voice FROM benchmark_weekly ORDER BY week, brand"
    )
    assert [tuple(row) for row in rows] == [
        ("2026-11-09", "Acme", 1, 1.0),
        ("2026-11-16", "Acme", 3, 0.75),
        ("2026-11-16", "Zed", 1, 0.25),
    ]


def test_a_week_in_which_a_source_was_blind_is_partial(store: Store) -> None:
    put(store, m("it", "good"))
    record(store, run_of("ok", items=1))
    record(store, run_of("blocked", source="forum"))
    week = one(store, "SELECT is_partial, blind_sources, mentions FROM reputation_weekly")
    assert week == {"is_partial": 1, "blind_sources": 1, "mentions": 1}
    record(store, run_of("unchanged", NOW + timedelta(hours=1), source="forum"))
    week = one(store, "SELECT is_partial, blind_sources FROM reputation_weekly")
    assert week == {"is_partial": 0, "blind_sources": 0}


def test_every_weekly_view_of_what_was_collected_marks_a_week_with_a_blind_source(
    store: Store,
) -> None:
    views = [
        row["name"]
        for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'view'")
        if row["name"].endswith("_weekly") and row["name"] != "metrics_weekly"
    ]
    assert {"reputation_weekly", "benchmark_weekly", "aspect_weekly"} < set(views)
    last_week = NOW - timedelta(days=7)
    put(
        store,
        m("then", "good delivery", published_at=last_week, location="Brno"),
        m("now", "bad delivery", location="Brno"),
    )
    for at in (last_week, NOW):
        record(store, run_of("ok", at, items=1))
    record(store, run_of("blocked", last_week, source="forum"))
    record(store, run_of("ok", NOW, source="forum"))
    for view in views:
        weeks = store.rows(f"SELECT week, is_partial FROM {view} ORDER BY week")
        assert [tuple(row) for row in weeks] == [("2026-11-09", 1), ("2026-11-16", 0)], view
    week = one(store, "SELECT * FROM collected_weekly WHERE is_partial")
    assert (week["brand"], week["sources"], week["blind_sources"]) == ("Acme", 2, 1)


def test_a_share_of_voice_is_off_when_another_brand_was_not_seen(store: Store) -> None:
    source_store.sync(
        store,
        [Brand("Acme", "own", "Europe/Prague", 1), Brand("Zed", "competitor", "Europe/Prague", 1)],
        [scheduled("shop", "Acme"), scheduled("zed", "Zed")],
    )
    put(store, m("ours", "good"))
    record(store, run_of("ok", items=1))
    record(store, run_of("unreachable", source="zed"))
    rows = store.rows("SELECT brand, is_partial, has_partial FROM benchmark_weekly ORDER BY brand")
    assert [tuple(row) for row in rows] == [("Acme", 0, 1), ("Zed", 1, 1)]


def test_a_run_belongs_to_the_week_of_the_brand_and_not_of_utc(store: Store) -> None:
    put(store, m("it", published_at=datetime(2026, 11, 15, 12, tzinfo=UTC)))
    record(store, run_of("broken", datetime(2026, 11, 15, 12, tzinfo=UTC)))
    record(store, run_of("ok", SUNDAY_NIGHT))  # Monday in Prague: another week
    weeks = store.rows("SELECT week, mentions, is_partial FROM reputation_weekly ORDER BY week")
    assert [tuple(row) for row in weeks] == [("2026-11-09", 1, 1), ("2026-11-16", 0, 0)]


def test_a_week_without_mentions_is_zero_or_partial_but_never_missing(store: Store) -> None:
    record(store, run_of("empty", datetime(2026, 11, 3, 12, tzinfo=UTC)))
    record(store, run_of("blocked", datetime(2026, 11, 10, 12, tzinfo=UTC)))
    weeks = store.rows("SELECT * FROM reputation_weekly ORDER BY week")
    assert [(row["mentions"], row["is_partial"]) for row in weeks] == [(0, 0), (0, 1)]
    assert [row["net_sentiment"] for row in weeks] == [None, None]


def test_aspects_count_by_their_own_label_in_the_newest_version(store: Store) -> None:
    put(store, m("a", "bad delivery"), m("b", "good delivery"), m("c", "good table"))
    assert one(store, "SELECT mentions, negative, positive, net_sentiment FROM aspect_weekly") == {
        "mentions": 2, "negative": 1, "positive": 1, "net_sentiment": 0.0,
    }  # fmt: skip
    put(store, m("a", "good delivery"))
    row = one(store, "SELECT aspect, stage, mentions, positive, net_sentiment FROM aspect_weekly")
    assert tuple(row.values()) == ("delivery", "delivery", 2, 2, 100.0)


def test_each_source_language_and_location_has_its_own_week(store: Store) -> None:
    put(store, m("a", "good", location="Brno", stars=5), m("b", "bad", language="cs"))
    put(store, m("c", "bad", location="Brno", stars=2), m("d"), source="forum")
    columns = "mentions, scored, negative, neutral, positive, net_sentiment, mean_rating_1_5"
    for view, rows in {
        "source_weekly": [("forum", 2, 2, 1, 1, 0, -50.0, 2.0), ("shop", 2, 2, 1, 0, 1, 0.0, 5.0)],
        "language_weekly": [("cs", 1, 1, 1, 0, 0, -100.0, None), ("en", 3, 3, 1, 1, 1, 0.0, 3.5)],
        "location_weekly": [("Brno", 2, 2, 1, 0, 1, 0.0, 3.5)],
    }.items():
        part = view.partition("_")[0]
        found = store.rows(f"SELECT {part}, {columns} FROM {view} ORDER BY 1")
        assert [tuple(row) for row in found] == rows, view
        for row in store.rows(f"SELECT * FROM {view}"):
            measure = net_share(row["negative"], row["neutral"], row["positive"])
            assert row["net_sentiment_low"] == pytest.approx(measure.low, abs=0.006)
            assert row["net_sentiment_high"] == pytest.approx(measure.high, abs=0.006)


def test_a_text_counts_once_a_stage_by_the_balance_of_its_clauses(store: Store) -> None:
    ids = put(store, m("torn"), m("worse"), m("well"))
    clauses = {
        "torn": ("positive", "negative"),
        "worse": ("negative", "negative", "positive"),
        "well": ("positive", "neutral"),
    }
    store.conn.executemany(
        "INSERT INTO aspects (version_id, revision, aspect, stage, label, confidence, clause)"
        " SELECT version_id, 'r', 'packaging', 'delivery', ?, 1, 'c' FROM mentions WHERE id = ?",
        [(label, ids[name]) for name, labels in clauses.items() for label in labels],
    )
    week = one(store, "SELECT stage, mentions, negative, neutral, positive FROM stage_weekly")
    assert tuple(week.values()) == ("delivery", 3, 1, 1, 1)


def test_answers_by_week_count_complaints_that_wait(store: Store) -> None:
    put(
        store,
        m("answered", "bad", reply_text="Sorry", reply_at=NOW + timedelta(minutes=90)),
        m("soon", "good", reply_text="Thanks", reply_at=NOW + timedelta(minutes=31)),
        m("undated", "bad", reply_text="Sorry"),
        m("waits", "bad"),
        m("a post", "bad", kind="post"),
    )
    week = one(store, "SELECT * FROM response_weekly")
    assert (week["reviews"], week["answered"], week["answered_share"]) == (4, 3, 0.75)
    assert (week["timed_replies"], week["mean_reply_minutes"]) == (2, 60.5)
    assert (week["negative"], week["negative_unanswered"]) == (3, 1)


def respond(store: Store, answers: list[float | None], invited: int | None = None) -> None:
    store.conn.execute("INSERT INTO surveys (name, brand_id) VALUES ('s', 1)")
    store.conn.execute(
        "INSERT INTO survey_waves (survey_id, name, starts_on, ends_on, invited)"
        " VALUES (1, 'autumn', '2026-11-01', '2026-11-14', ?)",
        (invited,),
    )
    store.conn.executemany(
        "INSERT INTO survey_responses (wave_id, respondent, answered_at, nps, csat)"
        " VALUES (1, ?, '2026-11-02T10:00:00Z', ?, 4)",
        [(f"r{number}", answer) for number, answer in enumerate(answers)],
    )


def test_nps_with_its_interval(store: Store) -> None:
    respond(store, [10, 10, 9, 9, 9, 10, 8, 7, 6, 0, None], invited=44)
    wave = one(store, "SELECT * FROM nps_by_wave")
    # 6 promoters, 2 passives, 2 detractors of 10: 60 % - 20 % = 40. Adjusted: p = 6.75/13,
    # d = 2.75/13, p - d = 0.30769, sd = sqrt((p + d - (p - d)^2) / 13) = 0.22120.
    assert (wave["promoters"], wave["passives"], wave["detractors"]) == (6, 2, 2)
    assert (wave["nps_n"], wave["responses"], wave["response_rate"]) == (10, 11, 0.25)
    assert (wave["nps"], wave["nps_low"], wave["nps_high"]) == (40.0, -12.59, 74.12)
    assert wave["csat"] == 100.0


@pytest.mark.parametrize("answers", [[10.0] * 10, [0.0] * 4, [9.0], [8.0, 3.0, 10.0, 10.0]])
def test_nps_of_view_and_report_are_the_same(store: Store, answers: list[float]) -> None:
    respond(store, list(answers))
    wave = one(store, "SELECT nps, nps_low, nps_high FROM nps_by_wave")
    measure = nps(answers)
    assert wave["nps"] == pytest.approx(measure.value, abs=0.006)
    assert wave["nps_low"] == pytest.approx(measure.low, abs=0.006)
    assert wave["nps_high"] == pytest.approx(measure.high, abs=0.006)


def test_a_wave_without_any_nps_answer_has_no_nps_and_no_interval(store: Store) -> None:
    respond(store, [None, None])
    wave = one(store, "SELECT nps_n, nps, nps_low, nps_high, response_rate FROM nps_by_wave")
    assert wave == {
        "nps_n": 0, "nps": None, "nps_low": None, "nps_high": None, "response_rate": None,
    }  # fmt: skip


def test_response_minutes(store: Store) -> None:
    put(
        store,
        m("answered", reply_text="Sorry", reply_at=NOW + timedelta(minutes=90)),
        m("open"),
        m("undated", reply_text="Sorry"),
        m("a post", kind="post", reply_text="Hello", reply_at=NOW),
    )
    rows = store.rows("SELECT is_answered, reply_minutes FROM response_times ORDER BY mention_id")
    assert [tuple(row) for row in rows] == [(1, 90), (0, None), (1, None)]


def test_source_health_tells_a_failing_source_from_a_quiet_one(store: Store) -> None:
    put(store, m("it"))
    record(store, run_of("ok", items=1))
    later = NOW + timedelta(hours=1)
    record(store, run_of("blocked", later))
    rows = {row["source"]: row for row in store.rows("SELECT * FROM source_health")}
    shop = rows["shop"]
    assert (shop["state"], shop["runs"], shop["mentions"]) == ("blocked", 2, 1)
    assert shop["last_run_at"] == "2026-11-18T13:00:00Z"
    assert shop["last_answer_at"] == "2026-11-18T12:00:00Z"
    assert (rows["forum"]["state"], rows["forum"]["last_run_at"]) == ("never", None)


def test_labels_under_the_configured_share_are_unsure(store: Store) -> None:
    put(store, m("sure", "bad"), m("plain", "table"))
    score_store.set_unsure_below(store, 0.95)
    unsure = {r[0]: r[1] for r in store.rows("SELECT text, is_unsure FROM current_scores")}
    assert unsure == {"bad": 0, "table": 1}  # the scorer of these tests gives .97 and .90
    assert one(store, "SELECT unsure FROM reputation_weekly") == {"unsure": 1}
    score_store.set_unsure_below(store, 0.5)
    assert one(store, "SELECT unsure FROM reputation_weekly") == {"unsure": 0}


def test_the_share_of_negatives_less_what_the_model_is_known_to_get_wrong(store: Store) -> None:
    put(store, *(m(f"n{i}", "bad") for i in range(4)), *(m(f"p{i}", "good") for i in range(6)))
    columns = "negative_share, negative_share_corrected"
    week = one(store, f"SELECT {columns} FROM reputation_weekly")
    assert week == {"negative_share": 0.4, "negative_share_corrected": None}
    errors = [ModelErrors("en", "", 0.8, 0.3, 500), ModelErrors("en", "review", 0.8, 0.2, 300)]
    score_store.note_errors(store, "words-1", errors)
    # Adjusted count: (0.4 - 0.2) / (0.8 - 0.2).
    week = one(store, f"SELECT {columns} FROM reputation_weekly")
    assert week == {"negative_share": 0.4, "negative_share_corrected": 0.3333}
    # Two more that need no correction: the authors said it themselves, in stars.
    put(store, m("one star", "bad", stars=1), m("two stars", "bad", stars=2))
    week = one(store, f"SELECT {columns} FROM reputation_weekly")
    assert week == {"negative_share": 0.5, "negative_share_corrected": round((10 / 3 + 2) / 12, 4)}


def test_a_corrected_share_stays_between_nought_and_one(store: Store) -> None:
    put(store, m("it", "good"))
    score_store.note_errors(store, "words-1", [ModelErrors("en", "", 0.7, 0.3, 500)])
    week = one(store, "SELECT negative_share_corrected AS share FROM reputation_weekly")
    assert week == {"share": 0.0}


def test_a_model_that_hardly_tells_negatives_apart_corrects_nothing(store: Store) -> None:
    put(store, m("it", "bad"))
    score_store.note_errors(store, "words-1", [ModelErrors("en", "", 0.5, 0.4, 500)])
    week = one(store, "SELECT negative_share_corrected AS share FROM reputation_weekly")
    assert week == {"share": None}


def test_the_reputation_index_weighs_its_terms(store: Store) -> None:
    before = NOW - timedelta(days=7)
    for at, counts in ((before, (30, 10, 10)), (NOW, (10, 5, 5))):
        put(store, *(
            m(f"{at} {text} {n}", text, published_at=at, stars=4 if at == NOW and n < 2 else None)
            for text, count in zip(("good", "a table", "bad"), counts, strict=True)
            for n in range(count)
        ))  # fmt: skip
    first, second = store.rows("SELECT * FROM reputation_index_weekly ORDER BY week")
    assert (first["sentiment_term"], first["rating_term"], first["survey_term"]) == (60, None, None)
    assert first["reputation_index"] == 60
    rated = second["ratings_n"]
    assert second["rating_term"] == round(25 * ((4 * rated + 20 * 3) / (rated + 20) - 1), 2)
    counted = store.rows("SELECT * FROM reputation_weekly ORDER BY week DESC")[0]
    balance = counted["positive"] - counted["negative"]
    term = 50 + 50 * (balance + 50 * 20 / 50) / (counted["scored"] + 50)
    assert second["sentiment_term"] == round(term, 2)
    assert second["reputation_index"] == pytest.approx(
        (0.5 * term + 0.3 * second["rating_term"]) / 0.8, abs=0.01
    )


def test_a_small_week_is_drawn_toward_the_past(store: Store) -> None:
    """The first worked example of docs/measures.md, by its own figures."""
    for at, counts in ((NOW - timedelta(days=7), (30, 10, 10)), (NOW, (10, 5, 5))):
        put(store, *(
            m(f"{at} {text} {n}", f"{text} {at:%j} {n}", published_at=at)
            for text, count in zip(("good", "a table", "bad"), counts, strict=True)
            for n in range(count)
        ))  # fmt: skip
    week = store.rows("SELECT * FROM reputation_index_weekly ORDER BY week DESC")[0]
    assert (week["sentiment_n"], week["sentiment_term"], week["reputation_index"]) == (
        20, 67.86, 67.86,
    )  # fmt: skip


def test_a_wave_of_the_survey_is_in_the_index_for_half_a_year(store: Store) -> None:
    respond(store, [10.0] * 6 + [3.0] * 4)
    put(store, m("one", "good"))
    (week,) = store.rows("SELECT * FROM reputation_index_weekly")
    assert week["survey_n"] == 10
    assert week["survey_term"] == round(50 + 0.5 * 200 / 60, 2)  # NPS 20 of 10, 0 of 50
    assert week["sentiment_term"] == round(50 + 50 / 51, 2)
    assert week["reputation_index"] == pytest.approx(
        (0.5 * week["sentiment_term"] + 0.2 * week["survey_term"]) / 0.7, abs=0.01
    )
